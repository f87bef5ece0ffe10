"""Checks of what a classification aims at: classes, rows of probabilities, and how much each of them weighs.

They do as those of `checks` do, and raise IndexError for a class out of range.
"""

import numpy as np

from nnlib.checks import any_array, cast, finite_cast, real, strangers

MILD = 1e-9, 1e9
"""Weights that may be divided by a sum of unshifted exponentials (`cross_entropy_kernels.GREAT`) and a batch's size."""


def targets(operation, y, shape):
    """Classes (B,) as integers, or rows (B, n) whose entries `probability_rows` will look at.

    Raises: TypeError, ValueError, IndexError for a class that does not exist.
    """
    y = any_array(operation, "y", y)
    if y.ndim == 1:
        return classes(operation, y, *shape)
    if y.shape != shape:
        raise ValueError(f"{operation}: y must be classes ({shape[0]},) or rows {shape}, got shape {y.shape}")
    return real(operation, "y", y)


def classes(operation, y, batch, count):
    """Classes 0 … count − 1, one for each row, as a plain integer array."""
    if y.shape != (batch,):
        raise ValueError(f"{operation}: y must hold {batch} classes, one for each row, got shape {y.shape}")
    if y.dtype.kind not in "iu":
        raise TypeError(f"{operation}: classes must be integers, got dtype {y.dtype}")
    unsigned = y.astype(np.uint64)  # a negative class becomes larger than any other
    if not unsigned[unsigned.argmax()] < count:  # argmax begins in a quarter of the time of max
        raise IndexError(f"{operation}: classes must lie in 0 … {count - 1}, got {y.min()} … {y.max()}")
    return np.asarray(y, dtype=np.intp)


def probability_rows(operation, y, dtype):
    """(rows (B, n) of probabilities in the given dtype, their sums (B,), the class (B,) of one-hot rows and else −1).

    The sums are None where all rows are one-hot. A row divided by its own computed sum has a computed sum within n eps
    of 1: n/2 from summing it before, 1/2 from dividing, (n − 1)/2 from summing it now. More than that is not rounding.
    Raises: ValueError for a negative entry, NaN, or a row with another sum.
    """
    tolerance = y.shape[1] * max(np.finfo(y.dtype).eps, np.finfo(dtype).eps)
    y = cast(y, dtype)
    classes = _one_hot_classes(y)
    if classes.min() >= 0:
        return y, None, classes
    if not y.min() >= 0:
        raise ValueError(f"{operation}: y must be probabilities, got {strangers(y) or f'an entry {y.min()}'}")
    sums = y.sum(axis=1)
    off = abs(sums - 1).max()
    if not off <= tolerance:
        raise ValueError(f"{operation}: each row of y must sum to 1 within {tolerance:.1e}, got a row off by {off:.1e}")
    return y, sums, classes


def _one_hot_classes(y):
    """The place of the 1 (B,) in rows that hold nothing else but 0, and −1 for the others; a plain array, to index."""
    first = y[:, 0]
    if not np.asarray((first == 0) | (first == 1)).any():  # spares rows without a 0, the usual soft ones, all the rest
        return np.full(len(y), -1)
    filled = np.asarray(y != 0)
    place = filled.argmax(axis=1)
    hot = np.asarray(y[np.arange(len(y)), place] == 1)
    if hot.any() and np.count_nonzero(filled) != len(y):  # cheaper than a count for each row
        hot &= filled.sum(axis=1) == 1
    return np.where(hot, place, -1)


def kept_targets(operation, y, shape, dtype, ignore_index):
    """(y, kept): `targets`, an ignored class being replaced by 0; and 1 or 0 for each row, None where all are 1."""
    if ignore_index is None:
        return targets(operation, y, shape), None
    y = any_array(operation, "y", y)
    if y.ndim != 1:
        raise ValueError(f"{operation}: ignore_index needs y to be classes ({shape[0]},), got shape {y.shape}")
    kept = y != ignore_index
    return targets(operation, np.where(kept, y, 0), shape), None if kept.all() else kept.astype(dtype)


def class_weights(operation, weights):
    """Finite, non-negative weights (n,), or None."""
    if weights is None:
        return None
    weights = real(operation, "class_weights", weights)
    if weights.ndim != 1 or not weights.size or not (weights.min() >= 0 and weights.max() < np.inf):
        raise ValueError(f"{operation}: class_weights must be finite and at least 0, one for each class, got {weights}")
    return weights


def extreme(weights):
    """Whether a weight, if not 0, is so small or large that w / Σ_k exp(o_k) may leave float32 for a moderate sum."""
    if weights is None:
        return False
    small, large = MILD
    return bool((weights > large).any() or ((weights < small) & (weights != 0)).any())


def fitting_class_weights(operation, weights, count, dtype):
    """Class weights (n,) in the dtype of the logits, or None. Raises: ValueError for another number of classes."""
    if weights is None:
        return None
    if len(weights) != count:
        raise ValueError(
            f"{operation}: class_weights must have an entry for each of {count} classes, got {len(weights)}"
        )
    return finite_cast(operation, "class_weights", weights, dtype)


def total_weight(operation, total, reduction):
    """The weight a mean is divided by. Raises: ValueError when it is 0: no row is left to take the mean of."""
    if reduction == "mean" and not total > 0:
        raise ValueError(f"{operation}: the mean needs a row of positive weight, but all are ignored or weigh 0")
    return total
