"""Paired, interleaved timing: every contender takes its turn in every round, so a busy machine slows all of them.

A ratio is taken within each round and then summed up by its median and quartiles; what the rounds do not agree on is
not claimed.
"""

import gc
import time
from dataclasses import asdict, dataclass

import numpy as np

from report.bench.machine import Bystanders

MIN_ROUNDS = 5
QUICK = {"rounds": 2, "seconds": 0.0, "least": 0.0}  # shows that a benchmark runs, and nothing about speed
CALM = 0.1  # of all cores' time: a round in which other processes used more is taken only where calm ones are too few
EVEN = 1.05  # closer than this two times are called even
PAUSE = 5e-3  # seconds: the idle threads of some libraries spin for a while, which would be charged to whoever is next
WARM_BELOW = 0.1  # seconds: longer calls bring their data into the cache themselves


@dataclass(frozen=True)
class Spread:
    """The quartiles of a sample: low ≤ median ≤ high."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, sample):
        """The quartiles of a sequence of numbers. Raises: ValueError for none."""
        if not len(sample):
            raise ValueError("Spread: expected at least one number, got none")
        return cls(*(float(quantile) for quantile in np.quantile(sample, (0.25, 0.5, 0.75))))


@dataclass(frozen=True)
class Ratio(Spread):
    """How many times as long one contender takes as another, over the rounds of one run."""

    @classmethod
    def paired(cls, slower, faster):
        """slower_r / faster_r for each round r. Raises: ValueError where the numbers of rounds differ."""
        return cls.of([s / f for s, f in zip(slower, faster, strict=True)])

    @property
    def even(self):
        """Whether the quartiles lie within 5 % of 1."""
        return 1 / EVEN <= self.low and self.high <= EVEN

    @property
    def stated(self):
        """The median, or None where high/low, the spread, is wider than the claim, which is how far from 1 it is."""
        claim = max(self.median, 1 / self.median)
        return self.median if self.even or self.high / self.low <= claim else None

    @property
    def words(self):
        """'2.3', or 'unclear' where no ratio can be stated."""
        return "unclear" if self.stated is None else f"{self.stated:.3g}"

    def at_least(self, goal):
        """True where the lower quartile reaches the goal, False where the upper misses it, None: unclear."""
        return True if self.low >= goal else False if self.high < goal else None

    def at_most(self, goal):
        """True where the upper quartile is no more than the goal, False where the lower is more, None: unclear."""
        return True if self.high <= goal else False if self.low > goal else None

    @property
    def turned(self):
        """The ratio the other way round."""
        return Ratio(1 / self.high, 1 / self.median, 1 / self.low)

    def as_dict(self):
        """The quartiles and what may be stated, for JSON."""
        return {**asdict(self), "stated": self.stated}


@dataclass(frozen=True)
class Run:
    """What `interleaved` found.

    samples: {name: [seconds of one call in each round]}; others: the share of the machine that other processes used
    meanwhile, 0 where the system does not say.
    """

    samples: dict
    others: float

    def spreads(self):
        """{name: quartiles and least of its seconds}; the least is what a busy machine could not spoil."""
        return {name: {**asdict(Spread.of(sample)), "best": min(sample)} for name, sample in self.samples.items()}

    def ratios(self, of):
        """{name: Ratio of its time to that of `of`} for all others."""
        base = self.samples[of]
        return {name: Ratio.paired(sample, base) for name, sample in self.samples.items() if name != of}


def interleaved(calls, rounds=21, seconds=3.0, least=1e-2, before=None):
    """The Run of calls {name: function of nothing}, from the rounds in which the rest of the machine was calm.

    least: a sample is as many calls as last this long. seconds: no round is begun after so many, once there are
    MIN_ROUNDS; until then rounds are repeated while fewer than `rounds` were calm. If too few were calm, the calmest
    are taken. With no more than MIN_ROUNDS asked for, those are run and taken. Which rounds count is decided by what
    other processes did, never by the times. Who begins changes from round to round. before: {name: function of
    nothing}, untimed, at that contender's turn.
    """
    before = {**dict.fromkeys(calls, _nothing), **(before or {})}
    numbers = {}
    for name, call in calls.items():
        before[name]()
        numbers[name] = _calibrated(call, least)
    found, start = [], time.perf_counter()
    while _more(found, rounds, time.perf_counter() - start < seconds):
        found.append(_round(calls, numbers, before, len(found) % len(calls)))
    return _calmest(found, rounds)


def _more(found, rounds, in_time):
    """Whether another round is wanted."""
    if len(found) < MIN_ROUNDS or rounds <= MIN_ROUNDS:
        return len(found) < rounds
    return in_time and sum(share <= CALM for share, _ in found) < rounds


def _round(calls, numbers, before, first):
    """(others' share of the machine, {name: seconds of one call}) of one round that begins with the first-th."""
    names, times = list(calls), {}
    with Bystanders() as others:
        for name in names[first:] + names[:first]:
            before[name]()
            times[name] = _sample(calls[name], *numbers[name])
    return others.share or 0.0, {name: times[name] for name in calls}


def _calmest(found, rounds):
    """The calm rounds, or the MIN_ROUNDS calmest."""
    found = sorted(found, key=lambda one: one[0])
    calm = [one for one in found if one[0] <= CALM][:rounds]
    kept = calm if len(calm) >= MIN_ROUNDS else found[:MIN_ROUNDS]
    samples = {name: [times[name] for _, times in kept] for name in kept[0][1]}
    return Run(samples, sum(share for share, _ in kept) / len(kept))


def _nothing():
    """No set-up."""


def _calibrated(call, least):
    """(number of calls for a sample, whether one goes before them untimed)."""
    call()  # compiles, imports and touches what only the first call does
    number = 1
    while True:
        elapsed = _timed(call, number)
        if elapsed >= least:
            return number, elapsed / number < WARM_BELOW
        number *= 2


def _sample(call, number, warm):
    """Seconds of one call, the mean of that number of calls."""
    time.sleep(PAUSE)
    if warm:
        call()
    return _timed(call, number) / number


def _timed(call, number):
    collecting = gc.isenabled()
    gc.disable()
    try:
        start = time.perf_counter()
        for _ in range(number):
            call()
        return time.perf_counter() - start
    finally:
        if collecting:
            gc.enable()
