"""One run of somebody's code on floats, held against the truth to 60 digits, entry by entry.

An entry may be off by ROOM times the running error bound of the derived formula: code that is written differently
rounds differently, by a factor of the number of its operations and not of the numbers. Beyond that it is wrong where
nothing is extreme; where something is, it is wrong if it is not finite or has no right digit left, and has lost digits
otherwise.
"""

from dataclasses import dataclass, replace

import numpy as np

from derivations.execution.cannot_trace import CannotTrace, in_words
from derivations.execution.subject import Subject
from derivations.judge.calling import NoNumbers, called, copied, flat
from derivations.judge.rounding import ROOM, beyond, digits_left, distance, is_a_limit, largest, rank, underflow
from derivations.judge.situation import Situation
from derivations.judge.truth import truths

DIGITS = 12  # beyond the budget, code whose formula is not known must keep half of them
LOWER = 1e-4  # of the largest term: what a lower precision can lose, and a wrong formula seldom as little
LOST = 0.1  # relative error from which no digit is right


@dataclass(frozen=True, eq=False)  # arrays have no one answer to ==
class Finding:
    """What is wrong in one run.

    category: "formula", "shape", "exception", "not finite", "digits", "precision", "mutation", "aliasing", "layout",
    "integers", "state", "random", "type"; arrays: the arguments; got, want: the output in question, and of a mutation
    the argument after and before the call; index: 0-based; before: the arguments of the call that is remembered.
    """

    category: str
    claim: object
    situation: Situation
    arrays: tuple
    output: int = 0
    got: np.ndarray | None = None
    want: np.ndarray | None = None
    index: tuple | None = None
    detail: str = ""
    dtype: str = "float64"
    before: tuple = ()

    @property
    def size(self):
        return sum(np.size(x) for x in (*self.arrays, *self.before))


@dataclass(frozen=True)
class Note:
    """Digits that are lost within what is allowed: how many are left, of how many, and where."""

    situation: str
    left: float
    dtype: str


class Trial:
    """The runs of one claim: what was found, and what was noted.

    formula_known: whether it was proved; limits: situations in which the definition itself is 0 · ∞ and the code NaN;
    kinks: where between the left derivative (0) and the right one (1) the code's is, at the kinks that it met; memory:
    what the code remembered before all runs; calls: the arguments of those since; left_over: the exact number that the
    code kept out of sight, if it met one, for which it is not to blame.
    """

    def __init__(self, question, claim, formula_known=False, seed=0, memory=None):
        self.question, self.claim, self.formula_known = question, claim, formula_known
        self.findings, self.notes, self.limits, self.skipped = [], [], set(), []
        self.kinks = set()
        self.runs = 0
        self.memory = Subject(claim.call).memory() if memory is None else memory
        self.calls, self.left_over = [], ""
        self._rng = np.random.default_rng(seed)

    def run(self, situation, dtype=np.float64):
        """Draw, call, compare; whether nothing was found. Code of one sample sees what there is of one row."""
        situation = situation.of_size(1, situation.columns) if self.claim.single else situation
        return situation is None or self.on(situation, self.drawn(situation, dtype), dtype)

    def forget(self):
        """Put back what the code remembered before all runs."""
        self.memory.restore()
        self.calls = []

    def drawn(self, situation, dtype=np.float64):
        """Arguments for the situation, of one row where the code takes one sample."""
        return self.question.drawn(replace(situation, rows=1) if self.claim.single else situation, self._rng, dtype)

    def applies(self, situation):
        """Whether the situation is about an input of this operation, and about something that is drawn for it."""
        if situation.only and not set(situation.only) & set(self.question.names):
            return False
        return situation.sized or situation.draws <= self.question.draws

    def on(self, situation, arrays, dtype=np.float64):
        """Call with copies of the arrays, and compare."""
        given = [copied(x) for x in arrays]
        self.calls.append(arrays)
        try:
            got = self.flat(called(self.claim, given))
        except CannotTrace as refusal:
            self.left_over = str(refusal)
            return True
        except NoNumbers as error:
            return self.note("exception", situation, arrays, dtype, detail=str(error))
        except Exception as error:  # whatever the code raises is its answer
            return self.note("exception", situation, arrays, dtype, detail=f"raises {in_words(error)}")
        self.runs += 1
        self.shared(situation, arrays, given, got, dtype)
        wanted = self.truths(arrays, dtype)  # after the call: the code cannot find it anywhere
        return self._compared(situation, arrays, got, wanted, dtype)

    def results(self, arrays):
        """What the code gives for copies of the arrays, as plain arrays."""
        self.calls.append(arrays)
        return self.flat(called(self.claim, [copied(x) for x in arrays]))

    def flat(self, raw):
        """What the code returned as plain arrays, one for each output."""
        return flat(raw, [len(letters) for letters, _ in self.question.function.outputs])

    def shared(self, situation, arrays, given, got, dtype):
        """Arguments that were changed, and outputs that are arguments."""
        for name, before, after in zip(self.question.names, arrays, given, strict=True):
            if not np.array_equal(before, after, equal_nan=True):
                self._once("mutation", situation, arrays, dtype, got=after.copy(), want=before, detail=name)
            if any(np.shares_memory(after, x) for x in got):
                self._once("aliasing", situation, arrays, dtype, detail=name)

    def _once(self, category, *facts, detail, **arrays):
        if (category, detail) not in [(x.category, x.detail) for x in self.findings]:
            self.note(category, *facts, detail=detail, **arrays)

    def truths(self, arrays, dtype):
        """The truth, and where a kink is met both one-sided ones: [(Truth, Truth), …]."""
        function = self.question.function
        if not any(op.kind == "greater" for op in _ops(function)) or not any((x == 0).any() for x in arrays[:1]):
            return [(truth, truth) for truth in truths(function, arrays, dtype)]
        sides = []
        for side in (1.0, -1.0):
            moved = np.where(arrays[0] == 0, side * 1e-300, np.asarray(arrays[0], dtype=np.float64))
            sides.append(truths(function, [moved, *arrays[1:]], dtype))
        return list(zip(*sides, strict=True))

    def _compared(self, situation, arrays, got, wanted, dtype):
        if len(got) != len(wanted):
            detail = f"expected {len(wanted)} result{'s' * (len(wanted) != 1)}, got {len(got)}"
            return self.note("shape", situation, arrays, dtype, detail=detail)
        for number, (have, sides) in enumerate(zip(got, wanted, strict=True)):
            want = sides[0]
            if have.shape != want.value.shape:
                shapes = [self.question.as_returned(number, x) for x in (want.value.shape, have.shape)]
                detail = "expected shape {}, got {}".format(*shapes)
                return self.note("shape", situation, arrays, dtype, number, have, want.rounded, None, detail)
            if have.dtype.kind not in "fiub":
                detail = f"expected floats, got {have.dtype}"
                return self.note("type", situation, arrays, dtype, number, have, want.rounded, None, detail)
            if not self._entries(situation, arrays, number, have, sides, dtype):
                return False
        return True

    def _entries(self, situation, arrays, number, have, sides, dtype):
        have = have.astype(np.float64)
        low, high = np.minimum(*(x.rounded for x in sides)), np.maximum(*(x.rounded for x in sides))
        off, bound = distance(have, low, high, sides[0])
        allowed = ROOM * bound + underflow(arrays, dtype)
        with np.errstate(all="ignore"):
            want = np.clip(have, low, high)
            relative = off / np.maximum(np.abs(want), np.finfo(dtype).tiny)
        bad = ~(off <= allowed) & (~beyond(sides[0], dtype) | np.isnan(have))
        if not bad.any():
            self._kinks(have, *(x.rounded for x in sides))
            if not situation.calm:
                self._cancellation(situation, relative, low, dtype)
            return True
        excused = off <= ROOM * np.finfo(dtype).eps * self._largest(arrays, low)
        limit = LOST if self.formula_known else 10.0 ** -(DIGITS**0.5)
        right = np.isfinite(have) & (excused | (relative < limit)) & (not situation.calm)  # but for some digits
        severe = bad & ~right if (bad & ~right).any() else bad
        worst = tuple(int(k) for k in np.unravel_index(np.argmax(np.where(severe, rank(off), -1)), have.shape))
        facts = (situation, arrays, dtype, number, have, low, worst)
        finite = np.isfinite(have[worst])
        if not finite and is_a_limit(self.question, situation, number):
            self.limits.add(situation.name)
            return True
        if not finite:
            return self.note("not finite", *facts)
        error = relative[worst]
        if right[worst]:
            return self._lost(error, situation, dtype)
        if situation.calm:
            lower = off[worst] <= LOWER * max(abs(low[worst]), self._largest(arrays, low))
            return self.note("precision" if lower else "formula", *facts)
        return self.note("digits", *facts, f"{digits_left(error):.0f} digits left")

    def _largest(self, arrays, want):
        """The largest term that may be summed in an entry: 1, as in 1 − p, an upstream gradient, or another entry."""
        multiplied = arrays[-1] if "upstream" in self.question.draws else 1.0
        return max(1.0, largest(multiplied), largest(want))

    def _kinks(self, have, right, left):
        apart = np.isfinite(have) & (left != right)
        self.kinks.update(np.round((have[apart] - left[apart]) / (right[apart] - left[apart]), 3).tolist())

    def _lost(self, error, situation, dtype):
        self.notes.append(Note(situation.name, digits_left(error), np.dtype(dtype).name))
        return True

    def _cancellation(self, situation, relative, want, dtype):
        """Digits that cancellation within the budget takes from the entries that are not zero."""
        eps = np.finfo(dtype).eps
        seen = (want != 0) & np.isfinite(want) & (np.abs(want) > np.finfo(dtype).tiny)
        worst = relative[seen].max() if seen.any() else 0.0
        if worst > eps**0.5:
            self.notes.append(Note(situation.name, digits_left(worst), np.dtype(dtype).name))

    def note(self, category, situation, arrays, dtype, output=0, got=None, want=None, index=None, detail="", before=()):
        """Keep a Finding; always False."""
        facts = (tuple(arrays), output, got, want, index, detail, np.dtype(dtype).name, tuple(before))
        self.findings.append(Finding(category, self.claim, situation, *facts))
        return False


def _ops(function):
    from derivations.program import all_ops

    return all_ops(function.program)
