"""Somebody's code run on exact numbers: at every small shape, and along the paths that other numbers lead to."""

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from derivations.execution.cannot_trace import CannotTrace, Raised, in_words
from derivations.execution.case import Case
from derivations.execution.compare import judge, kept_case
from derivations.execution.decide import DIFFERENT, EQUAL, OPEN
from derivations.execution.regimes import REGIMES
from derivations.execution.subject import Subject

SHAPES = ((1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2))  # (B, n)
SINGLE = ((1, 1), (1, 2), (1, 3))  # of one sample
EVERY_PATH = (2, 3)
SEEDS = (0, 1)
UNDECIDED = 4  # runs after which no more are tried: nothing will be proved, and what is wrong floats will show too
UNTRACED = "untraced"


@dataclass(frozen=True)
class Run:
    """One run: the case, and the comparison with its exact outputs."""

    case: Case
    comparison: object

    @property
    def telling(self):
        """Whether the sizes are such that most mistakes show."""
        return self.case.named_sizes.get("n", 2) > 1


@dataclass
class Exact:
    """What exact execution says about one claim.

    verdict: "equal", "different", "undecided" or "untraced"; reason: why it is not decided; shapes, paths: where it was
    run; raised: the code's own exceptions, (sizes, words); differences, equal: the runs; undecided: how many were;
    subject: the code, with what it remembered before them.
    """

    verdict: str = EQUAL
    reason: str = ""
    shapes: list = field(default_factory=list)
    paths: int = 0
    differences: list[Run] = field(default_factory=list)
    equal: list[Run] = field(default_factory=list)
    events: dict = field(default_factory=dict)
    identifications: dict = field(default_factory=dict)
    conditions: set = field(default_factory=set)
    raised: list = field(default_factory=list)
    undecided: int = 0
    subject: object = None

    def note(self, case, comparison):
        """Take in one comparison."""
        path = frozenset(comparison.conditions)
        self.paths += path not in self.conditions
        self.conditions.add(path)
        for found, more in (
            (self.events, comparison.events),
            (self.identifications, comparison.identifications),
        ):
            found.update(dict.fromkeys(more))
        if comparison.verdict == DIFFERENT:
            self.differences.append(Run(case, comparison))
            self.verdict = DIFFERENT
        elif comparison.verdict == OPEN:
            self.undecided += 1
            if self.verdict == EQUAL:
                self.verdict, self.reason = OPEN, f"whether {comparison.differences[0]} could not be decided"
        else:
            self.equal.append(Run(case, comparison))


def sizes_of(shape, operation):
    """{"B": …, "n": …, "m": …, "h": …}: other sizes differ from n, where the exact formulas stay small."""
    rows, n = shape
    if operation.name == "network":  # its exact formulas grow fast
        return {"B": rows, "n": min(n, 2), "m": n, "h": 2 if n > 1 else 1}
    return {"B": rows, "n": n, "m": n + 1, "h": 2}


def executed(claim, question):
    """The Exact of a claim."""
    found = Exact(subject=Subject(claim.call))
    run = partial(_run, found, claim, question, found.subject)
    for shape in SINGLE if claim.single else SHAPES:
        sizes = sizes_of(shape, question.operation)
        if not run(sizes, "ordinary", 0):
            return found
        found.shapes.append(shape)
    every = (1, 3) if claim.single else EVERY_PATH
    for regime in REGIMES:
        for seed in SEEDS:
            wrong_anyway = any(x.telling for x in found.differences) and (regime, seed) != ("one-hot", 0)
            if wrong_anyway or (regime, seed) == ("ordinary", 0):
                continue
            if not run(sizes_of(every, question.operation), regime, seed):
                return found
    if found.raised and found.verdict == EQUAL:
        found.verdict, found.reason = UNTRACED, f"on exact numbers the code raises {found.raised[0][1]}"
    return found


def _run(found, claim, question, subject, sizes, regime, seed):
    """Take in one run; False where nothing more can be learned from runs."""
    case = asked(question, sizes, regime, seed)
    if case is None:
        return True
    try:
        found.note(case, judge(case, claim.call, subject=subject))
    except Raised as error:  # which floats will show too
        found.raised.append((sizes, str(error)))
        return True
    except CannotTrace as refusal:
        found.verdict, found.reason = UNTRACED, str(refusal)
        return False
    except Exception as error:  # the judge's own: the code's are Raised
        if found.verdict != DIFFERENT:
            found.verdict, found.reason = OPEN, f"exact arithmetic comes to no end: {in_words(error)}"
        return False
    return found.verdict != OPEN or found.undecided < UNDECIDED


def asked(question, sizes, regime="ordinary", seed=0):
    """The Case of a question, or None where the fixed arrays have other sizes."""
    if not question.fixed:
        return kept_case(question.operation, question.kind, sizes, question.reduction, question.targets, regime, seed)
    sizes = {**sizes, **_fixed_sizes(question)}
    options = (question.reduction, question.targets, regime, seed)
    return Case(question.operation, question.kind, sizes, *options, given=question.fixed, exact=question.fixed)


def _fixed_sizes(question):
    """The sizes that the fixed arrays have."""
    found = {}
    for x in question.specification.inputs:
        if x.name in question.fixed:
            found.update(zip(map(str, x.axes), np.shape(question.fixed[x.name]), strict=False))
    return found


def at(question, arrays):
    """The Case at the numbers of given float arrays."""
    given = dict(zip(question.names, arrays, strict=True))
    sizes = {}
    for name, argument in zip(question.names, question.function.arguments, strict=True):
        sizes.update(zip(map(str, getattr(argument, "shape", None) or ()), np.shape(given[name]), strict=True))
    options = (question.reduction, question.targets, "ordinary", 0)
    return Case(question.operation, question.kind, sizes, *options, given=given, exact=question.fixed)
