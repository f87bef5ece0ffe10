"""In which order a person writes the pieces of an expression, and where brackets are needed.

`Printer` walks an index expression; what spells the pieces, as text or as LaTeX, is in `printing`.
"""

from sympy import Add, E, Integer, KroneckerDelta, Max, Mul, Pow, Rational, Symbol, exp, log, tanh
from sympy.tensor.indexed import Indexed

from derivations.notation import Index, IndexMax, IndexSum, Iverson, Partial, Size, binder, c, excluded, over_under

SUM, PRODUCT, FACTOR = 1, 2, 3  # how tightly the context binds: operand of +, of ×, of a power or function


class Printer:
    def show(self, expression, context=0):
        """The expression, in brackets where the context binds more tightly than its outermost operation."""
        for kind, method in self._methods:
            if isinstance(expression, kind):
                shown, strength = method(self, expression)
                return self.bracket(shown) if strength < context else shown
        raise TypeError(f"cannot print {type(expression).__name__}: {expression}")

    def _add(self, expression):
        terms = sorted(expression.args, key=lambda term: (negative(term), isinstance(term, Symbol), *rank(term)))
        shown = self.show(terms[0], SUM if negative(terms[0]) else 0)
        for term in terms[1:]:
            sign, part = (self.minus, -term) if negative(term) else (" + ", term)
            shown += sign + self.show(part, PRODUCT if isinstance(part, Add) else SUM)
        return shown, SUM

    def _mul(self, expression):
        if negative(expression):
            return self.sign + self.show(-expression, PRODUCT), SUM
        over, under = over_under(expression)
        if under == 1:
            return self._product(over), PRODUCT
        if isinstance(over, Mul | IndexSum) and last_is_sum(over) and all(x.is_Symbol for x in Mul.make_args(under)):
            return self.join([self.ratio(Integer(1), under), self.show(over, PRODUCT)]), PRODUCT
        return self.ratio(over, under), self.ratio_strength

    def _product(self, expression):
        factors = sorted(Mul.make_args(expression), key=rank)
        shown = [self.show(factor, FACTOR if isinstance(factor, Add) else PRODUCT) for factor in factors]
        shown[:-1] = map(self.closed, factors[:-1], shown[:-1])
        return self.join(shown)

    def closed(self, factor, shown):
        """A factor that others follow, so written that they are not read as part of it."""
        return self.bracket(shown) if isinstance(factor, IndexSum | IndexMax) else shown

    def _pow(self, expression):
        base, exponent = expression.args
        if base is E:
            return self.exponential(exponent), FACTOR
        if exponent == Rational(1, 2):
            return self.root(base), FACTOR
        if exponent.could_extract_minus_sign():
            return self.ratio(Integer(1), base**-exponent), self.ratio_strength
        shown = self.show(base, FACTOR)
        if isinstance(base, IndexSum | exp | log | tanh | Mul):
            shown = self.bracket(self.show(base))
        return self.power(shown, self.show(exponent)), FACTOR

    def _sum(self, expression):
        index, body = binder(expression), expression.args[0]
        target = excluded(index, body)
        if target is None:
            return self.sigma(index, self.show(body, PRODUCT)), PRODUCT
        whole = body / (1 - KroneckerDelta(index, target))
        return self.sigma_except(index, self.show(target), self.show(whole, PRODUCT)), PRODUCT

    def _rational(self, expression):
        if expression.q == 1:
            return str(expression.p).replace("-", self.sign), SUM if expression.p < 0 else FACTOR
        return self.ratio(Integer(expression.p), Integer(expression.q)), self.ratio_strength

    def _symbol(self, expression):
        return self.name(expression.name), FACTOR

    def _function(self, expression):
        return self.call(type(expression).__name__, expression.args[0]), FACTOR

    _methods = (
        (Add, _add),
        (Mul, _mul),
        (IndexSum, _sum),
        (Pow, _pow),
        (Rational, _rational),
        (Index, lambda self, e: (self.letter(e.name), FACTOR)),
        (Symbol, _symbol),
        (exp, lambda self, e: (self.exponential(e.args[0]), FACTOR)),
        (log | tanh, _function),
        (Indexed, lambda self, e: (self.entry(self.name(str(e.base)), e.indices), FACTOR)),
        (KroneckerDelta, lambda self, e: (self.entry(self.name("delta"), sorted(e.args, key=_data_last)), FACTOR)),
        (Iverson, lambda self, e: (f"[{self.show(e.args[0])} > 0]", FACTOR)),
        (Max, lambda self, e: (self.maximum(sorted(e.args, key=rank)), FACTOR)),
        (IndexMax, lambda self, e: (self.maximum_over(e.index, self.show(e.function, PRODUCT)), PRODUCT)),
        (Partial, lambda self, e: (self.partial(e.function, e.variable), PRODUCT)),
    )


_ORDER = (
    Rational,
    Size,
    Symbol,
    Indexed,
    Iverson,
    exp,
    log | tanh,
    KroneckerDelta,
    Pow,
    Mul,
    Add,
    Max,
    Partial,
    IndexSum | IndexMax,
)


def rank(expression):
    """Where a factor or term stands: numbers, sizes, entries, functions, brackets, derivatives, sums."""
    kind = next(position for position, kinds in enumerate(_ORDER) if isinstance(expression, kinds))
    shown = str(expression)
    return kind, shown[0].isupper() != isinstance(expression, Size), shown


def _data_last(index):
    """δ_jc and δ_{j,c[b]}: the letter that runs first, the class that is given behind it."""
    return isinstance(index, Indexed) or index == c, str(index)


def negative(term):
    return term.could_extract_minus_sign() if not isinstance(term, Add) else False


def last_is_sum(expression):
    return isinstance(sorted(Mul.make_args(expression), key=rank)[-1], IndexSum)
