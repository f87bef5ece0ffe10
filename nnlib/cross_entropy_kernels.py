"""The arithmetic of softmax with cross entropy on one block of rows; `blocks` drives it.

Letters: o logits, m their row maximum (or 0, `class_rows`), e_k = exp((o_k − m)/T), Z = Σ_k e_k, p = e/Z, y targets,
c a row's class.
A kernel writes into the arrays `losses` (B,) and `gradient` (B, n) it is given, and skips the one that is None.
`operation` is the name an error message will use. Nothing here checks its input except through `target_checks` and
`row_kernels`.

Source: `row_kernels` for the shift by m; p_c − 1 = −Σ_{k≠c} p_k is our own remedy for the cancellation of a confident
model.
"""

from functools import partial

import numpy as np

from nnlib import target_checks
from nnlib.row_kernels import exponentials, row_maxima, row_sums, shift

GREAT = 2.0**60
"""What the sums of unshifted exponentials, and their quotients by that of the target, may reach: float32 has 2¹²⁷."""

TINY = 1 / GREAT
"""A quotient by a shifted target's exponential below this might overflow."""


def class_rows(
    logits, losses, gradient, classes, weights=None, *, operation, divisor=1, temperature=1, always_shift=False
):
    """losses = −w log p_c;  gradient = w (p_k − δ_kc) / divisor, the target's entry being −w Σ_{k≠c} p_k / divisor.

    The target's exponential is set aside, the others summed, so that neither 1 − p_c nor log p_c is ever formed: with
    s = Σ_{k≠c} e_k the loss is log1p(s / e_c). Both keep their digits when p_c rounds to 1.

    The exponentials are first taken without a shift, which spares two sweeps and is the more exact, since o − m is
    rounded; the rows whose sums show that they need one are done again. That depends on a row alone, so the result does
    not depend on the block the row is in.

    classes (B,) integers; weights (B,) or None for 1; always_shift: for extreme weights, since w / Z stays in range
    where 1 ≤ Z ≤ n. Raises: as row_maxima.
    """
    rows = logits, losses, gradient, classes, weights
    options = {"operation": operation, "divisor": divisor, "temperature": temperature}
    if always_shift or temperature != 1:
        _shifted_class_rows(*rows, **options)
        return
    if gradient is not None and np.may_share_memory(logits, gradient):
        rows = logits.copy(), *rows[1:]  # written over, they could not be done again
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        restless = _unshifted_class_rows(*rows, divisor)
    if restless is not None:
        _some_rows(restless, _shifted_class_rows, *rows, **options)


def _unshifted_class_rows(logits, losses, gradient, classes, weights, divisor):
    """`class_rows` with m = 0; returns which rows (B,) it is wrong for, or None where there is none.

    Right is 1 ≤ Z ≤ GREAT and s / e_c ≤ GREAT. With Z ≥ 1 an exponential so small that it lacks digits belongs to a p_k
    that is so small too.
    """
    e = np.exp(logits, out=gradient, order="C")
    at, target, others = _set_aside(e, classes)
    total, quotient = others + target, others / target
    restless = _restless(total, quotient)
    if restless is not None and restless.all():
        return restless
    if losses is not None:
        np.log1p(quotient, out=losses)
        _weigh(losses, weights)
    if gradient is not None:
        _weighted_gradient(gradient, at, others, total, weights, divisor)
    return restless


def _restless(total, quotient):
    """Which rows (B,) have sums out of range, None where none has: found by argmax in a quarter of the time of max."""
    least, greatest, greatest_quotient = total[total.argmin()], total[total.argmax()], quotient[quotient.argmax()]
    if least >= 1 and greatest <= GREAT and greatest_quotient <= GREAT:  # NaN is least and greatest, and fails
        return None
    return ~((total >= 1) & (total <= GREAT) & (quotient <= GREAT))


def _shifted_class_rows(logits, losses, gradient, classes, weights, *, operation, divisor, temperature):
    """`class_rows` with m = max_k o_k."""
    maxima = row_maxima(operation, logits)
    if losses is not None:  # now, because e may be written over the logits
        score = shift(logits[np.arange(len(logits)), classes][:, None], maxima, None, temperature)[:, 0]
    e = exponentials(logits, maxima, gradient, temperature)
    at, target, others = _set_aside(e, classes)
    if losses is not None:
        losses[...] = _shifted_losses(others, target, score)
        _weigh(losses, weights)
    if gradient is not None:
        _weighted_gradient(gradient, at, others, others + target, weights, divisor)


def _set_aside(e, classes):
    """(places of the targets in e.reshape(−1), e_c, Σ_{k≠c} e_k), each (B,); e_c becomes 0 in e (B, n)."""
    at = np.arange(0, e.size, e.shape[1]) + classes
    entries = e.reshape(-1)
    target = entries[at]
    entries[at] = 0
    return at, target, row_sums(e)


def _weighted_gradient(e, at, others, total, weights, divisor):
    """w e_k / (divisor Z), and −w s / (divisor Z) at the target's places `at`, written over e (B, n)."""
    e.reshape(-1)[at] = -others
    scaled = divisor * total
    factor = np.reciprocal(scaled) if weights is None else np.divide(weights, scaled)
    np.multiply(e, factor[:, None], out=e)


def _shifted_losses(others, target, score):
    """log1p(s / e_c), shape (B,); where e_c is so small that s / e_c may overflow, log(s + e_c) − (o_c − m)/T.

    There another class is the maximum, so s ≥ 1, neither term is negative and none cancels. score: (o_c − m)/T, (B,).
    """
    likely = np.log1p(others / np.maximum(target, TINY))
    return np.where(target < TINY, np.log(others + target) - score, likely)


def _weigh(losses, weights):
    """w L, and 0 where w = 0 whatever L is: a row without weight may have an infinite loss."""
    if weights is not None:
        losses[weights == 0] = 0
        np.multiply(losses, weights, out=losses)


def soft_rows(logits, losses, gradient, q, sums, *, operation, scaled=False, divisor=1, temperature=1):
    """losses = log Z Σ_k q_k − Σ_i q_i (o_i − m)/T;  gradient = (p Σ_k q_k − q) / divisor.

    No term of the loss is negative, so none cancels. q (B, n) non-negative; sums (B,) of its rows; scaled: False where
    they are 1 but for rounding, and the gradient may take them for 1.
    """
    shifted = shift(logits, row_maxima(operation, logits), None, temperature)
    e = np.exp(shifted, out=gradient)
    total = row_sums(e)
    if losses is not None:
        with np.errstate(invalid="ignore"):
            kept = row_sums(np.multiply(q, shifted, out=shifted))
        if np.isnan(kept).any():  # 0 · (−∞) counts as 0; looked for here and not among all entries, because it is rare
            shifted[np.isnan(shifted)] = 0
            kept = row_sums(shifted)
        np.subtract(sums * np.log(total), kept, out=losses)
    if gradient is not None:
        np.divide(e, total[:, None], out=gradient)
        if scaled:
            np.multiply(gradient, sums[:, None], out=gradient)
        np.subtract(gradient, q, out=gradient)
        if divisor != 1:
            np.divide(gradient, divisor, out=gradient)


def target_rows(
    logits, losses, gradient, y, *, operation, smoothing=0, class_weights=None, always_shift=False, **options
):
    """losses = −Σ_i q_i log p_i and their gradient / divisor, q = w ((1 − ε) y + ε/n), y (B, n) rows of probabilities.

    A row that is exactly one-hot is a class in another notation and goes through `class_rows`, the others go through
    `soft_rows`. class_weights w (n,) or None for 1; smoothing ε; options: divisor and temperature.
    """
    options["operation"] = operation
    y, sums, classes = target_checks.probability_rows(operation, y, logits.dtype)
    hot = classes >= 0
    if smoothing or not hot.any():
        q = weighted(smoothed(y, smoothing), class_weights)
        sums = sums if q is y else np.add.reduce(q, axis=1)
        soft_rows(logits, losses, gradient, q, sums, scaled=class_weights is not None, **options)
        return
    class_targets = classes, None if class_weights is None else class_weights[classes]
    hot_rows = partial(class_rows, always_shift=always_shift)
    if hot.all():
        hot_rows(logits, losses, gradient, *class_targets, **options)
        return
    _some_rows(hot, hot_rows, logits, losses, gradient, *class_targets, **options)
    q = weighted(y, class_weights)
    soft_targets = q, np.add.reduce(q, axis=1)
    options["scaled"] = class_weights is not None
    _some_rows(~hot, soft_rows, logits, losses, gradient, *soft_targets, **options)


def _some_rows(chosen, kernel, logits, losses, gradient, *targets, **options):
    """The kernel on the rows where chosen (B,) is true; a selection is a copy, so its results are put back."""
    part = [None if array is None else array[chosen] for array in (logits, losses, gradient, *targets)]
    kernel(*part, **options)
    for whole, chosen_part in zip((losses, gradient), part[1:3], strict=True):
        if whole is not None:
            whole[chosen] = chosen_part


def smoothed_class_rows(logits, losses, gradient, classes, kept, *, smoothing, class_weights, **options):
    """`target_rows` for classes (B,) and ε > 0; rows where kept (B,) is 0 have neither loss nor gradient."""
    y = np.zeros_like(logits)
    y[np.arange(len(y)), classes] = 1
    q = weighted(smoothed(y, smoothing), class_weights)
    if kept is not None:
        q = q * kept[:, None]
    scaled = class_weights is not None or kept is not None
    soft_rows(logits, losses, gradient, q, np.add.reduce(q, axis=1), scaled=scaled, **options)


def smoothed(y, smoothing):
    """(1 − ε) y + ε/n, shape (B, n)."""
    if not smoothing:
        return y
    share = np.full_like(y[:1, :1], smoothing) / y.shape[1]  # an array, to be divided in the arithmetic of y
    return (1 - smoothing) * y + share


def weighted(y, class_weights):
    """q = w y, shape (B, n)."""
    return y if class_weights is None else y * class_weights
