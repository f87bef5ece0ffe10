"""Index expressions as plain text and as LaTeX, in the order in which a person would write them.

One walk serves both: `_Printer` decides what is written in which order and where brackets are needed, and its two
subclasses only spell the pieces.
"""

from sympy import Add, E, Integer, KroneckerDelta, Max, Mul, Pow, Rational, Symbol, exp, log, tanh
from sympy.tensor.indexed import Indexed

from derivations.notation import Index, IndexMax, IndexSum, Iverson, Partial, Size, binder, c, excluded, over_under

_GREEK = ("delta", "beta", "gamma", "epsilon", "kappa", "tau", "sigma", "ell", "omega")
_SUM, _PRODUCT, _FACTOR = 1, 2, 3  # how tightly the context binds: operand of +, of ×, of a power or function


def text(expression):
    """The expression in one line of plain text, e.g. p[i]·(δ[i,j] − p[j])."""
    return _Text().show(expression)


def latex(expression):
    r"""The expression as LaTeX, e.g. p_{i} \left(\delta_{ij} - p_{j}\right)."""
    return _Latex().show(expression)


class _Printer:
    def show(self, expression, context=0):
        """The expression, in brackets where the context binds more tightly than its outermost operation."""
        for kind, method in self._methods:
            if isinstance(expression, kind):
                shown, strength = method(self, expression)
                return self.bracket(shown) if strength < context else shown
        raise TypeError(f"cannot print {type(expression).__name__}: {expression}")

    def _add(self, expression):
        terms = sorted(expression.args, key=lambda term: (_negative(term), isinstance(term, Symbol), *rank(term)))
        shown = self.show(terms[0], _SUM if _negative(terms[0]) else 0)
        for term in terms[1:]:
            sign, part = (self.minus, -term) if _negative(term) else (" + ", term)
            shown += sign + self.show(part, _PRODUCT if isinstance(part, Add) else _SUM)
        return shown, _SUM

    def _mul(self, expression):
        if _negative(expression):
            return self.sign + self.show(-expression, _PRODUCT), _SUM
        over, under = over_under(expression)
        if under == 1:
            return self._product(over), _PRODUCT
        if isinstance(over, Mul | IndexSum) and _last_is_sum(over) and all(x.is_Symbol for x in Mul.make_args(under)):
            return self.join([self.ratio(Integer(1), under), self.show(over, _PRODUCT)]), _PRODUCT
        return self.ratio(over, under), self.ratio_strength

    def _product(self, expression):
        factors = sorted(Mul.make_args(expression), key=rank)
        shown = [self.show(factor, _FACTOR if isinstance(factor, Add) else _PRODUCT) for factor in factors]
        shown[:-1] = map(self.closed, factors[:-1], shown[:-1])
        return self.join(shown)

    def closed(self, factor, shown):
        """A factor that others follow, so written that they are not read as part of it."""
        return self.bracket(shown) if isinstance(factor, IndexSum | IndexMax) else shown

    def _pow(self, expression):
        base, exponent = expression.args
        if base is E:
            return self.exponential(exponent), _FACTOR
        if exponent == Rational(1, 2):
            return self.root(base), _FACTOR
        if exponent.could_extract_minus_sign():
            return self.ratio(Integer(1), base**-exponent), self.ratio_strength
        shown = self.show(base, _FACTOR)
        if isinstance(base, IndexSum | exp | log | tanh | Mul):
            shown = self.bracket(self.show(base))
        return self.power(shown, self.show(exponent)), _FACTOR

    def _sum(self, expression):
        index, body = binder(expression), expression.args[0]
        target = excluded(index, body)
        if target is None:
            return self.sigma(index, self.show(body, _PRODUCT)), _PRODUCT
        whole = body / (1 - KroneckerDelta(index, target))
        return self.sigma_except(index, self.show(target), self.show(whole, _PRODUCT)), _PRODUCT

    def _rational(self, expression):
        if expression.q == 1:
            return str(expression.p).replace("-", self.sign), _SUM if expression.p < 0 else _FACTOR
        return self.ratio(Integer(expression.p), Integer(expression.q)), self.ratio_strength

    def _symbol(self, expression):
        return self.name(expression.name), _FACTOR

    def _function(self, expression):
        return self.call(type(expression).__name__, expression.args[0]), _FACTOR

    _methods = (
        (Add, _add),
        (Mul, _mul),
        (IndexSum, _sum),
        (Pow, _pow),
        (Rational, _rational),
        (Index, lambda self, e: (self.letter(e.name), _FACTOR)),
        (Symbol, _symbol),
        (exp, lambda self, e: (self.exponential(e.args[0]), _FACTOR)),
        (log | tanh, _function),
        (Indexed, lambda self, e: (self.entry(self.name(str(e.base)), e.indices), _FACTOR)),
        (KroneckerDelta, lambda self, e: (self.entry(self.name("delta"), sorted(e.args, key=_data_last)), _FACTOR)),
        (Iverson, lambda self, e: (f"[{self.show(e.args[0])} > 0]", _FACTOR)),
        (Max, lambda self, e: (self.maximum(sorted(e.args, key=rank)), _FACTOR)),
        (IndexMax, lambda self, e: (self.maximum_over(e.index, self.show(e.function, _PRODUCT)), _PRODUCT)),
        (Partial, lambda self, e: (self.partial(e.function, e.variable), _PRODUCT)),
    )


class _Text(_Printer):
    minus, sign = " − ", "−"
    ratio_strength = _PRODUCT
    _greek = dict(zip(_GREEK, "δβγεκτσℓω", strict=True))

    def bracket(self, shown):
        return f"({shown})"

    def join(self, shown):
        return "·".join(shown)

    def name(self, plain):
        return self._greek.get(plain, plain)

    def letter(self, plain):
        return plain

    def entry(self, name, indices):
        return f"{name}[{','.join(self.show(index) for index in indices)}]"

    def ratio(self, over, under):
        above = self.show(over, _FACTOR if isinstance(over, Add) else _PRODUCT)
        if _last_is_sum(over):
            above = self.bracket(above)
        below = self.show(under, _FACTOR)
        if isinstance(under, Mul) or isinstance(under, IndexSum):
            below = self.bracket(self.show(under))
        return f"{above}/{below}"

    def power(self, base, exponent):
        return f"{base}^{exponent}" if exponent.isalnum() else f"{base}^({exponent})"

    def root(self, base):
        return f"√({self.show(base)})"

    def exponential(self, exponent):
        return f"exp({self.show(exponent)})"

    def call(self, name, argument):
        return f"{name}({self.show(argument)})"

    def sigma(self, index, body):
        return f"Σ_{index.name} {body}"

    def sigma_except(self, index, target, body):
        return f"Σ_{index.name}≠{target} {body}"

    def maximum(self, args):
        return f"max({', '.join(self.show(part) for part in args)})"

    def maximum_over(self, index, body):
        return f"max_{index.name} {body}"

    def partial(self, function, variable):
        if isinstance(function, Indexed | Symbol):
            return f"∂{self.show(function)}/∂{self.show(variable)}"
        return f"∂/∂{self.show(variable)} ({self.show(function)})"


class _Latex(_Printer):
    minus, sign = " - ", "-"
    ratio_strength = _PRODUCT
    _greek = {name: rf"\{name}" for name in _GREEK}

    def bracket(self, shown):
        return rf"\left({shown}\right)"

    def join(self, shown):
        result = shown[0]
        for part in shown[1:]:
            bracketed = part.startswith(r"\left") or result.endswith(r"\right)")
            result += (" " if bracketed else r" \, ") + part
        return result

    def name(self, plain):
        return self._greek.get(plain, plain)

    def letter(self, plain):
        return plain if len(plain) == 1 else f"{plain[0]}_{{{plain[1:]}}}"

    def closed(self, factor, shown):
        if isinstance(factor, log | tanh):
            return rf"\{type(factor).__name__} {self.bracket(self.show(factor.args[0]))}"
        if isinstance(factor, Partial) and not isinstance(factor.function, Indexed | Symbol):
            return self.bracket(shown)
        return super().closed(factor, shown)

    def entry(self, name, indices):
        separator = "" if all(isinstance(index, Symbol) for index in indices) else ","
        return f"{name}_{{{separator.join(self.show(index) for index in indices)}}}"

    def ratio(self, over, under):
        return rf"\frac{{{self.show(over)}}}{{{self.show(under)}}}"

    def power(self, base, exponent):
        return f"{base}^{{{exponent}}}"

    def root(self, base):
        return rf"\sqrt{{{self.show(base)}}}"

    def exponential(self, exponent):
        return f"e^{{{self.show(exponent)}}}"

    def call(self, name, argument):
        simple = isinstance(argument, Indexed | Symbol | IndexSum | exp) or argument.is_Integer
        shown = self.show(argument)
        return rf"\{name} {shown}" if simple else rf"\{name} {self.bracket(shown)}"

    def sigma(self, index, body):
        return rf"\sum_{{{self.letter(index.name)}=1}}^{{{index.size.name}}} {body}"

    def sigma_except(self, index, target, body):
        return rf"\sum_{{{self.letter(index.name)} \neq {target}}} {body}"

    def maximum(self, args):
        return rf"\max\left({', '.join(self.show(part) for part in args)}\right)"

    def maximum_over(self, index, body):
        return rf"\max_{{{self.letter(index.name)}}} {body}"

    def partial(self, function, variable):
        if isinstance(function, Indexed | Symbol):
            return rf"\frac{{\partial {self.show(function)}}}{{\partial {self.show(variable)}}}"
        shown = self.show(function)
        whole = isinstance(function, Mul | Pow) and over_under(function)[1] == 1
        if whole or isinstance(function, Add) or _negative(function):
            shown = self.bracket(shown)
        return rf"\frac{{\partial}}{{\partial {self.show(variable)}}} {shown}"


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


def _negative(term):
    return term.could_extract_minus_sign() if not isinstance(term, Add) else False


def _last_is_sum(expression):
    return isinstance(sorted(Mul.make_args(expression), key=rank)[-1], IndexSum)
