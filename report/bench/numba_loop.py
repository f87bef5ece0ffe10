"""The fused pass as a plain loop over rows and entries, for Numba to compile. Import this only where Numba is."""

from math import exp, log1p

from numba import njit, prange

# Sums may be taken in any order, as NumPy's are; infinities and NaN keep their meaning.
REORDER = {"reassoc", "contract", "nsz", "arcp"}


@njit(parallel=True, fastmath=REORDER)
def fused_rows(logits, classes, losses, gradient):
    """losses (B,) and gradient (B, n) of the mean of log Σ_k e^{o_k} − o_c, the target's exponential set aside."""
    batch, count = logits.shape
    one, zero = logits.dtype.type(1), logits.dtype.type(0)
    for b in prange(batch):
        c = classes[b]
        largest = logits[b, 0]
        for k in range(count):
            largest = max(largest, logits[b, k])
        others = zero
        for k in range(count):
            e = exp(logits[b, k] - largest)
            gradient[b, k] = e
            others += e if k != c else zero
        target = gradient[b, c]
        losses[b] = log1p(others + (target - one)) - (logits[b, c] - largest)
        factor = one / (batch * (others + target))
        for k in range(count):
            gradient[b, k] *= factor
        gradient[b, c] = -others * factor
