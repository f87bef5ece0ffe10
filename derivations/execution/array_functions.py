"""NumPy's functions on exact arrays.

Most of them are Python over ufuncs, methods and indexing, and NumPy's own implementation serves; those that make a
buffer of the dtype they are told, or that look at the bits of floats, are written here.
"""

import numpy as np

from derivations.execution import buffers  # noqa: F401  (puts its functions into the table)
from derivations.execution.dtypes import cast, float_type, is_exact, note_narrowing
from derivations.execution.exact_array import ExactArray, entries, exact_array, plain
from derivations.execution.exact_scalar import ExactScalar, exact, node_of
from derivations.execution.implementing import IMPLEMENTED, implements
from derivations.execution.results import wrapped
from derivations.execution.trace import current


def call(function, args, options):
    """function(*args, **options) of NumPy with exact numbers among the arguments."""
    if function in IMPLEMENTED:
        return IMPLEMENTED[function](*args, **options)
    if not hasattr(function, "_implementation"):
        raise current().refuse(f"np.{function.__name__} has no exact form here")
    return rewrapped(function._implementation(*args, **options), float_type(*arrays_in((args, options))))


def arrays_in(value):
    """The arrays and exact scalars in nested arguments."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [array for part in value for array in arrays_in(part)]
    return [value] if isinstance(value, (np.ndarray, np.generic, ExactScalar)) else []


def rewrapped(result, kind):
    """Object arrays in a result as exact arrays."""
    if isinstance(result, ExactArray):
        if is_exact(result):
            result._dtype = kind
        return result
    if isinstance(result, np.ndarray) and result.dtype == object:
        return wrapped(result, kind)
    if type(result) in (list, tuple):
        return type(result)(rewrapped(part, kind) for part in result)
    return result


@implements(np.where)
def where(condition, x=None, y=None):
    condition = truth(condition)
    if x is None:
        return np.nonzero(condition)
    if not (is_exact(x) or is_exact(y)):
        return np.where(condition, x, y)
    return wrapped(np.where(condition, entries(x), entries(y)), float_type(x, y))


def truth(mask):
    """A mask as an array of bool; exact numbers are compared with 0."""
    return cast(exact_array(plain(mask)), bool) if is_exact(mask) else np.asarray(mask, bool)


@implements(np.copyto)
def copyto(dst, src, casting="same_kind", where=True):
    if not is_exact(dst):
        raise current().refuse(f"writes exact numbers into an array of {dst.dtype} that was not made during the run")
    note_narrowing(src, dst.dtype, "stores")
    np.copyto(plain(dst), entries(src), where=truth(where))


@implements(np.triu)
def triu(m, k=0):
    return np.where(np.tri(*m.shape[-2:], k=k - 1, dtype=bool), 0, m)


@implements(np.tril)
def tril(m, k=0):
    return np.where(np.tri(*m.shape[-2:], k=k, dtype=bool), m, 0)


@implements(np.delete)
def delete(arr, obj, axis=None):
    if axis is None:
        arr, axis = np.ravel(arr), 0
    kept = np.delete(np.arange(arr.shape[axis]), obj)
    return np.take(arr, kept, axis=axis)


@implements(np.apply_along_axis)
def apply_along_axis(func1d, axis, arr, *args, **options):
    lines = np.moveaxis(arr, axis, -1)
    around = lines.shape[:-1]
    results = [func1d(lines[position], *args, **options) for position in np.ndindex(around)]
    made = np.stack([exact_array(plain(result), arr.dtype) for result in results])
    made = made.reshape(*around, *np.shape(results[0]))
    inner = range(len(around), made.ndim)
    return np.moveaxis(made, list(inner), [axis % arr.ndim + step for step in range(len(inner))])


@implements(np.nan_to_num)
def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    largest = np.finfo(x.dtype).max
    instead = {"nan": nan, "inf": posinf, "-inf": neginf}
    made = np.array(entries(x)) if copy else entries(x)
    for position in np.ndindex(made.shape):
        node = node_of(made[position])
        if isinstance(node, float):
            value = instead[str(node)]
            made[position] = exact(largest * (1 if node > 0 else -1) if value is None else value)
    return wrapped(made, x.dtype)


# products


@implements(np.einsum)
def einsum(*operands, out=None, optimize=False, dtype=None, order="K", casting="safe"):
    kind = float_type(*operands)
    operands = [x if isinstance(x, (str, list)) else entries(x) for x in operands]
    result = wrapped(np.einsum(*operands), kind)
    if out is None:
        return result
    out[...] = result
    return out


@implements(np.linalg.norm)
def norm(x, ord=None, axis=None, keepdims=False):  # noqa: A002  (NumPy's name)
    vector = isinstance(axis, int) or (axis is None and np.ndim(x) == 1)
    if ord == 1 and vector:
        return np.sum(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == np.inf and vector:
        return np.max(np.abs(x), axis=axis, keepdims=keepdims)
    if ord not in (None, "fro") and not (ord == 2 and vector):
        raise current().refuse(f"np.linalg.norm(ord={ord!r}) has no exact form here")
    return np.sqrt(np.sum(np.square(x), axis=axis, keepdims=keepdims))


# comparisons, types


@implements(np.isclose)
def isclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
    return np.abs(np.subtract(a, b)) <= atol + rtol * np.abs(b)


@implements(np.allclose)
def allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
    return bool(np.all(isclose(a, b, rtol, atol)))


@implements(np.result_type)
def result_type(*values):
    return np.result_type(*(x.dtype if is_exact(x) else x for x in values))


@implements(np.can_cast)
def can_cast(from_, to, casting="safe"):
    return np.can_cast(from_.dtype, to, casting)


@implements(np.iscomplexobj)
def iscomplexobj(x):
    return False


@implements(np.isrealobj)
def isrealobj(x):
    return True
