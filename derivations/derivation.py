"""A derivation: a first line, rules that are applied one after the other, and the line a person would write last.

Nothing is transcribed. Each rule rewrites the line before it; the last line must be the claim, term for term; and each
line is checked against the one before it, exactly, at small sizes and at every coincidence of the free letters.
"""

from dataclasses import dataclass, field
from functools import cached_property

from sympy import Expr, sympify
from sympy.tensor.indexed import Indexed

from derivations.definition import Definition
from derivations.notation import canonical, distinct, free_indices
from derivations.rules.hypotheses import Hypothesis
from derivations.rules.rule import Rule


class DerivationError(ValueError):
    """A step that does not apply, a line that does not follow, or a last line that is not the claim."""


@dataclass(frozen=True)
class Line:
    """One line: the expression and the rule that gave it (None for the first)."""

    expression: Expr
    rule: Rule | None


@dataclass(frozen=True)
class Derivation:
    """start = … = claim, by the steps, with the names and hypotheses that it declares.

    name: unique in the catalogue, "operation: what"; names: definitions in force; hypotheses: all that steps use.
    `lines` raises DerivationError where a step does not apply, or the last line is not the claim.
    """

    name: str
    start: Expr
    steps: tuple[Rule, ...]
    claim: Expr
    names: tuple[Definition, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = field(default=())

    def __post_init__(self):
        object.__setattr__(self, "claim", sympify(self.claim))

    @cached_property
    def lines(self):
        """The executed lines, the start first."""
        lines = [Line(distinct(self.start), None)]
        for number, rule in enumerate(self.steps, start=1):
            self._require_declared(rule, number)
            try:
                result = distinct(rule(lines[-1].expression, self.names))
            except ValueError as error:
                raise DerivationError(f"{self.name}, step {number} ({rule.name}): {error}") from error
            lines.append(Line(result, rule))
        if canonical(lines[-1].expression) != canonical(self.claim):
            raise DerivationError(
                f"{self.name}: the last line is {_text(lines[-1].expression)}, the claim is {_text(self.claim)}"
            )
        return tuple(lines)

    @property
    def used(self):
        """The definitions whose symbol stands in some line."""
        entries = {part.base for line in self.lines for part in line.expression.atoms(Indexed)}
        return tuple(definition for definition in self.names if definition.base in entries)

    @property
    def ranges(self):
        """{size: its free letters}: 1 ≤ letter ≤ size is assumed of each, without which sifting would be wrong."""
        found = {}
        letters = frozenset().union(*(free_indices(line.expression) for line in self.lines))
        for letter in sorted(letters, key=str):
            found.setdefault(letter.size, []).append(letter)
        return found

    def _require_declared(self, rule, number):
        declared = {hypothesis.name for hypothesis in self.hypotheses}
        for hypothesis in rule.hypotheses:
            if hypothesis.name not in declared:
                raise DerivationError(
                    f"{self.name}, step {number} ({rule.name}): uses the hypothesis {hypothesis.text},"
                    " which the derivation does not declare"
                )


def _text(expression):
    from derivations.printing import text

    return text(expression)
