"""The types of float that exact numbers pass for, and casts between them."""

import numpy as np

from derivations.execution.exact_scalar import FLOAT64, ExactScalar, joint
from derivations.execution.trace import current
from derivations.scalar import Scalar

OBJECT = np.dtype(object)
real_dtype = np.ndarray.dtype.__get__  # what an ExactArray is, whatever it says


def is_exact(value):
    """Whether the value is an exact scalar, or an exact array that really holds objects."""
    if isinstance(value, np.ndarray):
        return real_dtype(value) == OBJECT
    return isinstance(value, (ExactScalar, Scalar))


def float_type(*values):
    """NumPy's type for a result of these operands: float64 for anything but floats."""
    found = None
    for value in values:
        dtype = getattr(value, "dtype", None)
        if isinstance(dtype, np.dtype) and dtype.kind in "fiub":
            found = dtype if found is None else joint(found, dtype)
    return found if found is not None and found.kind == "f" else FLOAT64


def note_narrowing(value, dtype, verb="casts"):
    """An event where a wider float goes into a narrower one, which rounds it."""
    wide = getattr(value, "dtype", None)
    if is_exact(value) and isinstance(wide, np.dtype) and wide.kind == "f" and wide.itemsize > dtype.itemsize:
        current().event(f"{verb} {'to' if verb == 'casts' else 'in'} {dtype}")


def cast(array, dtype, copy=True):
    """The array in another type: floats stay exact, truth is a comparison with 0, whole constants become integers."""
    dtype = np.dtype(dtype)
    if not is_exact(array):
        return np.ndarray.astype(array, dtype, copy=copy)
    if dtype.kind == "f":
        note_narrowing(array, dtype)
        if array.dtype == dtype and not copy:
            return array
        made = array.copy()
        made._dtype = dtype
        return made
    if dtype.kind == "O":
        return array.copy()
    if dtype.kind in "iub":
        change = bool if dtype.kind == "b" else int
        return np.array([change(entry) for entry in array.ravel()], dtype).reshape(array.shape)
    raise current().refuse(f"casts to {dtype}")
