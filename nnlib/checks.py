"""Every check of an argument, in a place of its own, so that the arithmetic elsewhere is nothing but arithmetic.

A check takes the name of the operation first, returns the argument ready to compute with, and raises TypeError for
what is no array of real numbers, ValueError for the rest. Messages name the operation, what it expected and what it
received. A passing check costs as few passes over an array as it can; which entry is at fault is worked out only on
failure. Classes, rows of targets and their weights have theirs in `target_checks`.

Bounds are written −∞ < min, max < ∞: NaN fails them too, and nothing but comparison is asked of an entry.
"""

import numpy as np


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
    if type(array) is np.ndarray:  # the usual case, decided soonest
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
        raise ValueError(f"{operation}: {name} must be finite, got {strangers(array)}")
    return array


def strangers(array):
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
        raise ValueError(f"{operation}: logits must be below +inf and not NaN, got {strangers(logits)}")


def probabilities(operation, p):
    """A matrix with entries in [0, 1]; the rows need not sum to 1.

    A probability that was divided by a sum below it, by rounding, exceeds 1 by no more than n eps.
    """
    p = matrix(operation, "p", p)
    limit = 1 + p.shape[1] * np.finfo(p.dtype).eps
    if not (p.min() >= 0 and p.max() <= limit):
        raise ValueError(f"{operation}: p must lie in [0, 1], got {strangers(p) or f'{p.min()} … {p.max()}'}")
    return p


def log_probabilities(operation, log_p):
    """A matrix with entries in [−∞, ∞): logarithms of probabilities up to a constant, −∞ that of 0."""
    log_p = matrix(operation, "log p", log_p)
    if not log_p.max() < np.inf:
        raise ValueError(f"{operation}: log p must be below +inf and not NaN, got {strangers(log_p)}")
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
