"""NumPy, math and SciPy as the subject sees them during a run: what they make of floats is exact.

Most functions are NumPy's own, since exact arrays answer for themselves.
"""

import math
import sys
from functools import cache
from types import BuiltinFunctionType, FunctionType, ModuleType

import numpy as np

from derivations.execution.creation import CREATION, made_exact
from derivations.execution.exact_array import exact_array, holds_exact
from derivations.execution.exact_scalar import ExactScalar, exact, node_of
from derivations.execution.float_type import FloatType
from derivations.execution.named_functions import FUNCTIONS
from derivations.execution.trace import current
from derivations.execution.ufuncs import TESTS

FLOAT = FloatType(float)
_FLOATS = {name: FloatType(getattr(np, name)) for name in ("float64", "float32", "float16", "longdouble")}
NUMPY_TYPES = {**_FLOATS, "double": _FLOATS["float64"], "single": _FLOATS["float32"], "half": _FLOATS["float16"]}
MATH = {"fabs": "absolute", "pow": "power", "atanh": "arctanh"}
JOINING = {"concatenate", "stack", "vstack", "hstack", "dstack", "column_stack", "block", "append", "select", "choose"}
_PLAIN = (BuiltinFunctionType, FunctionType, np.ufunc, type(np.sum))


class Namespace:
    """A library with some names exchanged, and `otherwise` around what else it has."""

    def __init__(self, library, exchanged, otherwise):
        self._library, self._exchanged, self._otherwise = library, exchanged, otherwise

    def __getattr__(self, name):
        if name in self._exchanged:
            return self._exchanged[name]
        return self._otherwise(getattr(self._library, name))

    def __dir__(self):
        return dir(self._library)

    def __repr__(self):
        return f"{self._library!r} with exact numbers"


class Function:
    """A function of NumPy whose arrays of floats are exact; its attributes (reduce, at, …) are NumPy's."""

    def __init__(self, function):
        self._function = function

    def __call__(self, *args, **options):
        if self._function.__name__ not in JOINING:
            args = map(_as_array, args)
        return made_exact(self._function(*args, **options))

    def __getattr__(self, name):
        return getattr(self._function, name)

    def __repr__(self):
        return repr(self._function)

    def __eq__(self, other):
        return self._function == getattr(other, "_function", other)

    def __hash__(self):
        return hash(self._function)


def _as_array(value):
    """A list of exact numbers or arrays as an array, since NumPy looks among its arguments, not in lists, for them."""
    if not isinstance(value, (list, tuple)) or not holds_exact(value):
        return value
    try:
        made = exact_array(value)
    except ValueError:  # of different lengths
        return value
    return value if any(isinstance(entry, np.ndarray) for entry in made.flat) else made


@cache
def numpy_with(module):
    """NumPy, or a module of it, with exact results."""
    exchanged = {**CREATION, **NUMPY_TYPES} if module is np else {}
    return Namespace(module, exchanged, _numpy_member)


def _numpy_member(value):
    if isinstance(value, ModuleType):
        return numpy_with(value) if value.__name__.startswith("numpy.") else value
    return Function(value) if isinstance(value, _PLAIN) else value


# math: functions of one or two numbers


def _mathematical(name):
    function = getattr(math, name)
    ours = FUNCTIONS.get(MATH.get(name, name))
    test = TESTS.get(name)

    def call(*args):
        if not any(isinstance(x, ExactScalar) for x in args):
            return function(*args)
        if test is not None:
            return bool(test(*args))
        if ours is None:
            raise current().refuse(f"math.{name} has no exact form here")
        return ExactScalar(ours(*map(node_of, args)), None)  # math gives Python's floats

    call.__name__ = name
    return call


def _log(x, base=None):
    logarithm = FUNCTIONS["log"]
    if not isinstance(x, ExactScalar):
        return math.log(x) if base is None else math.log(x, base)
    below = 1 if base is None else ExactScalar(logarithm(node_of(base)), None)
    return ExactScalar(logarithm(node_of(x)), None) / below


def _fsum(numbers):
    numbers = list(numbers)
    return sum(numbers) if holds_exact(numbers) else math.fsum(numbers)


def _prod(numbers, *, start=1):
    for number in numbers:
        start = start * number
    return start


def _isclose(a, b, *, rel_tol=1e-9, abs_tol=0.0):
    a, b = exact(a), exact(b)
    return bool(abs(a - b) <= max(rel_tol * max(abs(a), abs(b)), abs_tol))


@cache
def math_with():
    """The module math with exact results."""
    exchanged = {
        name: _mathematical(name) for name in dir(math) if isinstance(getattr(math, name), BuiltinFunctionType)
    }
    special = {"log": _log, "fsum": _fsum, "prod": _prod, "isclose": _isclose}
    return Namespace(math, {**exchanged, **special}, lambda value: value)


# SciPy


def softmax(x, axis=None):
    shifted = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return shifted / np.sum(shifted, axis=axis, keepdims=True)


def logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False):
    if return_sign:
        raise current().refuse("scipy.special.logsumexp with return_sign has no exact form here")
    terms = np.exp(a) if b is None else b * np.exp(a)
    return np.log(np.sum(terms, axis=axis, keepdims=keepdims))


def log_softmax(x, axis=None):
    return x - logsumexp(x, axis=axis, keepdims=True)


_SPECIAL = {"softmax": softmax, "logsumexp": logsumexp, "log_softmax": log_softmax}


def _exact_only(name, function):
    """Our form for exact numbers, SciPy's for all others."""
    ours = _SPECIAL[name]

    def call(*args, **options):
        return (ours if holds_exact(args) else function)(*args, **options)

    return call


@cache
def special_with(module):
    """scipy.special with exact results; its ufuncs ask exact arrays themselves."""
    exchanged = {name: _exact_only(name, getattr(module, name)) for name in _SPECIAL}
    return Namespace(module, exchanged, lambda value: value)


@cache
def scipy_with(module):
    """The package scipy with exact results in scipy.special."""
    return Namespace(module, {}, lambda value: exchange(value, value))


@cache
def _members(special):
    """{id of a library's function: its exact form}, for what the subject has imported by name; special: SciPy's."""
    found = {id(FLOAT.real): FLOAT}
    libraries = [(np, numpy_with(np)), (np.linalg, numpy_with(np.linalg)), (math, math_with())]
    if special is not None:
        libraries.append((special, special_with(special)))
    for library, ours in libraries:
        for name in dir(library):
            real = getattr(library, name)
            if (mine := getattr(ours, name)) is not real:
                found[id(real)] = mine
    return found


def exchange(value, otherwise=None):
    """The exact form of a library or of a function of one; `otherwise` for anything else."""
    if isinstance(value, ModuleType):
        if value is math:
            return math_with()
        if value.__name__ == "scipy.special":
            return special_with(value)
        if value.__name__ == "scipy":
            return scipy_with(value)
        return numpy_with(value) if value.__name__.split(".")[0] == "numpy" else otherwise
    if type(value) is np.vectorize:
        function = exchange(value.pyfunc, value.pyfunc)
        return CREATION["vectorize"](function, value.otypes, value.__doc__, value.excluded, False, value.signature)
    return _members(sys.modules.get("scipy.special")).get(id(value), otherwise)
