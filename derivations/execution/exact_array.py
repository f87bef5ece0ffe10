"""An array of exact numbers that passes for an array of floats.

It is an ndarray of objects; `dtype` says float64 (or float32) all the same, since code asks for it to make buffers, to
look up eps and to check its arguments. Every entry is an `ExactScalar`, or a plain number that NumPy put there.
"""

from itertools import product

import numpy as np

from derivations.execution.dtypes import OBJECT, cast, is_exact, note_narrowing, real_dtype
from derivations.execution.exact_scalar import FLOAT64, ExactScalar, exact
from derivations.execution.trace import current

MOST = 10**5  # floats of an array that are made exact


class ExactArray(np.ndarray):
    """Entries of `dtype` float64, float32 or longdouble, kept exactly."""

    _dtype = FLOAT64

    def __array_finalize__(self, source):
        self._dtype = getattr(source, "_dtype", FLOAT64)

    @property
    def dtype(self):
        real = real_dtype(self)
        return self._dtype if real == OBJECT else real

    @property
    def itemsize(self):
        return self.dtype.itemsize

    @property
    def nbytes(self):
        return self.size * self.itemsize

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        from derivations.execution.ufuncs import apply  # here, because ufuncs make arrays

        return apply(ufunc, method, inputs, options)

    def __array_function__(self, function, types, args, options):
        from derivations.execution.array_functions import call

        return call(function, args, options)

    def __getitem__(self, key):
        entry = super().__getitem__(index(key))
        return entry if isinstance(entry, np.ndarray) or not is_exact(self) else _typed(entry, self._dtype)

    def __setitem__(self, key, value):
        if not is_exact(self):
            super().__setitem__(index(key), value)
            return
        note_narrowing(value, self._dtype, "stores")
        value = entries(value)
        super().__setitem__(index(key), value if value.ndim else value[()])

    def __deepcopy__(self, memo):
        return self.copy()

    def item(self, *key):
        return ExactScalar(exact(super().item(*key)).node, None) if is_exact(self) else super().item(*key)

    def tolist(self):
        return mapped_list(lambda entry: ExactScalar(exact(entry).node, None), plain(self).tolist())

    def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
        return cast(self, dtype, copy)

    def mean(self, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
        """Σ / number of entries"""
        count = np.sum(np.broadcast_to(where, self.shape), axis=axis, keepdims=keepdims)
        return _into(out, np.add.reduce(self, axis=axis, dtype=dtype, keepdims=keepdims, where=where) / count)

    def var(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None):
        """Σ (x − mean)² / (number of entries − ddof)"""
        centre = self.mean(axis, keepdims=True, where=where) if mean is None else mean
        squares = np.square(self - centre)
        count = np.sum(np.broadcast_to(where, self.shape), axis=axis, keepdims=keepdims)
        free = count - (ddof if correction is None else correction)
        return _into(out, np.add.reduce(squares, axis=axis, keepdims=keepdims, where=where) / free)

    def std(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False, **options):
        """√var"""
        return _into(out, np.sqrt(self.var(axis, None, None, ddof, keepdims, **options)))

    def round(self, decimals=0, out=None):
        raise current().refuse("rounds exact numbers")

    def view(self, *args, **options):
        if args and args[0] is not np.ndarray and not (isinstance(args[0], type) and issubclass(args[0], np.ndarray)):
            raise current().refuse("reads the memory of an array as another type")
        if args and issubclass(args[0], np.matrix):
            raise current().refuse("makes a matrix, whose * is no product of entries")
        return super().view(*args, **options)

    def tobytes(self, *args):
        raise current().refuse("reads the memory of an array as bytes")

    tofile = dump = dumps = tobytes

    @property
    def ctypes(self):
        raise current().refuse("hands the memory of an array to compiled code")


class DiscreteArray(np.ndarray):
    """Integers or truth values during a run: NumPy's, but what they make of floats is exact."""

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        from derivations.execution.ufuncs import apply

        return apply(ufunc, method, inputs, options)

    def __array_function__(self, function, types, args, options):
        if any(issubclass(kind, (ExactArray, ExactScalar)) for kind in types):
            from derivations.execution.array_functions import call

            return call(function, args, options)
        return following(super().__array_function__(function, types, args, options))

    def astype(self, dtype, *args, **options):
        return following(super().astype(np.dtype(dtype), *args, **options))


def following(result):
    """An ordinary result as the run needs it: arrays of floats exact, integers and truth values as DiscreteArray."""
    if not isinstance(result, np.ndarray) or result.dtype.kind not in "fiub":
        return result
    if result.dtype.kind == "f":
        return exact_array(result.view(np.ndarray), result.dtype)
    return result.view(DiscreteArray)


def mapped_list(change, value):
    """Nested lists with `change` applied to what is in them."""
    return [mapped_list(change, part) for part in value] if isinstance(value, list) else change(value)


def _into(out, result):
    if out is None:
        return result
    out[...] = result
    return out


def _typed(entry, dtype):
    """An entry as a number of the array's dtype."""
    if not isinstance(entry, ExactScalar):
        entry = exact(entry)
    return entry if entry.dtype is dtype else ExactScalar(entry.node, dtype)


def index(key):
    """A key for object arrays: an exact array cannot be an index, a list of masks can."""
    if isinstance(key, (ExactArray, ExactScalar)) and is_exact(key):
        raise current().refuse("indexes with exact numbers")
    return key


def plain(value):
    """The same memory as an array of objects (an exact scalar as one without axes); anything else as it is."""
    if isinstance(value, (ExactArray, DiscreteArray)):
        return np.ndarray.view(value, np.ndarray)
    if isinstance(value, ExactScalar):
        return _boxed(value)
    return value


def _boxed(value):
    box = np.empty((), object)
    box[()] = value
    return box


def entries(value):
    """The value as an object array of numbers, floats made exact."""
    value = plain(value)
    if isinstance(value, np.ndarray) and value.dtype == OBJECT:
        return value
    if isinstance(value, (list, tuple)) and holds_exact(value):
        return np.array(_nested(value), dtype=object)
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise current().refuse(f"computes with an array of {array.dtype}, which are no real numbers")
    if array.size > MOST:
        raise current().refuse(f"makes an array of {array.size} numbers, which are too many to be exact")
    made = np.empty(array.shape, object)
    for position in product(*map(range, array.shape)):
        made[position] = exact(array[position])
    return made


def holds_exact(value):
    """Whether a number in nested lists is exact."""
    if isinstance(value, (list, tuple)):
        return any(map(holds_exact, value))
    return is_exact(value)


def _nested(value):
    """Nested lists with arrays as arrays of objects; what has no axes as a scalar, since NumPy would store the box."""
    if isinstance(value, (list, tuple)):
        return [_nested(part) for part in value]
    if isinstance(value, np.ndarray):
        return plain(value) if value.ndim else value[()]
    return value


def exact_array(value, dtype=FLOAT64):
    """An array of exact numbers from nested numbers; object arrays are wrapped, not copied."""
    made = entries(value).view(ExactArray)
    made._dtype = FLOAT64 if dtype is None else np.dtype(dtype)
    return made
