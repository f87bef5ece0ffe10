"""Arrays that code makes from nothing, or from lists with exact numbers in them: np.zeros, np.empty, np.array, ….

Every array of floats that the subject's NumPy returns is turned into an exact one, so that J = np.zeros((n, n)) can be
filled with exact numbers. What np.empty holds are unknowns that no definition contains: a gap shows in the result.
"""

from itertools import islice

import numpy as np

from derivations.execution.array_functions import arrays_in
from derivations.execution.buffers import filled, uninitialised
from derivations.execution.dtypes import cast, float_type
from derivations.execution.exact_array import ExactArray, entries, exact_array, following, holds_exact, plain
from derivations.execution.exact_scalar import ExactScalar


def made_exact(result):
    """Arrays of floats, and of objects that are exact numbers, as exact arrays; lists of them too."""
    if isinstance(result, np.ndarray) and not isinstance(result, ExactArray):
        if result.dtype != object:
            return following(result)
        return exact_array(result) if any(isinstance(x, ExactScalar) for x in result.flat) else result
    if type(result) in (list, tuple):
        return type(result)(map(made_exact, result))
    return result


def empty(*args, **options):
    made = np.empty(*args, **options)
    if made.dtype.kind != "f":
        return made
    return filled(np.empty_like(made, dtype=object), uninitialised, made.dtype)


def full(shape, fill_value, dtype=None, order="C", **options):
    if not holds_exact(fill_value):
        return made_exact(np.full(shape, fill_value, dtype, order, **options))
    made = made_exact(np.zeros(shape, order=order))
    made[...] = fill_value
    return made if dtype is None else cast(made, dtype)


def array(object, dtype=None, *, copy=True, order="K", subok=False, ndmin=0, **options):  # noqa: A002  (NumPy's name)
    if not holds_exact(object):
        return made_exact(np.array(object, dtype, copy=copy, order=order, subok=subok, ndmin=ndmin, **options))
    objects = np.array(entries(object), order=order, ndmin=ndmin, copy=copy)
    return _of_type(exact_array(objects, float_type(*arrays_in(object))), dtype)


def _of_type(made, dtype):
    return made if dtype is None else cast(made, dtype, copy=False)


def _as_is(function):
    """NumPy's function that copies only where it must: an exact array comes back itself where it can."""

    def convert(a, dtype=None, *args, **options):
        if not holds_exact(a):
            return made_exact(function(a, dtype, *args, **options))
        own = entries(a)
        objects = function(own, None, *args, **options)
        if isinstance(a, ExactArray) and objects.shape == a.shape and np.shares_memory(objects, plain(a)):
            return _of_type(a, dtype)
        return _of_type(exact_array(objects, float_type(*arrays_in(a))), dtype)

    convert.__name__ = function.__name__
    return convert


def fromiter(iter, dtype, count=-1, **options):  # noqa: A002  (NumPy's name)
    numbers = list(iter) if count < 0 else list(islice(iter, count))
    if not holds_exact(numbers):
        return made_exact(np.fromiter(numbers, dtype, count, **options))
    return array(numbers, dtype)


class vectorize(np.vectorize):  # noqa: N801  (NumPy's name)
    """np.vectorize with exact results, of which otypes=[float] would make floats."""

    def __init__(self, pyfunc=np._NoValue, otypes=None, *args, **options):
        otypes = None if otypes is not None and all(np.dtype(x) == np.float64 for x in otypes) else otypes
        super().__init__(pyfunc, otypes, *args, **options)

    def __call__(self, *args, **options):
        return made_exact(super().__call__(*(plain(x) for x in args), **options))


CREATION = {
    "empty": empty,
    "full": full,
    "array": array,
    "fromiter": fromiter,
    "vectorize": vectorize,
    **{f.__name__: _as_is(f) for f in (np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray)},
}
"""{name in NumPy: the exact form}; all other functions are NumPy's with `made_exact` around the result."""
