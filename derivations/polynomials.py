"""Sparse polynomials over ℚ in a growing list of generators, by python-flint where it is installed, else by SymPy.

Both back ends offer the same six things that the normal form needs: a constant, a generator, exact division, the
factors, the terms, and a larger ring; +, −, ×, ** and == are the polynomials' own.
"""

from fractions import Fraction
from functools import cache

from sympy import QQ
from sympy.polys.orderings import lex
from sympy.polys.rings import PolyRing


class SympyPolynomials:
    """Polynomials in x0 … x(capacity−1) as SymPy ring elements."""

    def __init__(self, capacity):
        self.ring = PolyRing([f"x{index}" for index in range(capacity)], QQ, lex)

    def constant(self, value):
        return self.ring.ground_new(QQ(value.numerator, value.denominator))

    def generator(self, index):
        return self.ring.gens[index]

    def adopt(self, polynomial):
        """The same polynomial in this ring, which has at least as many generators."""
        return polynomial if polynomial.ring is self.ring else polynomial.set_ring(self.ring)

    def quotient(self, dividend, divisor):
        """dividend / divisor where that is a polynomial, else None."""
        quotient, rest = dividend.div(divisor)
        return None if rest else quotient

    def factors(self, polynomial):
        """(constant, [(irreducible factor with leading coefficient 1, exponent), …])"""
        constant, factors = polynomial.factor_list()
        monic = [(factor.monic(), exponent) for factor, exponent in factors]
        for factor, exponent in factors:
            constant *= factor.LC**exponent
        return Fraction(int(constant.numerator), int(constant.denominator)), monic

    def terms(self, polynomial):
        """[(exponents, Fraction), …], leading term first."""
        return [(powers, Fraction(int(q.numerator), int(q.denominator))) for powers, q in polynomial.terms()]


class FlintPolynomials:
    """Polynomials in x0 … x(capacity−1) as python-flint's fmpq_mpoly."""

    def __init__(self, capacity):
        from flint import Ordering, fmpq, fmpq_mpoly_ctx

        self._rational = fmpq
        self.ring = fmpq_mpoly_ctx.get(("x", capacity), Ordering.lex)

    def constant(self, value):
        return self.ring.constant(self._rational(value.numerator, value.denominator))

    def generator(self, index):
        return self.ring.gen(index)

    def adopt(self, polynomial):
        """The same polynomial in this ring, which has at least as many generators."""
        context = polynomial.context()
        if context is self.ring:
            return polynomial
        return polynomial.project_to_context(self.ring, {index: index for index in range(context.nvars())})

    def quotient(self, dividend, divisor):
        """dividend / divisor where that is a polynomial, else None."""
        quotient, rest = divmod(dividend, divisor)
        return None if rest else quotient

    def factors(self, polynomial):
        """(constant, [(irreducible factor with leading coefficient 1, exponent), …])"""
        constant, factors = polynomial.factor()
        monic = []
        for factor, exponent in factors:
            leading = factor.leading_coefficient()
            constant *= leading**exponent
            monic.append((factor / leading, exponent))
        return Fraction(int(constant.p), int(constant.q)), monic

    def terms(self, polynomial):
        """[(exponents, Fraction), …], leading term first."""
        return [(tuple(map(int, powers)), Fraction(int(q.p), int(q.q))) for powers, q in polynomial.terms()]


@cache
def backend():
    """The class of polynomials to use: python-flint's where it can be imported."""
    try:
        import flint  # noqa: F401
    except ImportError:
        return SympyPolynomials
    return FlintPolynomials
