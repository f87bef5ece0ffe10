"""Every check of an argument, in one place, so that the arithmetic elsewhere is nothing but arithmetic.

A check takes the name of the operation first, returns the argument ready to compute with, and raises TypeError for
what is no array of real numbers, ValueError (for a class out of range IndexError) for the rest. Messages name the
operation, what it expected and what it received. A passing check costs as few passes over an array as it can; which
entry is at fault is worked out only on failure.

Bounds are written −∞ < min, max < ∞: NaN fails them too, and nothing but comparison is asked of an entry.
"""

import numpy as np

MILD = 1e-9, 1e9
"""Weights that may be divided by a sum of unshifted exponentials (`cross_entropy_kernels.GREAT`) and a batch's size."""


def matrix(operation, name, array, shape=None):
    """A batch of rows as a float array: float32 and wider are kept as they are, integers and bools become float64.

    shape: the sizes expected, None for any.
    Raises: TypeError for other types, ValueError for another rank, another size, or no entries.
    """
    array = real(operation, name, array)
    if array.ndim != 2 or not array.size or (shape is not None and not _fits(array.shape, shape)):
        sizes = ", ".join("any" if size is None else str(size) for size in shape or (None, None))
        raise ValueError(f"{operation}: {name} must have shape ({sizes}), no size 0; got {array.shape}")
    return array


def _fits(sizes, shape):
    return all(expected is None or size == expected for size, expected in zip(sizes, shape, strict=True))


def real(operation, name, array):
    """An array of floats of at least 32 bits; a subclass of ndarray stays what it is."""
    array = any_array(operation, name, array)
    if array.dtype.kind == "f" and array.itemsize >= 4:
        return array
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    hint = "; convert it to float32 first" if array.dtype.kind == "f" else ""
    raise TypeError(f"{operation}: {name} must be real numbers, got dtype {array.dtype}{hint}")


def cast(array, dtype):
    """The array in that dtype; the array itself where it has it."""
    return array if array.dtype == dtype else array.astype(dtype)


def finite_cast(operation, name, array, dtype):
    """A finite array in that dtype. Raises: ValueError for what is too large for it."""
    if array.dtype == dtype:
        return array
    with np.errstate(over="ignore"):
        return finite(operation, f"{name} in {dtype}", array.astype(dtype))


def any_array(operation, name, array):
    """An array, or the subclass of ndarray that was passed, unless that changes what * means or hides entries.

    Raises: TypeError for a matrix or a masked array, ValueError for a ragged list.
    """
    if type(array) is np.ndarray:  # the usual case, decided in a fifth of the time
        return array
    if isinstance(array, (np.matrix, np.ma.MaskedArray)):
        raise TypeError(f"{operation}: {name} must be a plain array, got {type(array).__name__}")
    try:
        return np.asanyarray(array)
    except ValueError as error:
        raise ValueError(f"{operation}: {name} must be rectangular: {error}") from None


def finite_matrix(operation, name, array, shape=None):
    """A `matrix` without NaN and ±∞."""
    return finite(operation, name, matrix(operation, name, array, shape))


def finite(operation, name, array):
    """Raises: ValueError when an entry is NaN or ±∞."""
    if not (-np.inf < array.min() and array.max() < np.inf):
        raise ValueError(f"{operation}: {name} must be finite, got {_strangers(array)}")
    return array


def _strangers(array):
    """'2 NaN, 1 +inf', for a message."""
    found = {"NaN": np.isnan(array), "+inf": array == np.inf, "-inf": array == -np.inf}
    return ", ".join(f"{int(where.sum())} {name}" for name, where in found.items() if where.any())


def like(operation, name, array, model):
    """A finite matrix of the model's shape, in the model's dtype (an upstream gradient, a target value)."""
    return finite_cast(operation, name, finite_matrix(operation, name, array, model.shape), model.dtype)


def row_maxima(operation, maxima, logits):
    """Row maxima are finite exactly where a row has no NaN, no +∞ and something besides −∞.

    Raises: ValueError; −∞ itself is a mask and welcome.
    """
    least, greatest = np.minimum.reduce(maxima, axis=None), np.maximum.reduce(maxima, axis=None)
    if not (-np.inf < least and greatest < np.inf):
        if least == -np.inf:
            raise ValueError(f"{operation}: a row of logits must have an entry that is not masked, got a row of -inf")
        raise ValueError(f"{operation}: logits must be below +inf and not NaN, got {_strangers(logits)}")


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
        raise ValueError(f"{operation}: y must be probabilities, got {_strangers(y) or f'an entry {y.min()}'}")
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


def probabilities(operation, p):
    """A matrix with entries in [0, 1]; the rows need not sum to 1.

    A probability that was divided by a sum below it, by rounding, exceeds 1 by no more than n eps.
    """
    p = matrix(operation, "p", p)
    limit = 1 + p.shape[1] * np.finfo(p.dtype).eps
    if not (p.min() >= 0 and p.max() <= limit):
        raise ValueError(f"{operation}: p must lie in [0, 1], got {_strangers(p) or f'{p.min()} … {p.max()}'}")
    return p


def log_probabilities(operation, log_p):
    """A matrix with entries in [−∞, ∞): logarithms of probabilities up to a constant, −∞ that of 0."""
    log_p = matrix(operation, "log p", log_p)
    if not log_p.max() < np.inf:
        raise ValueError(f"{operation}: log p must be below +inf and not NaN, got {_strangers(log_p)}")
    return log_p


def without_idle_zeros(p, y, zero=0, harmless=1):
    """p, but `harmless` where p is `zero` and y is 0: an impossible outcome that never happens contributes 0."""
    if p.min() == zero:
        p = p.copy()
        p[(p == zero) & (y == 0)] = harmless
    return p


def output(operation, out, model, *others):
    """A C-contiguous array of the model's shape and dtype to write into: a new one where out is None.

    out may be the model itself, which is then overwritten; it must share no memory with anything else.
    Raises: TypeError, ValueError.
    """
    if out is None:
        return np.empty_like(model, order="C")
    if not isinstance(out, np.ndarray) or out.dtype != model.dtype:
        raise TypeError(f"{operation}: out must be an array of dtype {model.dtype}, got {type(out).__name__}")
    if out.shape != model.shape or not out.flags.c_contiguous or not out.flags.writeable:
        raise ValueError(f"{operation}: out must be writeable, C-contiguous, of shape {model.shape}; got {out.shape}")
    for other in others if out is model else (model, *others):
        if other is not None and np.may_share_memory(out, other):
            raise ValueError(f"{operation}: out must not share memory with another argument")
    return out


def row(operation, name, array, width):
    """A finite row (width,) of floats; a matrix (1, width) is read as one."""
    array = real(operation, name, array)
    if array.shape not in ((width,), (1, width)):
        raise ValueError(f"{operation}: {name} must have shape ({width},), got {array.shape}")
    return finite(operation, name, array.reshape(width))


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


def total_weight(operation, total, reduction):
    """The weight a mean is divided by. Raises: ValueError when it is 0: no row is left to take the mean of."""
    if reduction == "mean" and not total > 0:
        raise ValueError(f"{operation}: the mean needs a row of positive weight, but all are ignored or weigh 0")
    return total


def fitting_class_weights(operation, weights, count, dtype):
    """Class weights (n,) in the dtype of the logits, or None. Raises: ValueError for another number of classes."""
    if weights is None:
        return None
    if len(weights) != count:
        raise ValueError(
            f"{operation}: class_weights must have an entry for each of {count} classes, got {len(weights)}"
        )
    return finite_cast(operation, "class_weights", weights, dtype)


def kept_targets(operation, y, shape, dtype, ignore_index):
    """(y, kept): `targets`, an ignored class being replaced by 0; and 1 or 0 for each row, None where all are 1."""
    if ignore_index is None:
        return targets(operation, y, shape), None
    y = any_array(operation, "y", y)
    if y.ndim != 1:
        raise ValueError(f"{operation}: ignore_index needs y to be classes ({shape[0]},), got shape {y.shape}")
    kept = y != ignore_index
    return targets(operation, np.where(kept, y, 0), shape), None if kept.all() else kept.astype(dtype)
