"""Arithmetic with the generators of a normal form, and the relations s² = f and h² = h between their powers.

A generator is an index of the field's polynomials, a key that says what it stands for ("var", "exp", "log", "sqrt" or
"positive" first), and the f of log f, √f and [f > 0].
"""

from fractions import Fraction

from derivations.generator_names import Names
from derivations.quotients import Quotients


class Generators:
    """The field that the scalars met so far live in, with quotients in which every relation is applied."""

    def _begin(self, units):
        """Forget all generators; units: {name of a monomial t: u}, where the generator of t is e^{ut}."""
        self._field = Quotients()
        self._index = {}  # key -> index of the generator
        self._keys = []  # index -> key
        self._bodies = {}  # index -> the f of log f, √f, [f > 0]
        self._names = Names(self._field, self._keys, units)

    def _add(self, first, second):
        return self._reduced(self._field.add(first, second))

    def _mul(self, first, second):
        return self._reduced(self._field.multiply(first, second))

    def _pow(self, base, exponent):
        if exponent < 0:
            base, exponent = self._inverse(base), -exponent
        return self._reduced(self._field.power(base, exponent))

    def _generator(self, key, body=None):
        if key not in self._index:
            self._index[key] = self._field.new_generator()
            self._keys.append(key)
            if body is not None:
                self._bodies[self._index[key]] = body
        return self._field.generator(self._index[key])

    def _inverse(self, quotient):
        """1/(c Π f^e); a root is moved up: 1/s = s/s²"""
        if not quotient.numerator:
            raise ZeroDivisionError("normal form: division by an expression that is zero everywhere")
        content, factors = self._field.factors(quotient)
        result = self._field.constant(1 / content)
        for factor, exponent in factors:
            index = self._field.index_of(factor)
            if exponent > 0 and index is not None and self._keys[index][0] == "sqrt":
                part = self._mul(self._pow(self._field.of(factor), exponent), self._pow(self._bodies[index], -exponent))
            elif exponent > 0:
                part = self._field.reciprocal(factor, exponent)
            else:
                part = self._field.of(factor**-exponent)
            result = self._mul(result, part)
        return result

    def _reduced(self, quotient):
        """s² = f and h² = h applied to the numerator."""
        for index, key in enumerate(self._keys):
            if key[0] in ("sqrt", "positive") and quotient.numerator:
                terms = self._field.terms(quotient.numerator)
                if any(powers.get(index, 0) > 1 for powers, _ in terms):
                    return self._applied(index, key[0], terms, quotient.denominator)
        return quotient

    def _applied(self, index, kind, terms, denominator):
        result = self._field.constant(0)
        for powers, coefficient in terms:
            power = powers.pop(index, 0)
            squares, rest = divmod(power, 2) if kind == "sqrt" else (0, min(power, 1))
            term = self._field.constant(coefficient)
            for position, exponent in (*powers.items(), (index, rest)):
                term = self._field.multiply(term, self._field.of(self._field.ring.generator(position) ** exponent))
            if squares:
                term = self._mul(term, self._pow(self._bodies[index], squares))
            result = self._add(result, term)
        return self._over(result, denominator)

    def _over(self, quotient, denominator):
        return self._field.multiply(quotient, self._field.of(self._field.ring.constant(Fraction(1)), denominator))

    def _surely_positive(self, factor):
        """Whether every term is a positive multiple of exponentials, roots and even powers."""
        terms = self._field.terms(factor)
        return all(
            coefficient > 0
            and all(self._keys[i][0] in ("exp", "sqrt") or power % 2 == 0 for i, power in powers.items())
            for powers, coefficient in terms
        )
