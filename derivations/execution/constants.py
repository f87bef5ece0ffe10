"""Floats in code as exact constants: 0.3333333333333333 is 1/3, 1.4142135623730951 is sqrt(2).

A float is taken at its exact binary value, unless it lies within two units in the last place of a number that its
author must have meant: a constant of the definition, p/q with q ≤ 1000, the root of such a fraction with q ≤ 100, or
one of π, e, log 2, log 10 and their like. Two units and not one, since 1/B/n rounds twice. A fraction is accepted
only where q² times those units is small: about so likely is it that some fraction lies there by chance.
"""

from fractions import Fraction
from functools import cache
from math import inf, isfinite, nextafter

from mpmath import MPContext

from derivations.scalar import ONE, constant, variable

UNITS = 2
CHANCE = {"float64": 1e-9, "float32": 1e-3}
_mp = MPContext()
_mp.dps = 40
PI = variable("π")


@cache
def _named():
    """((text, node, number), …): what is neither a fraction nor the root of one."""
    two, ten = constant(2).log(), constant(10).log()
    return (
        ("π", PI, +_mp.pi),
        ("1/π", PI**-1, 1 / _mp.pi),
        ("2π", PI * 2, 2 * _mp.pi),
        ("sqrt(π)", PI.sqrt(), _mp.sqrt(_mp.pi)),
        ("sqrt(2π)", (PI * 2).sqrt(), _mp.sqrt(2 * _mp.pi)),
        ("sqrt(2/π)", (2 / PI).sqrt(), _mp.sqrt(2 / _mp.pi)),
        ("e", ONE.exp(), +_mp.e),
        ("1/e", constant(-1).exp(), 1 / _mp.e),
        ("log 2", two, _mp.log(2)),
        ("log 10", ten, _mp.log(10)),
        ("1/log 2", 1 / two, 1 / _mp.log(2)),
        ("1/log 10", 1 / ten, 1 / _mp.log(10)),
    )


class Constants:
    """What floats mean in one run; `found` lists every float that was not taken at its binary value.

    definition: the rational constants of the definition, which may have large denominators.
    """

    def __init__(self, definition=()):
        self._definition = tuple(map(Fraction, definition))
        self._known = {}
        self.found = {}  # text -> None

    def node(self, value, dtype="float64"):
        """The exact scalar that a float is, ∞ and NaN as they are."""
        if not isfinite(value):
            return value
        key = (value, dtype)
        if key not in self._known:
            self._known[key] = self._node(value, dtype)
        return self._known[key]

    def _node(self, value, dtype):
        exact = Fraction(value)
        if exact.denominator <= 1024:
            return constant(exact)
        unit = abs(value) * 2.0**-23 if dtype == "float32" else nextafter(abs(value), inf) - abs(value)
        found = self._meant(abs(exact), UNITS * unit, CHANCE.get(dtype, CHANCE["float64"]))
        if found is None:
            return constant(exact)
        text, node = found
        sign = -1 if value < 0 else 1
        self.found[f"{value!r} is {'−' if sign < 0 else ''}{text}"] = None
        return node * sign

    def _meant(self, size, room, chance):
        """(text, node) of the number that a positive float stands for, or None; not of one that a float can be."""
        for number in map(abs, self._definition):
            if abs(number - size) <= room and not _binary(number):
                return str(number), constant(number)
        simple = size.limit_denominator(1000)
        if abs(simple - size) <= room and not _binary(simple) and simple.denominator**2 * room <= chance:
            return str(simple), constant(simple)
        return self._irrational(_mp.mpf(size.numerator) / size.denominator, size, room)

    def _irrational(self, number, size, room):
        for text, node, other in _named():
            if abs(number - other) <= room:
                return text, node
        square = (size**2).limit_denominator(100)
        root = _mp.sqrt(_mp.mpf(square.numerator) / square.denominator)
        if abs(root - number) <= room and abs(size.limit_denominator(100) ** 2 - square) > 0:
            return f"sqrt({square})", constant(square).sqrt()
        return None


def _binary(number):
    """Whether the fraction is a float itself: 1.0000000000000002 is not meant to be 1."""
    return number.denominator & (number.denominator - 1) == 0
