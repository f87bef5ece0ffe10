"""NumPy's ufuncs on exact arrays: entry by entry by `elementary`, products by NumPy's own loops."""

import operator
import sys
from functools import cache
from functools import reduce as fold

import numpy as np

from derivations.execution.dtypes import float_type, is_exact, note_narrowing
from derivations.execution.elementary import FUNCTIONS
from derivations.execution.exact_array import DiscreteArray, ExactArray, entries, exact_array, following, plain
from derivations.execution.exact_scalar import FLOAT64, ExactScalar, exact, node_of
from derivations.execution.trace import current
from derivations.scalar import ONE, ZERO

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
FOLDS = {
    "add": (ZERO, FUNCTIONS["add"]),
    "multiply": (ONE, FUNCTIONS["multiply"]),
    "logaddexp": (-np.inf, FUNCTIONS["logaddexp"]),
}
LIBRARIES = ("numpy", "numpy._core.umath", "numpy.core.umath", "scipy.special")  # umath holds the ufunc of np.clip
CHOICES = ("maximum", "minimum", "fmax", "fmin")


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
    steps = {"__call__": _call, "reduce": _reduce, "accumulate": _accumulate, "outer": _outer, "at": _at}
    steps["reduceat"] = _reduceat
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
    kind = _type(dtype, inputs)
    operands = list(map(entries, inputs))
    if name in PRODUCTS:
        options = {"axes": ignored["axes"]} if "axes" in ignored else {}
        return _deliver(ufunc(*operands, **options), kind, out, True)
    function, on_arrays, truth = _entrywise(name, ufunc.nin)
    if where is True:
        result = on_arrays(*operands)
        return _deliver(np.asarray(result).astype(bool)[()] if truth else result, kind, out, True)
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
    return _deliver(made, kind, out, where)


def _type(dtype, inputs):
    """The type of float of a result; CannotTrace where the caller wants something else."""
    if dtype is None:
        return float_type(*inputs)
    dtype = np.dtype(dtype)
    if dtype.kind not in "fbO":
        raise current().refuse(f"computes in {dtype}")
    return dtype if dtype.kind == "f" else float_type(*inputs)


def _deliver(result, kind, out, where):
    """The result as numbers of that type, or written into `out` where the mask is true."""
    if out is None:
        return wrapped(result, kind)
    if not is_exact(out) and is_exact(np.asarray(result)):
        raise current().refuse(f"writes exact numbers into an array of {out.dtype} that was not made during the run")
    if isinstance(out, ExactArray):
        note_narrowing(wrapped(result, kind), out.dtype, "stores")
    np.copyto(plain(out), result, where=where, casting="unsafe")
    return out


def wrapped(result, kind):
    """Objects as an exact array, or as an exact scalar where there are no axes; truth values as they are."""
    if isinstance(result, np.ndarray):
        if result.dtype != object:
            return following(result)
        if result.ndim:
            return exact_array(result, kind)
        result = result[()]
    if isinstance(result, (np.generic, bool)):
        return result
    return ExactScalar(node_of(result), kind)


def _reduce(name, ufunc, inputs, out, axis=0, dtype=None, keepdims=False, initial=None, where=True, **ignored):
    kind = _type(dtype, inputs)
    array = entries(inputs[0])
    axes = _axes(axis, array.ndim)
    together = _fold(name, None if initial is None or initial is np._NoValue else initial)
    rest = [axis for axis in range(array.ndim) if axis not in axes]
    lines = array.transpose(*rest, *axes).reshape(*(array.shape[axis] for axis in rest), -1)
    masks = np.broadcast_to(where, array.shape).transpose(*rest, *axes).reshape(lines.shape)
    made = np.empty(lines.shape[:-1], bool if name in TESTS else object)
    for position in np.ndindex(made.shape):
        made[position] = together(lines[position][masks[position]])
    if keepdims:
        made = made.reshape([1 if axis in axes else size for axis, size in enumerate(array.shape)])
    return _deliver(made if made.ndim else made[()], kind, out, True)


def _axes(axis, ndim):
    """The axes as numbers from 0; None means all."""
    axes = range(ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if not all(-ndim <= axis < ndim for axis in axes):
        raise np.exceptions.AxisError(f"axis {axis} is out of bounds for an array of {ndim} axes")
    return [operator.index(axis) % ndim for axis in axes]


def _fold(name, initial):
    """What makes one number of a list of them."""
    if name in ("logical_and", "logical_or"):
        return lambda line: (all if name == "logical_and" else any)(map(bool, line))
    if name in CHOICES:
        start = [] if initial is None else [node_of(initial)]
        return lambda line: ExactScalar(_chosen(name, start + [node_of(entry) for entry in line]))
    if name not in FOLDS:
        raise current().refuse(f"np.{name}.reduce has no exact form here")
    identity, function = FOLDS[name]
    start = identity if initial is None else node_of(initial)
    return lambda line: ExactScalar(fold(function, map(node_of, line), start))


def _chosen(name, nodes):
    if not nodes:
        raise ValueError(f"zero-size array to reduction operation {name} which has no identity")
    if name.startswith("f"):
        nodes = [node for node in nodes if node == node] or nodes
    return current().largest(nodes, lowest=name.endswith("min") or name == "minimum")


def _accumulate(name, ufunc, inputs, out, axis=0, dtype=None, **ignored):
    kind = _type(dtype, inputs)
    together = _fold(name, None)
    lines = np.moveaxis(entries(inputs[0]), axis, -1)
    made = np.empty(lines.shape, object)
    for *position, end in np.ndindex(lines.shape):
        made[(*position, end)] = together(lines[tuple(position)][: end + 1])
    return _deliver(np.moveaxis(made, -1, axis), kind, out, True)


def _reduceat(name, ufunc, inputs, out, axis=0, dtype=None):
    """Of a[start : next start], or of a[start] where that is not before the next."""
    kind, together = _type(dtype, inputs), _fold(name, None)
    lines, starts = np.moveaxis(entries(inputs[0]), axis, -1), [operator.index(start) for start in inputs[1]]
    ends = [max(end, start + 1) for start, end in zip(starts, [*starts[1:], lines.shape[-1]], strict=True)]
    made = np.empty((*lines.shape[:-1], len(starts)), object)
    for *position, number in np.ndindex(made.shape):
        line = lines[tuple(position)]
        made[(*position, number)] = together(line[starts[number] : ends[number]])
    return _deliver(np.moveaxis(made, -1, axis), kind, out, True)


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
