"""Dual numbers x + x′ε with ε² = 0, over any kind of number: the derivative comes along with the value."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Functions:
    """What the interpreter needs of a kind of number."""

    number: object  # Fraction -> number
    exp: object
    log: object
    sqrt: object
    tanh: object
    positive: object  # [x > 0]
    maximum: object = None  # of a list; exact scalars have no order


class Dual:
    """x + x′ε; of two duals the one of the higher level is the outer one, and the other is a constant to it."""

    __slots__ = ("value", "slope", "level")

    def __init__(self, value, slope, level):
        self.value, self.slope, self.level = value, slope, level

    def _parts(self, other):
        if isinstance(other, Dual) and other.level == self.level:
            return other.value, other.slope
        return other, 0

    def __add__(self, other):
        if isinstance(other, Dual) and other.level > self.level:
            return other + self
        value, slope = self._parts(other)
        return Dual(self.value + value, self.slope + slope, self.level)

    def __mul__(self, other):
        if isinstance(other, Dual) and other.level > self.level:
            return other * self
        value, slope = self._parts(other)
        return Dual(self.value * value, self.slope * value + self.value * slope, self.level)

    def __pow__(self, exponent):
        return Dual(self.value**exponent, self.slope * (self.value ** (exponent - 1) * exponent), self.level)

    __radd__ = __add__
    __rmul__ = __mul__


def plain(value):
    """The number without its slopes."""
    while isinstance(value, Dual):
        value = value.value
    return value


def apply(name, value, functions):
    """The function of that name at a number or a dual: f(x + x′ε) = f(x) + x′ f′(x) ε."""
    if not isinstance(value, Dual):
        return getattr(functions, name)(value)
    image = apply(name, value.value, functions)
    if name == "exp":
        slope = image
    elif name == "log":
        slope = value.value**-1
    elif name == "sqrt":
        slope = (image * functions.number(Fraction(2))) ** -1
    elif name == "tanh":
        slope = image * image * -1 + functions.number(Fraction(1))
    else:  # [x > 0] is constant on either side of its jump
        slope = functions.number(Fraction(0))
    return Dual(image, value.slope * slope, value.level)
