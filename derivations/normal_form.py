"""A scalar is zero if and only if its normal form is the zero polynomial.

Normal form: N / D with N a polynomial over ℚ in *generators* and D a product of irreducible polynomials. The generators
are the unknowns x, the exponentials e^{ut} of monomials t (u the largest number of which all coefficients of t are
multiples, so that e^{100x/7} alone is no hundredth power), the logarithms log f of irreducible f, the roots s with
s² = f, and the brackets h = [f > 0] with h² = h. Exponentials of different monomials and logarithms of different
irreducible polynomials are algebraically independent of each other and of the unknowns (Ax 1971, the differential-field
form of Schanuel's conjecture, a theorem), so that N = 0 decides equality; e^{t+u} = e^t e^u, log fg = log f + log g,
s² = f and h² = h are the only relations, and each is applied when a generator is made.

Where this argument does not reach (nested roots, roots of squares, exponents that are not polynomials, logarithms of −f
or f² beside log f: their sum is the logarithm of the argument itself, so that e^{log f} = f), `zero` still proves: a
relation that was overlooked can only make a true equation look false. Nobody calls an equation false, therefore, before
numbers are found at which it fails.
"""

from fractions import Fraction
from math import gcd, isqrt

from sympy import Rational, factorrat

from derivations.generators import Generators
from derivations.quotients import TooMuch
from derivations.scalar import Scalar, postorder

FACTORED = 2**80  # numbers below a logarithm are taken apart up to here, larger ones as below a root
SMALL_PRIMES = 1000  # below a root numbers are taken apart so far; more would take time, and seldom prove anything


class Undecided(ArithmeticError):
    """The scalar holds something that the normal form has no rule for, or is too large for it."""


class _FinerUnit(Exception):
    """An exponent needs e^{ut} with a smaller u."""


class NormalForm(Generators):
    """The field that the scalars met so far live in; one instance decides many equations."""

    def __init__(self):
        self._anew()

    def _anew(self):
        self._units = {}  # name of a monomial t -> u > 0: its generator is e^{ut}, of which the exponentials are powers
        self._powers = False  # whether an exponential was more than its generator or one over it
        self._clear()

    def _clear(self):
        self._begin(self._units)
        self._known = {}  # node -> quotient

    def zero(self, scalar):
        """Whether the scalar is zero everywhere that it is defined."""
        alone = not self._units
        try:
            certain = not self.quotient(scalar).numerator or alone or not self._powers
        except Undecided:
            certain = False
            if alone or not self._powers:
                raise
        if not certain:  # the units may be finer than this scalar's, on account of others that were met before
            self._anew()
        return not self.quotient(scalar).numerator

    def text(self, scalar, most=6):
        """The numerator of the normal form, for messages."""
        terms = self._field.terms(self._field.adopt(self.quotient(scalar)).numerator)
        more = f" + … ({len(terms)} terms)" if len(terms) > most else ""
        return " + ".join(self._names.term(*term) for term in terms[:most]) + more

    def quotient(self, root):
        """The normal form of a scalar."""
        while True:
            try:
                self._field.spent = 0
                return self._built(root)
            except _FinerUnit:
                self._clear()
            except TooMuch as limit:
                raise Undecided(f"normal form: {limit}") from None

    def _built(self, root):
        for node in postorder(root, known=self._known):
            parts = [self._known[part] if isinstance(part, Scalar) else part for part in node.args]
            self._known[node] = getattr(self, f"_{node.kind}")(*parts)
        return self._known[root]

    # one method for each kind of node

    def _const(self, value):
        return self._field.constant(value)

    def _var(self, name):
        return self._generator(("var", name))

    def _exp(self, argument):
        """e^{Σ q t} = Π (e^{ut})^{q/u}, t the monomials of the numerator over the denominator; e^{q log f} = f^q."""
        argument = self._field.lowest(argument)
        result = self._field.constant(1)
        for powers, coefficient in self._field.terms(argument.numerator):
            key = self._exponent(powers, argument.denominator)
            if key[0] != "log":
                base, coefficient = self._generator(key), coefficient / self._unit(key[1], coefficient)
            elif coefficient.denominator == 1:
                base = self._bodies[self._index[key]]
            else:
                raise Undecided("normal form: a fractional power of something not known to be a square")
            result = self._mul(result, self._pow(base, int(coefficient)))
        return result

    def _unit(self, monomial, coefficient):
        """The u of e^{ut}, of which the coefficient is a multiple: the largest that serves all coefficients met."""
        first = self._units.setdefault(monomial, abs(coefficient))
        self._powers = self._powers or abs(coefficient) != first
        common = gcd(first.numerator * coefficient.denominator, coefficient.numerator * first.denominator)
        self._units[monomial] = Fraction(common, first.denominator * coefficient.denominator)
        if self._units[monomial] != first:
            raise _FinerUnit
        return first

    def _log(self, argument):
        """log (c Π f^q) = Σ q log f + Σ q log of the primes of c"""
        if not argument.numerator:
            raise ZeroDivisionError("normal form: the logarithm of an expression that is zero everywhere")
        content, factors = self._with_signs(*self._field.factors(argument))
        result = self._field.constant(0)
        for prime, exponent in _primes(content, content.numerator * content.denominator > FACTORED).items():
            name = self._generator(("log", str(prime)), self._field.constant(prime))
            result = self._add(result, self._mul(self._field.constant(exponent), name))
        for factor, exponent in factors:
            result = self._add(result, self._mul(self._field.constant(exponent), self._log_of(factor)))
        return result

    def _with_signs(self, content, factors):
        """c Π f^q with c > 0: −f for one f that may be negative; (f²)^{q/2} for even q, where the sign of f is open."""
        found = []
        for factor, exponent in factors:
            if not self._surely_positive(factor):
                if exponent % 2 == 0:
                    factor, exponent = factor**2, exponent // 2
                elif content < 0:
                    factor, content = -factor, -content
            found.append((factor, exponent))
        if content < 0:
            raise Undecided("normal form: the logarithm of an expression that is nowhere positive")
        return content, found

    def _sqrt(self, argument):
        """√(c Π f^e) = √|c| Π f^{e div 2} √(±Π f^{e mod 2}) over the positive f; the others stay below the root."""
        if not argument.numerator:
            return argument
        content, factors = self._field.factors(argument)
        outside = self._sqrt_of_number(abs(content))
        inside = self._field.constant(1 if content > 0 else -1)
        for factor, exponent in factors:
            body, below = self._field.of(factor), exponent % 2 if self._surely_positive(factor) else exponent
            outside = self._mul(outside, self._pow(body, (exponent - below) // 2))
            inside = self._mul(inside, self._pow(body, below))
        if self._field.terms(inside.numerator) == [({}, 1)]:
            return outside
        return self._mul(outside, self._generator(("sqrt", self._names.polynomial(inside.numerator)), inside))

    def _sqrt_of_number(self, number):
        """√(Π q^e) = Π q^{e div 2} √q^{e mod 2} over the small primes q, and what is left as if it were one."""
        result = self._field.constant(1)
        for base, exponent in _primes(number, True).items():
            base, exponent, root = int(base), int(exponent), isqrt(int(base))
            if root**2 == base:
                base, exponent = root, 2 * exponent
            result = self._mul(result, self._field.constant(Fraction(base) ** (exponent // 2)))
            if exponent % 2:
                result = self._mul(result, self._generator(("sqrt", str(base)), self._field.constant(base)))
        return result

    def _positive(self, argument):
        """[f > 0], the key f free of positive constants"""
        argument = self._field.lowest(argument)
        terms = self._field.terms(argument.numerator)
        if not terms:
            return argument
        scaled = self._field.multiply(argument, self._field.constant(1 / abs(terms[0][1])))
        name = self._names.polynomial(scaled.numerator) + self._names.factors(scaled.denominator)
        return self._generator(("positive", name), scaled)

    # what generators are called

    def _exponent(self, powers, denominator):
        """The key of e^t for the monomial t = Π x^powers / denominator."""
        if not denominator and list(powers.values()) == [1]:
            key = self._keys[next(iter(powers))]
            if key[0] == "log":
                return key
        return (
            "exp",
            self._names.monomial(powers) + self._names.factors(denominator),
            tuple(powers.items()),
            tuple(sorted(denominator.items())),
        )

    def _log_of(self, factor):
        """log f of an irreducible f (or −f, f²): t where f is e^t, ½ log h where it is √h."""
        index = self._field.index_of(factor)
        kind = None if index is None else self._keys[index][0]
        if kind == "sqrt":
            return self._mul(self._field.constant(Fraction(1, 2)), self._log(self._bodies[index]))
        if kind != "exp":
            return self._generator(("log", self._names.polynomial(factor)), self._field.of(factor))
        _, monomial, powers, denominator = self._keys[index]
        result = self._field.constant(self._units[monomial])
        for position, power in powers:
            result = self._mul(result, self._pow(self._field.generator(position), power))
        return self._over(result, dict(denominator))


def _primes(number, small):
    """{prime: exponent} of a positive rational number; small: what small primes leave counts as one."""
    return factorrat(Rational(number.numerator, number.denominator), limit=SMALL_PRIMES if small else None)
