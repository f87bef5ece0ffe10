"""A rule: what it says, how it rewrites a line, and under which hypotheses it holds."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sympy.tensor.indexed import Indexed

from derivations.notation import Partial, rebuilt


class RuleDoesNotApply(ValueError):
    """A step names a rule that finds nothing to rewrite in the line."""


@dataclass(frozen=True)
class Rule:
    """One named rewriting: `rewrite(expression, names)` returns the next line, or the same where nothing matches.

    name: what is printed beside the line; latex: the statement of the rule; names: the definitions in force.
    """

    name: str
    latex: str
    rewrite: Callable
    hypotheses: tuple = ()

    def under(self, *hypotheses):
        """The same rule, with the hypotheses under which it is used here."""
        return replace(self, hypotheses=(*self.hypotheses, *hypotheses))

    def __call__(self, expression, names=()):
        result = self.rewrite(expression, names)
        if result == expression:
            raise RuleDoesNotApply(f"rule '{self.name}' finds nothing to rewrite in {expression}")
        return result


def everywhere(expression, change):
    """Replace the outermost subexpressions for which `change` returns something other than None."""
    new = change(expression)
    if new is not None:
        return new
    if not expression.args or isinstance(expression, Indexed):
        return expression
    return rebuilt(expression, [everywhere(part, change) for part in expression.args])


def on_partials(change):
    """A rewriting that applies `change(function, variable, names)` to the outermost ∂function/∂variable."""

    def rewrite(expression, names):
        def one(part):
            return change(part.function, part.variable, names) if isinstance(part, Partial) else None

        return everywhere(expression, one)

    return rewrite


def depends(expression, variable, names):
    """Whether an expression can change with an entry of the variable's array, through definitions too."""
    base = variable.base if isinstance(variable, Indexed) else variable
    if expression == base or isinstance(expression, Indexed) and expression.base == base:
        return True
    for definition in names:
        if isinstance(expression, Indexed) and expression.base == definition.base or expression == definition.symbol:
            return depends(definition.meaning, variable, names)
    return any(depends(part, variable, names) for part in expression.args)
