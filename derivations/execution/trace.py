"""One exact execution: the numbers that decide comparisons, and all that happened on the way.

Which number is larger is decided at one point, the numbers of the unknowns; that choice is a *condition* of the path.
The largest of several numbers is an unknown of its own until it is known that the choice matters: softmax is the
same function whatever is subtracted from the logits, and then no condition arises from the maximum.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from derivations.execution.cannot_trace import CannotTrace, here
from derivations.execution.constants import Constants
from derivations.execution.substitute import Substitution, substituted, unknowns
from derivations.execution.values import Enclosures, Values
from derivations.execution.written import written
from derivations.normal_form import NormalForm, Undecided
from derivations.scalar import ZERO, Scalar, constant, variable

TIE = 120  # two numbers that agree to so many digits, of 200, are looked at more closely
FINEST = 2000  # digits
GAP = "uninitialised"  # what np.empty holds

_active = []


@dataclass(frozen=True)
class Condition:
    """left − right has that sign on the path: ">", "≥" or "="."""

    left: Scalar
    relation: str
    right: Scalar

    def __str__(self):
        if self.left.kind == "const":  # 0 > x reads better as x < 0
            opposite = {">": "<", "≥": "≤"}.get(self.relation, self.relation)
            return f"{written(self.right)} {opposite} {written(self.left)}"
        return f"{written(self.left)} {self.relation} {written(self.right)}"


@dataclass(frozen=True)
class Selection:
    """The part that was chosen of several, and why."""

    chosen: Scalar
    conditions: tuple[Condition, ...]


class Trace:
    """The state of one run. numbers: {unknown: Fraction}; known: a `Constants`."""

    def __init__(self, numbers, known=None):
        self.values = Values(numbers)
        self.constants = Constants() if known is None else known
        self.conditions = {}  # Condition -> None, in the order of the run
        self.selections = {}  # name of the unknown -> Selection
        self.events = {}  # text -> None
        self.failure = None
        self._empty = 0
        self._names = {}
        self._form = NormalForm()
        self._choosing = Substitution(self._chosen)

    def number(self, node):
        return self.values.number(node)

    def event(self, what):
        """Something that exact arithmetic does not show, and where it happened."""
        self.events[f"{what} at {here()}"] = None

    def refuse(self, reason):
        """The CannotTrace to raise; it is kept, since the subject may catch it."""
        refusal = CannotTrace(reason)
        self.failure = self.failure or refusal
        return refusal

    def uninitialised(self):
        """An entry of np.empty: an unknown that the result must not contain."""
        self._empty += 1
        name = f"{GAP}[{self._empty}]"
        self.values.numbers[name] = Fraction(15 * self._empty, 2)
        return variable(name)

    # comparisons

    def sign(self, left, right, record=True):
        """−1, 0 or 1 as left is smaller than, equal to or larger than right; None where one is NaN."""
        if left is right and not isinstance(left, float):
            return 0
        first, second = self.number(left), self.number(right)
        mp = self.values.context
        if mp.isnan(first) or mp.isnan(second):
            return None
        if isinstance(left, float) or isinstance(right, float) or left.kind == "const" == right.kind:
            return (first > second) - (first < second)
        sign = self._order(first, second)
        if sign == 0:
            if self._identical(left, right):
                return 0
            sign = self._refined(left - right)
        if record:
            self._record(left, right, sign)
        return sign

    def _order(self, first, second):
        difference = first - second
        if abs(difference) <= self.values.context.mpf(10) ** -TIE * (abs(first) + abs(second)):
            return 0
        return 1 if difference > 0 else -1

    def _refined(self, difference):
        """The sign of what is too small for the usual digits, 0 if it is for thousands of them too."""
        number = Enclosures(self.values.rational, FINEST).number(self.resolved(difference))
        return int(number.a > 0) - int(number.b < 0)

    def _identical(self, left, right):
        try:
            return self._form.zero(left - right)
        except (Undecided, ZeroDivisionError):
            return False

    def _record(self, left, right, sign):
        if sign < 0:
            left, right = right, left
        self.conditions[Condition(left, ">" if sign else "=", right)] = None

    # choices

    def largest(self, nodes, lowest=False):
        """max (or min) of nodes, an unknown until `resolved`; NaN where one is NaN."""
        nodes = list(dict.fromkeys(nodes))
        best = nodes[0]
        for node in nodes[1:]:
            sign = self.sign(node, best, record=False)
            if sign is None:
                return float("nan")
            if sign == (-1 if lowest else 1):
                best = node
        others = [node for node in nodes if node is not best and not isinstance(node, float)]
        if isinstance(best, float) or all(node.kind == "const" == best.kind for node in others):
            return best
        pairs = ((other, best) if lowest else (best, other) for other in others)
        conditions = tuple(Condition(left, "≥", right) for left, right in pairs)
        names = sorted(written(node, 60) for node in (best, *others))
        return self.choice(f"{'min' if lowest else 'max'}({', '.join(names)})", best, conditions, (lowest, *nodes))

    def choice(self, words, chosen, conditions, key):
        """An unknown that stands for what was chosen; the same one for the same choice."""
        key = (words, *key)
        if key not in self._names:
            self._names[key] = name = words if words not in self.selections else f"{words} #{len(self._names)}"
            self.selections[name] = Selection(chosen, conditions)
            self.values.numbers[name] = self.number(chosen)
        return variable(self._names[key])

    def absolute(self, node):
        """|x|: an unknown until it is `resolved` to x or −x."""
        if isinstance(node, float):
            return abs(node)
        if node.kind == "const":
            return constant(abs(node.args[0]))
        negative = self.sign(node, ZERO, record=False) == -1
        reason = Condition(ZERO, "≥", node) if negative else Condition(node, "≥", ZERO)
        return self.choice(f"|{written(node, 60)}|", -node if negative else node, (reason,), (node,))

    def resolved(self, node):
        """The scalar with every choice replaced by what was chosen."""
        return self._choosing(node) if self.selections and not isinstance(node, float) else node

    def choices(self, node):
        """The names of the choices that a scalar holds."""
        return unknowns(node) & self.selections.keys() if self.selections and not isinstance(node, float) else set()

    def _chosen(self, node):
        selection = self.selections.get(node.args[0]) if node.kind == "var" else None
        return None if selection is None else selection.chosen

    def reasons(self, node):
        """The conditions under which the choices in a scalar are what was chosen."""
        found, names = {}, [node]
        while names:
            part = names.pop()
            for name in self.choices(part):
                selection = self.selections[name]
                found.update(dict.fromkeys(selection.conditions))
                names.append(selection.chosen)
        return tuple(found)

    @cached_property
    def _moved(self):
        """Other numbers for the unknowns."""
        return Values({name: x + Fraction(k + 1, 101) for k, (name, x) in enumerate(self.values.rational.items())})

    def simplified(self, conditions):
        """The conditions without those that hold for all numbers, on account of choices perhaps, which then count."""
        waiting, found, seen = list(conditions), [], set()
        while waiting:
            condition = waiting.pop(0)
            if condition in seen:
                continue
            seen.add(condition)
            sides = condition.left, condition.right
            if self._constant(self.resolved(sides[0]) - self.resolved(sides[1])):
                waiting = [reason for side in sides for reason in self.reasons(side)] + waiting
            else:
                found.append(condition)
        strict = {(condition.left, condition.right) for condition in found if condition.relation == ">"}
        return tuple(x for x in found if x.relation == ">" or (x.left, x.right) not in strict)

    def _constant(self, node):
        """Whether the scalar does not depend on its unknowns: it is the same with others in their place."""
        if self._order(self.number(node), self._moved.number(node)):
            return False
        others = {name: variable(f"{name}′") for name in unknowns(node)}
        return self._identical(node, substituted(node, others))


def current():
    """The trace that is running. Raises CannotTrace outside `run_exactly`, of a number that the code kept."""
    if not _active:
        raise CannotTrace("computes with an exact number after the run that it belongs to")
    return _active[-1]


@contextmanager
def running(trace):
    """Makes the trace the current one."""
    _active.append(trace)
    try:
        yield trace
    finally:
        _active.pop()
