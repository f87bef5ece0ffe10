"""Whether two exact scalars are equal: the normal form proves it, an interval that excludes 0 proves the opposite."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from random import Random

from derivations.execution.substitute import Substitution
from derivations.execution.trace import Condition
from derivations.execution.values import Enclosures, Values
from derivations.normal_form import Undecided
from derivations.scalar import ZERO, constant, postorder

EQUAL, DIFFERENT, OPEN = "equal", "different", "undecided"
PRECISIONS = (200, 1000)  # digits, until cancellation is overcome
NEARBY = 3  # further points on the same path


@dataclass(frozen=True)
class Decision:
    """equal, different or undecided; `conditions`: of the path, on which "equal" depends beyond the branches taken."""

    verdict: str
    conditions: tuple[Condition, ...] = ()


class Decider:
    """Decides about the results of one run. trace: of the run; form: a NormalForm, which may serve many runs."""

    def __init__(self, trace, form):
        self._trace, self._form = trace, form
        self._rational = trace.values.rational
        self._enclosures = {}
        self._straight = Substitution(self._side)

    def decide(self, got, wanted):
        """The Decision on got = wanted, `got` of the run and `wanted` of the definition."""
        if isinstance(got, float):
            return Decision(DIFFERENT)
        wanted, kinks = self._off_the_kinks(wanted)
        raw = got - wanted
        chosen = self._trace.resolved(raw)
        if self._far(got, wanted) and self._differs(chosen, PRECISIONS[:1]):
            return Decision(DIFFERENT)
        if self._trace.choices(raw) and not self._depends(raw) and self._is_zero(raw):
            return Decision(EQUAL, kinks)
        reasons = (*kinks, *self._trace.reasons(raw))
        if self._is_zero(chosen):
            return Decision(EQUAL, reasons)
        if self._differs(chosen, PRECISIONS) or self._differs_nearby(chosen, reasons):
            return Decision(DIFFERENT)
        return Decision(OPEN)

    def _is_zero(self, node):
        """Whether the normal form shows that the scalar is zero."""
        try:
            return self._form.zero(node)
        except (Undecided, ZeroDivisionError):
            return False

    def _off_the_kinks(self, wanted):
        """The definition with each [f > 0] as it is on the path, and the conditions that say so."""
        kinks = [node.args[0] for node in postorder(wanted) if node.kind == "positive"]
        conditions = tuple(Condition(f, ">", ZERO) if self._above(f) else Condition(ZERO, ">", f) for f in kinks)
        return (self._straight(wanted) if kinks else wanted), conditions

    def _above(self, node):
        return self._trace.number(node) > 0

    def _side(self, node):
        return constant(int(self._above(node.args[0]))) if node.kind == "positive" else None

    @cached_property
    def _elsewhere(self):
        """The numbers with those of the choices exchanged for others that have nothing to do with what was chosen."""
        others = {name: Fraction(2 * k + 3, 7) for k, name in enumerate(self._trace.selections)}
        return Values({**self._trace.values.numbers, **others})

    def _depends(self, node):
        """Whether the scalar is not zero for all values of its choices; only this saves the normal form's time."""
        return not abs(self._elsewhere.number(node)) <= self._elsewhere.context.mpf(10) ** -40

    def _far(self, got, wanted):
        """Whether the numbers differ by more than cancellation is likely to explain; this only saves time."""
        first, second = self._trace.number(got), self._trace.number(wanted)
        return not abs(first - second) <= self._trace.values.context.mpf(10) ** -40 * (abs(first) + abs(second))

    def _differs(self, node, precisions):
        """Whether the scalar is certainly not zero at the numbers of the run."""
        for digits in precisions:
            if digits not in self._enclosures:
                self._enclosures[digits] = Enclosures(self._rational, digits)
            if self._enclosures[digits].excludes_zero(node):
                return True
        return False

    def _differs_nearby(self, node, reasons):
        """Whether it is certainly not zero at other numbers that lead along the same path."""
        conditions = (*self._trace.conditions, *reasons)
        rng = Random(0)
        for _ in range(NEARBY):
            moved = {name: x * (1 + Fraction(rng.randint(1, 999), 10**6)) for name, x in self._rational.items()}
            values = Values(moved)
            on_the_path = all(self._holds(condition, values) for condition in conditions)
            if on_the_path and any(Enclosures(moved, digits).excludes_zero(node) for digits in PRECISIONS):
                return True
        return False

    def _holds(self, condition, values):
        left, right = (values.number(self._trace.resolved(side)) for side in (condition.left, condition.right))
        return {">": left > right, "≥": left >= right, "=": left == right}[condition.relation]
