"""A named intermediate such as p[i] = exp(o[i]) / Σ_k exp(o[k])."""

from dataclasses import dataclass, field

from sympy import Expr
from sympy.tensor.indexed import Indexed

from derivations.notation import rebuilt, substitute


@dataclass(frozen=True)
class Definition:
    """symbol = meaning, for every value of the letters in the symbol.

    `computed`, where given, is an expression with the same value that NumPy should evaluate instead (for softmax the
    one with the maximum subtracted), and `because` is the derivation that proves that they are equal.
    """

    symbol: Indexed
    meaning: Expr
    called: str
    computed: Expr | None = None
    because: object = field(default=None, repr=False)

    @property
    def base(self):
        return self.symbol.base if isinstance(self.symbol, Indexed) else self.symbol

    @property
    def letters(self):
        return self.symbol.indices if isinstance(self.symbol, Indexed) else ()

    def at(self, indices, form=None):
        """The meaning, or another form of it, at other indices."""
        return substitute(self.meaning if form is None else form, dict(zip(self.letters, indices, strict=True)))

    def unfold(self, expression):
        """The expression with every entry of this array replaced by its meaning."""
        if isinstance(expression, Indexed) and expression.base == self.base:
            return self.at(expression.indices)
        if expression == self.symbol:
            return self.meaning
        if not expression.args:
            return expression
        return rebuilt(expression, [self.unfold(part) for part in expression.args])
