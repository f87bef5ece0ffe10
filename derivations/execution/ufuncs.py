"""NumPy's ufuncs on exact arrays: entry by entry by `elementary`, products by NumPy's own loops."""

import operator
import sys
from functools import cache

import numpy as np

from derivations.execution.dtypes import float_type, is_exact
from derivations.execution.exact_array import DiscreteArray, ExactArray, entries, following, plain
from derivations.execution.exact_scalar import FLOAT64, ExactScalar, exact, node_of
from derivations.execution.named_functions import FUNCTIONS
from derivations.execution.reductions import accumulate, reduce, reduceat
from derivations.execution.results import delivered, float_type_of, wrapped
from derivations.execution.trace import current

PRODUCTS = {"matmul", "vecdot", "matvec", "vecmat"}
TESTS = {
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "less": operator.lt,
    "less_equal": operator.le,
    "equal": operator.eq,
    "not_equal": operator.ne,
    "logical_and": lambda a, b: bool(a) and bool(b),
    "logical_or": lambda a, b: bool(a) or bool(b),
    "logical_xor": lambda a, b: bool(a) != bool(b),
    "logical_not": operator.not_,
    "isnan": lambda a: np.isnan(_float(a)),
    "isinf": lambda a: np.isinf(_float(a)),
    "isfinite": lambda a: np.isfinite(_float(a)),
    "signbit": lambda a: a < 0,
}
LIBRARIES = ("numpy", "numpy._core.umath", "numpy.core.umath", "scipy.special")  # umath holds the ufunc of np.clip


def _float(number):
    """∞ or NaN, or 0 for any real number."""
    node = node_of(number)
    return node if isinstance(node, float) else 0.0


def apply(ufunc, method, inputs, options):
    """ufunc.method(*inputs, **options), exactly; what holds no exact number is left to NumPy."""
    out = options.pop("out", ())
    out = out if isinstance(out, tuple) else (out,)
    if not any(is_exact(x) for x in (*inputs, *out)):
        return _ordinary(getattr(ufunc, method), inputs, out, options)
    name = ufunc.__name__
    if not _of_a_library(ufunc):
        return _of_objects(ufunc, method, inputs, out, options)
    steps = {"__call__": _call, "reduce": reduce, "accumulate": accumulate, "outer": _outer, "at": _at}
    steps["reduceat"] = reduceat
    if method not in steps:
        raise current().refuse(f"np.{name}.{method} has no exact form here")
    with np.errstate(all="ignore"):  # NaN among objects is no floating-point error
        return steps[method](name, ufunc, inputs, out[0] if out else None, **options)


def _of_a_library(ufunc):
    """Whether it is NumPy's or SciPy's own, and not one that somebody gave the name of theirs."""
    return any(getattr(sys.modules.get(name), ufunc.__name__, None) is ufunc for name in LIBRARIES)


def _of_objects(ufunc, method, inputs, out, options):
    """One of np.frompyfunc: it calls a function of Python with each entry, and gives objects."""
    if set("".join(getattr(ufunc, "types", ["?"]))) != set("O->") or method != "__call__" or out or options:
        raise current().refuse(f"{ufunc.__name__}, compiled or no function of single entries, has no exact form")
    result = ufunc(*map(entries, inputs))
    parts = result if isinstance(result, tuple) else (result,)
    made = tuple(wrapped(part, FLOAT64) for part in parts)
    return made if isinstance(result, tuple) else made[0]


def _ordinary(function, inputs, out, options):
    """NumPy's own result for integers and truth values; floats among them become exact."""
    if not out:
        return following(function(*map(_bare, inputs), **options))
    function(*map(_bare, inputs), out=tuple(map(_bare, out)), **options)
    return out[0]


def _bare(value):
    return value.view(np.ndarray) if isinstance(value, (ExactArray, DiscreteArray)) else value


@cache
def _entrywise(name, arity):
    """(function of entries, the same on arrays of objects, whether it gives truth values)"""
    if name in TESTS:
        test = TESTS[name]

        def function(*args):
            return bool(test(*map(exact, args)))
    elif name in FUNCTIONS:
        rule = FUNCTIONS[name]

        def function(*args):
            return ExactScalar(rule(*map(node_of, args)))
    else:
        raise current().refuse(f"np.{name} has no exact form here")
    return function, np.frompyfunc(function, arity, 1), name in TESTS


def _call(name, ufunc, inputs, out, where=True, dtype=None, **ignored):
    kind = float_type_of(dtype, inputs)
    operands = list(map(entries, inputs))
    if name in PRODUCTS:
        options = {"axes": ignored["axes"]} if "axes" in ignored else {}
        return delivered(ufunc(*operands, **options), kind, out, True)
    function, on_arrays, truth = _entrywise(name, ufunc.nin)
    if where is True:
        result = on_arrays(*operands)
        return delivered(np.asarray(result).astype(bool)[()] if truth else result, kind, out, True)
    return _partly(function, truth, operands, kind, out, where)


def _partly(function, truth, operands, kind, out, where):
    """Entries where the mask is false are neither computed nor written."""
    *operands, where = np.broadcast_arrays(*operands, np.asarray(where, bool))
    made = np.empty(where.shape, bool if truth else object)
    for position in np.ndindex(where.shape):
        if where[position]:
            made[position] = function(*(x[position] for x in operands))
        elif not truth:
            made[position] = ExactScalar(current().uninitialised())
    return delivered(made, kind, out, where)


def _outer(name, ufunc, inputs, out, **options):
    first, second = map(entries, inputs)
    first = first.reshape(first.shape + (1,) * second.ndim)
    options.setdefault("dtype", float_type(*inputs))
    return _call(name, ufunc, (first, second), out, **options)


def _at(name, ufunc, inputs, out):
    """a[index] = f(a[index], b), one after another, so that repeated indices count."""
    array, key, *others = inputs
    if not is_exact(array):
        raise current().refuse(f"writes exact numbers into an array of {array.dtype} that was not made during the run")
    function, _, _ = _entrywise(name, ufunc.nin)
    places = np.arange(array.size).reshape(array.shape)[key]
    others = [np.broadcast_to(entries(other), places.shape) for other in others]
    for position in np.ndindex(places.shape):
        at = np.unravel_index(places[position], array.shape)
        array[at] = function(plain(array)[at], *(other[position] for other in others))
