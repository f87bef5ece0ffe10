"""Numbers for exact scalars, to any number of digits: each node of the graph is evaluated once.

The unknowns have rational numbers, so that a second evaluation with more digits is one of the same point. mpmath
has no overflow and no underflow, and two hundred digits make no ties; floats overflow at exp(800) and tie 1 + 1e-17
with 1.
"""

import operator
from fractions import Fraction

from mpmath import MPContext
from mpmath.ctx_iv import MPIntervalContext

from derivations.execution.cannot_trace import CannotTrace
from derivations.scalar import Scalar, inner

DIGITS = 200  # exp of the numbers of any regime, and 1 minus it, keep most of them


class Values:
    """number(node) at given rational numbers for the unknowns; NaN where the node has no real number."""

    make = MPContext

    def __init__(self, numbers, digits=DIGITS):
        self.context = mp = self.make()  # a context of its own: nobody else's precision is changed
        mp.dps = digits
        self.numbers = {"π": mp.pi, **numbers}  # {name of the unknown: Fraction, or an mpf}
        self._known = {}
        self._functions = {
            "add": operator.add,
            "mul": operator.mul,
            "pow": operator.pow,
            "exp": mp.exp,
            "log": mp.log,
            "sqrt": mp.sqrt,
            "positive": lambda x: mp.mpf(int(x > 0)),
        }

    @property
    def rational(self):
        """The unknowns that have a rational number: all but π and the choices of a trace."""
        return {name: number for name, number in self.numbers.items() if isinstance(number, Fraction)}

    def number(self, node):
        """The number of a node, or of a float that is infinite or NaN."""
        if isinstance(node, float):
            return self.context.mpf(node)
        if node not in self._known:
            self._evaluate(node)
        return self._known[node]

    def _evaluate(self, root):
        """From the arguments up, stopping at what is known, without recursion: graphs may be deep."""
        stack = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                self._known[node] = self._value(node)
            elif node not in self._known:
                stack.append((node, True))
                stack.extend((part, False) for part in inner(node) if part not in self._known)

    def _value(self, node):
        if node.kind == "var" and node.args[0] not in self.numbers:
            raise CannotTrace(f"computes with {node.args[0]}, a number of another run")
        if node.kind in ("const", "var"):
            return self._real(node.args[0] if node.kind == "const" else self.numbers[node.args[0]])
        args = [self._known[part] if isinstance(part, Scalar) else part for part in node.args]
        try:
            value = self._functions[node.kind](*args)
        except (ArithmeticError, ValueError):
            return self._undefined()
        return value if isinstance(value, self.context.mpf) else self._undefined()

    def _undefined(self):
        return self.context.nan

    def _real(self, number):
        """A rational number, or a number of this precision."""
        if isinstance(number, Fraction):
            return self.context.mpf(number.numerator) / number.denominator
        return self.context.mpf(number)


class Enclosures(Values):
    """number(node) as an interval that certainly holds it; all real numbers where the node may have none.

    Cancellation makes an interval wide and not wrong: one that excludes 0 is a proof that the node is not 0.
    """

    make = MPIntervalContext

    def _undefined(self):
        return self.context.mpf([-self.context.inf, self.context.inf])

    def excludes_zero(self, node):
        """Whether the node is certainly not 0 at these numbers."""
        number = self.number(node)
        return bool(number.a > 0 or number.b < 0)
