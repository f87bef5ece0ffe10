"""Index expressions as plain text and as LaTeX."""

from sympy import Add, Mul, Pow, Symbol, exp, log, tanh
from sympy.tensor.indexed import Indexed

from derivations.notation import IndexSum, Partial, over_under
from derivations.printer import FACTOR, PRODUCT, Printer, last_is_sum, negative

_GREEK = ("delta", "beta", "gamma", "epsilon", "kappa", "tau", "sigma", "ell", "omega")


def text(expression):
    """The expression in one line of plain text, e.g. p[i]·(δ[i,j] − p[j])."""
    return _Text().show(expression)


def latex(expression):
    r"""The expression as LaTeX, e.g. p_{i} \left(\delta_{ij} - p_{j}\right)."""
    return _Latex().show(expression)


class _Text(Printer):
    minus, sign = " − ", "−"
    ratio_strength = PRODUCT
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
        above = self.show(over, FACTOR if isinstance(over, Add) else PRODUCT)
        if last_is_sum(over):
            above = self.bracket(above)
        below = self.show(under, FACTOR)
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


class _Latex(Printer):
    minus, sign = " - ", "-"
    ratio_strength = PRODUCT
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
        if whole or isinstance(function, Add) or negative(function):
            shown = self.bracket(shown)
        return rf"\frac{{\partial}}{{\partial {self.show(variable)}}} {shown}"
