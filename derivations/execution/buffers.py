"""NumPy's functions that make a buffer like an array, or around one: np.zeros_like, np.diag, np.pad."""

import numpy as np

from derivations.execution.dtypes import cast, float_type, is_exact, note_narrowing
from derivations.execution.exact_array import entries, exact_array, plain
from derivations.execution.exact_scalar import ExactScalar, exact
from derivations.execution.implementing import implements
from derivations.execution.trace import current


def _like(fill):
    def make(prototype, *args, dtype=None, order="K", subok=True, shape=None, device=None):
        value = args[0] if fill is None else fill
        if fill is not None and args:
            dtype, *_ = args
        kind = prototype.dtype if dtype is None else np.dtype(dtype)
        shape = prototype.shape if shape is None else shape
        if kind.kind != "f":
            return np.full(shape, value() if callable(value) else value, kind)
        note_narrowing(prototype, kind)
        made = np.empty_like(plain(prototype), shape=shape, order=order, dtype=object)
        return filled(made, value, kind)

    return make


def filled(made, value, kind):
    """The object array with the value in every entry; value: a number, or a function that makes one."""
    made = exact_array(made, kind)
    for position in np.ndindex(made.shape):
        plain(made)[position] = value() if callable(value) else exact(value)
    return made


def uninitialised():
    """What np.empty holds."""
    return ExactScalar(current().uninitialised())


implements(np.zeros_like)(_like(0))
implements(np.ones_like)(_like(1))
implements(np.empty_like)(_like(uninitialised))


@implements(np.full_like)
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, device=None):
    if not is_exact(a):
        dtype = a.dtype if dtype is None else dtype
        return cast(entries(fill_value) + np.zeros(a.shape if shape is None else shape, object), dtype)
    made = _like(0)(a, dtype=dtype, order=order, shape=shape)
    made[...] = fill_value
    return made


@implements(np.copy)
def copy(a, order="K", subok=False):
    return np.ndarray.copy(a, order) if isinstance(a, np.ndarray) else a


@implements(np.diag)
def diag(v, k=0):
    if v.ndim == 2:
        return np.diagonal(v, k)
    made = filled(np.empty((v.size + abs(k),) * 2, object), 0, v.dtype)
    rows = np.arange(v.size)
    made[rows + max(-k, 0), rows + max(k, 0)] = v
    return made


@implements(np.diagflat)
def diagflat(v, k=0):
    return diag(np.ravel(exact_array(v, float_type(v))), k)


@implements(np.pad)
def pad(array, pad_width, mode="constant", constant_values=0):
    if mode != "constant" or np.ndim(constant_values):
        raise current().refuse(f"np.pad(mode={mode!r}) has no exact form here")
    widths = np.broadcast_to(pad_width, (array.ndim, 2))
    shape = [size + before + after for size, (before, after) in zip(array.shape, widths, strict=True)]
    made = filled(np.empty(shape, object), constant_values, array.dtype)
    made[tuple(slice(before, before + n) for n, (before, _) in zip(array.shape, widths, strict=True))] = array
    return made
