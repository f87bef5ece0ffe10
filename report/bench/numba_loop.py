"""The fused pass as plain loops over rows and entries, for Numba to compile. Import this only where Numba is."""

from math import exp, log1p

from numba import njit, prange

# Within a row sums may be taken in any order, as NumPy's are; infinities and NaN keep their meaning.
REORDER = {"reassoc", "contract", "nsz", "arcp"}


@njit(fastmath=REORDER)
def _exponentials(logits, c, e):
    """e_k = exp(o_k − max o), written into e (n,); returns the maximum and Σ_{k≠c} e_k."""
    largest = logits[0]
    for k in range(len(logits)):
        largest = max(largest, logits[k])
    zero = largest - largest
    others = zero
    for k in range(len(logits)):
        e[k] = exp(logits[k] - largest)
        others += e[k] if k != c else zero
    return largest, others


@njit(parallel=True)
def fused_rows(logits, classes, losses, gradient):
    """losses (B,) and gradient (B, n) of the mean of log Σ_k e^{o_k} − o_c, the target's exponential set aside."""
    batch, count = logits.shape
    one = logits.dtype.type(1)
    for b in prange(batch):
        c, row = classes[b], gradient[b]
        largest, others = _exponentials(logits[b], c, row)
        target = row[c]
        losses[b] = log1p(others + (target - one)) - (logits[b, c] - largest)
        factor = one / (logits.dtype.type(batch) * (others + target))
        for k in range(count):
            row[k] *= factor
        row[c] = -others * factor
