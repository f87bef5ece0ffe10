"""A number of an exact run: an exact scalar that behaves as NumPy's float64 does.

It computes with `elementary`; its comparisons are decided, and recorded, by the trace that is running; it has the
methods that NumPy looks for in the elements of an object array, so that code that loses `ExactArray` on its way stays
exact.
"""

import numbers
import operator
from fractions import Fraction
from functools import cache

import numpy as np

from derivations.execution.named_functions import FUNCTIONS
from derivations.execution.trace import current
from derivations.execution.written import written
from derivations.scalar import Scalar, constant

FLOAT64 = np.dtype(np.float64)
_NUMBERS = (Scalar, bool, int, float, Fraction, np.bool_, np.number)


class ExactScalar:
    """node: a `Scalar`, or a float that is ±∞ or NaN; dtype: NumPy's type that it stands for, None for Python's."""

    __slots__ = ("node", "dtype")
    __array_priority__ = 1000
    shape = ()
    ndim = 0
    size = 1

    def __init__(self, node, dtype=FLOAT64):
        self.node, self.dtype = node, dtype

    def _combined(self, name, other, swapped=False):
        if not isinstance(other, (ExactScalar, *_NUMBERS)):
            return NotImplemented
        left, right = self.node, node_of(other)
        if swapped:
            left, right = right, left
        return ExactScalar(FUNCTIONS[name](left, right), joint(self.dtype, dtype_of(other)))

    def __add__(self, other):
        return self._combined("add", other)

    def __sub__(self, other):
        return self._combined("subtract", other)

    def __mul__(self, other):
        return self._combined("multiply", other)

    def __truediv__(self, other):
        return self._combined("divide", other)

    def __pow__(self, other):
        return self._combined("power", other)

    def __rsub__(self, other):
        return self._combined("subtract", other, swapped=True)

    def __rtruediv__(self, other):
        return self._combined("divide", other, swapped=True)

    def __rpow__(self, other):
        return self._combined("power", other, swapped=True)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self):
        return self.negative()

    def __pos__(self):
        return self

    def __abs__(self):
        return self.absolute()

    # comparisons: np.bool_, as from float64, since ~True is −2

    def _compared(self, other, holds):
        if other is None or isinstance(other, str):
            return np.bool_(holds is operator.ne) if holds in (operator.eq, operator.ne) else NotImplemented
        if not isinstance(other, (ExactScalar, *_NUMBERS)):
            return NotImplemented
        sign = current().sign(self.node, node_of(other))
        return np.bool_(holds is operator.ne if sign is None else holds(sign, 0))

    def __lt__(self, other):
        return self._compared(other, operator.lt)

    def __le__(self, other):
        return self._compared(other, operator.le)

    def __gt__(self, other):
        return self._compared(other, operator.gt)

    def __ge__(self, other):
        return self._compared(other, operator.ge)

    def __eq__(self, other):
        return self._compared(other, operator.eq)

    def __ne__(self, other):
        return self._compared(other, operator.ne)

    def __hash__(self):
        return hash(self.node)

    def __bool__(self):
        return bool(self != 0)

    # what an exact number cannot become

    def _whole(self):
        """The integer that a constant is."""
        if isinstance(self.node, Scalar) and self.node.kind == "const" and self.node.args[0].denominator == 1:
            return int(self.node.args[0])
        raise current().refuse(f"makes an integer of {written(self.node, 60)}")

    def __int__(self):
        return self._whole()

    __index__ = __trunc__ = __floor__ = __ceil__ = __int__

    def __round__(self, digits=None):
        raise current().refuse(f"rounds {written(self.node, 60)}")

    def __float__(self):
        if isinstance(self.node, float):
            return self.node
        raise current().refuse(
            f"makes a float of {written(self.node, 60)}: by float(), in compiled code, or by storing it in an array"
            " of floats that was not made through NumPy during the run"
        )

    def __complex__(self):
        raise current().refuse(f"makes a complex number of {written(self.node, 60)}")

    # looks

    def __repr__(self):
        return written(self.node)

    def __format__(self, specification):
        return format(float(current().number(self.node)), specification)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    # NumPy

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        from derivations.execution.ufuncs import apply  # here, because arrays are made of scalars

        return apply(ufunc, method, inputs, options)

    def __array_function__(self, function, types, args, options):
        from derivations.execution.array_functions import call

        return call(function, args, options)

    def __getitem__(self, key):
        return self._array()[key]

    def __getattr__(self, name):
        """Everything else that float64 has: sum, reshape, T, astype, …, by an array without axes."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._array(), name)

    def _array(self):
        from derivations.execution.exact_array import exact_array

        return exact_array([self], self.dtype).reshape(())


def _method(name):
    def method(self):
        return ExactScalar(FUNCTIONS[name](self.node), self.dtype)

    method.__name__ = name
    return method


for _name in (
    "negative", "absolute", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "square", "reciprocal",
    "tanh", "sinh", "cosh", "arctanh", "sign", "conjugate", "fabs",
):  # fmt: skip
    setattr(ExactScalar, _name, _method(_name))

numbers.Real.register(ExactScalar)


def node_of(value):
    """The node that a number is: an ExactScalar's own, a float's as `Constants` takes it."""
    if isinstance(value, ExactScalar):
        return value.node
    if isinstance(value, Scalar):
        return value
    if isinstance(value, (bool, int, Fraction, np.bool_, np.integer)):
        return constant(value if isinstance(value, Fraction) else int(value))
    if isinstance(value, (float, np.floating)):
        dtype = "float32" if isinstance(value, (np.float32, np.float16)) else "float64"
        return current().constants.node(float(value), dtype)
    kind = type(value).__name__
    shown = f"{value!r}, a {kind}," if isinstance(value, (str, bytes, complex)) else f"something of type {kind},"
    raise current().refuse(f"computes with {shown} which is no real number")


def dtype_of(value):
    """The dtype that a number contributes to a result: None for Python's, which adapt."""
    return value.dtype if isinstance(value, (ExactScalar, np.generic)) else None


@cache
def joint(first, second):
    """NumPy's type for a result of operands of these types; Python's numbers, None, adapt to the other."""
    if first is None or second is None or first == second:
        return second if first is None else first
    return np.result_type(first, second)


def exact(value):
    """The number as an ExactScalar."""
    return value if isinstance(value, ExactScalar) else ExactScalar(node_of(value), dtype_of(value) or FLOAT64)
