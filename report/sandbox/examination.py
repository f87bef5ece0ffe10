"""The cross-examination: whether code that was accepted gives the right answers when the judge is not there.

The code is loaded afresh in a process without a judge and called on arrays from a seed that nobody could foresee; its
answers are compared here with the derived functions. So a verdict that was forged, by code that changes NumPy or the
judge, needs right answers all the same.
"""

import secrets
import time
from dataclasses import dataclass

import numpy as np

from derivations.error_bound import error_bound
from report.inputs import draw
from report.sandbox import received
from report.sandbox.answer_role import packed_array
from report.sandbox.outline import outlined
from report.sandbox.variants import variants
from report.sandbox.worker import Ended, Worker

SHAPES = ({"B": 1, "n": 2}, {"B": 2, "n": 3}, {"B": 3, "n": 5, "m": 2}, {"B": 4, "n": 2, "m": 3, "h": 5})
LEAST_SECONDS = 2.0  # that a single call has
LEAST, MOST = 6, 60  # of the sizes of two further shapes, which are drawn
# The bound is that of the derived formula. Honest code that is written differently rounds at other places, by a factor
# of the number of its operations; the judge has found it right before. A forged answer is off by 2**40 of them.
ROOM = 64


@dataclass(frozen=True)
class Examined:
    """wrong: what is wrong, in words, or ""; id: of the diagnosis; calls: how many answers were right."""

    calls: int
    wrong: str = ""
    id: str = "forged"


def examined(target, options, kinds, limits, up_to_convention=False, seed=None):
    """An Examined; seed: for tests alone, otherwise nobody knows it.

    up_to_convention: the judge accepted the code up to a known convention, and so do we.
    """
    rng = np.random.default_rng(secrets.randbits(128) if seed is None else seed)
    larger = [dict(zip("Bnmh", map(int, rng.integers(LEAST, MOST, 4)), strict=True)) for _ in range(2)]
    questions = [_Question(options, kind, rng, sizes) for kind in kinds for sizes in (*SHAPES, *larger)]
    try:
        with _worker(target, options, kinds, limits) as worker:
            return _asked(worker, questions, limits, up_to_convention)
    except Ended as end:
        return Examined(
            0, f"loaded a second time, the code {end.words}", "timeout" if end.id == "timeout" else "forged"
        )


@dataclass(frozen=True)
class Endless:
    """A call that does not end: of which kind, which one it is, and the seconds that it had."""

    kind: str
    which: str
    seconds: float


def never_ending(target, options, kinds, limits):
    """The `Endless` call on the smallest arrays, which has a quarter of the time that a judgement may take; or None.

    It has LEAST_SECONDS where a quarter is less. Loading has all of that time: what it takes says nothing of a call.
    """
    rng, seconds, last = np.random.default_rng(0), max(limits.seconds / 4, LEAST_SECONDS), None
    try:
        with _worker(target, options, kinds, limits) as worker:
            loaded = worker.receive(limits.seconds)[0].get("say") == "loaded"
            for kind in kinds if loaded else ():
                question = _Question(options, kind, rng, SHAPES[0])
                for which in ("a single", "a second"):
                    last = Endless(kind, which, seconds)
                    _answered(worker, question, question.arrays, time.monotonic() + seconds)
    except Ended as end:
        return last if end.id == "timeout" else None
    return None


def _worker(target, options, kinds, limits):
    outline = outlined(options.known, kinds, options.reduction, options.targets)
    header = {**target.header(), "options": options.as_dict(), "outline": outline}
    return Worker("answer", header, target.source, limits)


def _asked(worker, questions, limits, up_to_convention):
    """The Examined; all answers together have the time that a judgement has."""
    header, _ = worker.receive(limits.seconds)
    if header.get("say") != "loaded":
        return Examined(0, "the code could not be loaded a second time")
    deadline, left = time.monotonic() + limits.seconds, None
    for calls, question in enumerate(questions):
        left = variants(up_to_convention) if question.first else left
        try:
            left = [variant for variant in left if _is_right(worker, question, variant, deadline)]
        except Ended as end:
            if end.id != "timeout":
                raise
            words = f"the answers to {len(questions)} calls do not come within {limits.seconds:g} seconds"
            return Examined(calls, f"{words}, those to {calls} do", "timeout")
        if not left:
            return Examined(calls, f"the {question.kind} is wrong on numbers drawn at random, {question.shape}")
    return Examined(len(questions))


def _is_right(worker, question, variant, deadline):
    """Whether the code's answer, read as the variant of a convention says, is within the rounding of the right one."""
    header, blobs = _answered(worker, question, variant.given(question), deadline)
    try:
        answers = [received.array(blob) for blob in blobs]
    except ValueError:
        return False
    if header.get("say") != "answer" or len(answers) != len(question.wanted):
        return False
    return all(
        _close(answer, want, bound)
        for answer, want, bound in zip(variant.taken(question, answers), question.wanted, question.bounds, strict=True)
    )


def _answered(worker, question, arrays, deadline):
    """The message that the code's answer comes in. Raises: Ended where it does not come before the deadline."""
    worker.send({"kind": question.kind}, [packed_array(x) for x in arrays], deadline - time.monotonic())
    return worker.receive(deadline - time.monotonic())


def _close(answer, want, bound):
    return answer.shape == want.shape and bool(np.all(np.abs(answer - want) <= ROOM * bound))


class _Question:
    """Arrays of one shape, with the right answers and how far rounding can take code from them."""

    def __init__(self, options, kind, rng, sizes):
        operation, self.kind = options.known, kind
        self.function = operation.function(kind, options.reduction, options.targets)
        self.first = sizes is SHAPES[0]
        sizes = {**sizes, **({} if options.batched else {"B": 1})}
        fixed = {name: np.asarray(value) for name, value in options.parameters.items()}
        self.sizes = {**sizes, **self._sizes_of(fixed)}
        drawn = draw(operation, self.function, rng, **self.sizes)
        self.arrays = [fixed.get(name, array) for name, array in zip(self._names(), drawn, strict=True)]
        found = self.function(*self.arrays)
        self.wanted = [np.asarray(x) for x in (found if isinstance(found, tuple) else (found,))]
        self.bounds = error_bound(self.function, self.arrays, np.float64)

    @property
    def shape(self):
        """B = 2, n = 3"""
        axes = {str(axis) for x in self.function.arguments for axis in getattr(x, "shape", None) or ()}
        return ", ".join(f"{name} = {size}" for name, size in self.sizes.items() if name in axes)

    def _names(self):
        return [str(getattr(x, "label", x)) for x in self.function.arguments]

    def _sizes_of(self, fixed):
        """The sizes that arrays which are fixed decide."""
        found = {}
        for name, argument in zip(self._names(), self.function.arguments, strict=True):
            if name in fixed:
                axes = map(str, getattr(argument, "shape", None) or ())
                found.update(zip(axes, fixed[name].shape, strict=True))
        return found
