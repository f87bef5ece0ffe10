"""Assumptions about data under which a step holds: stated where they are used, imposed when the step is checked.

A hypothesis has an equation or inequality to print. `impose(array, position, sizes)` gives the index expression that an
entry of an array equals under it, in terms of the other entries, or None for an entry that it leaves free.
"""

from dataclasses import dataclass

from sympy import Add, Expr, Integer, KroneckerDelta
from sympy.tensor.indexed import Indexed

from derivations.lifting import lift
from derivations.notation import b, substitute, total
from derivations.printing import latex, text


@dataclass(frozen=True)
class Hypothesis:
    """An assumption about the entries of the array that `entry` belongs to."""

    entry: Indexed

    def impose(self, array, position, sizes):
        return None

    def lifted(self):
        """The same assumption for every row of a batch."""
        return type(self)(lift(self.entry, b))

    @property
    def name(self):
        return f"{self.entry.base} {self.what}"

    @property
    def latex(self):
        return f"{latex(self.left)} {self.relation_latex} {latex(self.right)}"

    @property
    def text(self):
        return f"{text(self.left)} {self.relation} {text(self.right)}"

    relation = relation_latex = "="
    left = property(lambda self: self.entry)
    right = Integer(0)


class Positive(Hypothesis):
    """p > 0, under which log p and y/p are defined."""

    what = "is positive"
    relation = relation_latex = ">"


class AwayFromKink(Hypothesis):
    """x ≠ 0: there max(0, x) has a derivative."""

    what = "is not at the kink"
    relation, relation_latex = "≠", r"\neq"


class SumsToOne(Hypothesis):
    """Σ_k y_k = 1 over the last letter of the entry."""

    what = "sums to one"
    left = property(lambda self: total(self.entry, self.entry.indices[-1]))
    right = Integer(1)

    def impose(self, array, position, sizes):
        if array != self.entry.base.name or position[-1] != sizes[self.entry.indices[-1].size]:
            return None
        others = [(*position[:-1], k) for k in range(1, position[-1])]
        return Integer(1) - Add(*(self.entry.base[tuple(map(Integer, other))] for other in others))


@dataclass(frozen=True)
class OneHot(Hypothesis):
    """y_k = δ_kc: the target is the class c alone."""

    target: Expr
    what = "is one-hot"
    right = property(lambda self: KroneckerDelta(self.entry.indices[-1], self.target))

    def impose(self, array, position, sizes):
        if array != self.entry.base.name:
            return None
        letters = dict(zip(self.entry.indices, map(Integer, position), strict=True))
        return KroneckerDelta(Integer(position[-1]), substitute(self.target, letters))

    def meaning(self, expression):
        """δ for an entry of the array, None for any other expression."""
        if isinstance(expression, Indexed) and expression.base == self.entry.base:
            return KroneckerDelta(expression.indices[-1], self.target)
        return None

    def lifted(self):
        return OneHot(lift(self.entry, b), lift(self.target, b))
