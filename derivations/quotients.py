"""Quotients N / Π f^e of polynomials, the denominator kept as a product of irreducible polynomials.

A sum needs no greatest common divisor then (the common denominator takes the larger exponents), and lowest terms need
trial division only.
"""

from fractions import Fraction
from math import comb

from derivations.polynomials import backend

WORK = 10**6  # terms; honest answers take up to 150 000, and these take seconds
DEGREE = 100  # of what is factored, monomials apart; that of honest answers stays below ten


class TooMuch(ArithmeticError):
    """A computation takes more work than it is worth, counted alike on every machine."""


class Quotient:
    """numerator / Π factor^exponent, in one ring of polynomials; the factors by their numbers."""

    __slots__ = ("numerator", "denominator", "ring")

    def __init__(self, ring, numerator, denominator):
        self.ring, self.numerator, self.denominator = ring, numerator, denominator


class Quotients:
    """Arithmetic with quotients, over a list of generators that grows on demand."""

    def __init__(self, capacity=8):
        self._capacity = capacity
        self._factors = []  # number -> polynomial
        self._numbers = {}  # terms of the polynomial -> number
        self.size = self.spent = 0
        self.ring = backend()(capacity)

    def new_generator(self):
        """The index of one generator more."""
        if self.size == self._capacity:
            self._capacity *= 2
            self.ring = backend()(self._capacity)
            self._factors = [self.ring.adopt(factor) for factor in self._factors]
        self.size += 1
        return self.size - 1

    def of(self, numerator, denominator=None):
        """The quotient of a polynomial (adopted from a smaller ring) by a product {number of the factor: exponent}."""
        return Quotient(self.ring, self.ring.adopt(numerator), denominator or {})

    def constant(self, value):
        return self.of(self.ring.constant(Fraction(value)))

    def generator(self, index):
        return self.of(self.ring.generator(index))

    def reciprocal(self, factor, exponent):
        """1 / factor^exponent of an irreducible polynomial."""
        return self.of(self.ring.constant(Fraction(1)), {self._number(factor): exponent})

    def factor(self, number):
        """The factor of that number, in the present ring."""
        return self._factors[number]

    def _spend(self, work):
        """Count terms that are computed; raises TooMuch where they are more than WORK."""
        self.spent += work
        if self.spent > WORK:
            raise TooMuch(f"more than {WORK} terms")

    def _number(self, factor):
        factor = self.ring.adopt(factor)
        key = tuple((tuple(powers.items()), coefficient) for powers, coefficient in self.terms(factor))
        if key not in self._numbers:
            self._numbers[key] = len(self._factors)
            self._factors.append(factor)
        return self._numbers[key]

    def adopt(self, quotient):
        """The same quotient in the present ring."""
        if quotient.ring is self.ring:
            return quotient
        return self.of(quotient.numerator, quotient.denominator)

    def add(self, first, second):
        first, second = self.adopt(first), self.adopt(second)
        common = dict(first.denominator)
        for number, exponent in second.denominator.items():
            common[number] = max(common.get(number, 0), exponent)
        return self.of(self._over(first, common) + self._over(second, common), common)

    def _over(self, quotient, common):
        """The numerator that the quotient has over a common denominator."""
        numerator = quotient.numerator
        for number, exponent in common.items():
            missing = exponent - quotient.denominator.get(number, 0)
            if missing:
                numerator = self._product(numerator, self._power(self._factors[number], missing))
        return numerator

    def multiply(self, first, second):
        first, second = self.adopt(first), self.adopt(second)
        denominator = dict(first.denominator)
        for number, exponent in second.denominator.items():
            denominator[number] = denominator.get(number, 0) + exponent
        return self.of(self._product(first.numerator, second.numerator), denominator)

    def power(self, quotient, exponent):
        """The quotient to a power of 0 or more."""
        quotient = self.adopt(quotient)
        denominator = {number: power * exponent for number, power in quotient.denominator.items()} if exponent else {}
        return self.of(self._power(quotient.numerator, exponent), denominator)

    def _product(self, first, second):
        self._spend(len(first) * len(second))
        return first * second

    def _power(self, polynomial, exponent):
        terms = len(polynomial)
        self._spend(comb(exponent + terms - 1, terms - 1) if terms else 0)
        return polynomial**exponent

    def lowest(self, quotient):
        """The quotient in lowest terms."""
        quotient = self.adopt(quotient)
        numerator, denominator = quotient.numerator, {}
        for number, exponent in quotient.denominator.items():
            while exponent and (divided := self.ring.quotient(numerator, self._factors[number])) is not None:
                numerator, exponent = divided, exponent - 1
            if exponent:
                denominator[number] = exponent
        return self.of(numerator, denominator)

    def factors(self, quotient):
        """(c, [(f, e), …]) with quotient = c Π f^e in lowest terms, the f irreducible with leading coefficient 1."""
        quotient = self.lowest(quotient)
        self._measure(quotient.numerator)
        constant, factors = self.ring.factors(quotient.numerator)
        return constant, [*factors, *((self._factors[number], -e) for number, e in quotient.denominator.items())]

    def _measure(self, polynomial):
        """Raises TooMuch for what takes too long to factor."""
        self._spend(len(polynomial) ** 2)
        powers = list(zip(*(powers for powers, _ in self.ring.terms(polynomial)), strict=True))
        if sum(max(x) - min(x) for x in powers) > DEGREE:
            raise TooMuch(f"factors of a polynomial of a degree above {DEGREE}")

    def terms(self, polynomial):
        """[({index: power, …}, coefficient), …] of a polynomial, leading term first."""
        return [({i: p for i, p in enumerate(powers) if p}, q) for powers, q in self.ring.terms(polynomial)]

    def index_of(self, polynomial):
        """The index of the generator that a polynomial is, or None."""
        terms = self.terms(polynomial)
        if len(terms) == 1 and terms[0][1] == 1 and list(terms[0][0].values()) == [1]:
            return next(iter(terms[0][0]))
        return None
