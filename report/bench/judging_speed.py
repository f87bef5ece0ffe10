"""Entries of a gradient checked per second, by the number of classes: the judge, gradcheck, check_vjp, on one pass.

The pass is the textbook's backward pass of softmax for one row, x̄ = p (g − Σ g p), n entries. What is compared for it:
by the judge each of the n entries for a random g, against 60 digits; by gradcheck the n × n entries of the Jacobian, by
columns in differences and by rows in backward passes; by its fast mode and by check_vjp one number, which all entries
enter with random weights. The judge's whole verdict has sizes of its own; it is timed beside them. What JAX compiles
only once is not in its times.
"""

from functools import partial

import numpy as np

from report.bench import gradient_checkers as checkers
from report.bench.cold import cold
from report.bench.timing import QUICK, Ratio, interleaved
from report.passes.forward import softmax

RUN, VERDICT = "verify, one run", "verify, verdict"
NAMES = (RUN, *checkers.PACKAGES)
ROWS = 1
SIZES, QUICK_SIZES = (10, 100, 1000), (3, 10)
PATIENCE = 60  # seconds for one check in a new process, imports included
FULL = {"rounds": 7, "seconds": 60.0}
HERE = "report.bench.judging_speed"


def measured(quick=False):
    """{"B", "patience", "rows": [one a checker and n], "growth": {checker: {"10 to 100": ratio}}, "verdict"}.

    A row is {"checker", "n", "seconds": quartiles or None, "compared", "entries", "skipped": why, or None}. entries: of
    the gradient that were checked; compared: numbers that were. Ratios are between times of one run.
    """
    sizes, effort = (QUICK_SIZES, QUICK) if quick else (SIZES, FULL)
    skipped = {(name, n): reason(name, n) for name in NAMES for n in sizes}
    calls = {key: check(*key) for key, why in skipped.items() if why is None}
    run = interleaved({**calls, VERDICT: whole_verdict}, **effort)
    spreads = run.spreads()
    rows = [_row(*key, why, spreads.get(key)) for key, why in skipped.items()]
    found = {"B": ROWS, "patience": PATIENCE, "rows": rows, "verdict": spreads[VERDICT], "others": run.others}
    return {**found, "growth": {name: _growth(run.samples, name, sizes) for name in NAMES}}


def reason(name, n):
    """Why a checker is not timed at n: absent or too slow; else None."""
    if name != RUN and not checkers.present(name):
        return f"{checkers.PACKAGES[name]} is absent"
    answered = cold(HERE, "once", name, n, timeout=PATIENCE)
    return None if answered else f"over {PATIENCE} s"


def once(name, n):
    """Check once; True. Raises: what the checker raises."""
    check(name, n)()
    return True


def check(name, n):
    """A function of nothing that checks the pass at n classes. Raises: where the checker objects to it."""
    return partial(run_of_the_judge, n) if name == RUN else checkers.check_of(name, RowSubject(n))


def run_of_the_judge(n):
    """One run on n classes, compared as in a verdict. Raises AssertionError for what is found."""
    from derivations.judge.claims import Claim
    from derivations.judge.question import Question
    from derivations.judge.situation import Situation
    from derivations.judge.trial import Trial
    from derivations.registry import operation

    trial = Trial(Question(operation("softmax"), "vjp"), Claim("vjp", backward, backward))
    trial.run(Situation(f"{n} classes", rows=ROWS, columns=n))
    assert not trial.findings, trial.findings[0].category


def whole_verdict():
    """The verdict on the pass: exact runs, and runs on floats in all situations. Raises: if it is not accepted."""
    from report.bench.verdicts import judge

    judge("softmax", vjp=backward).require()


def backward(o, g):
    """x̄ = p (g − Σ g p)"""
    p = softmax(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True))


class RowSubject:
    """Softmax and its backward pass on one row of n logits, as gradient_checkers ask for them."""

    def __init__(self, n):
        self.inputs = (np.random.default_rng(0).normal(size=(ROWS, n)),)

    def forward(self, o):
        return softmax(o), None

    def backward(self, made, o, g):
        return (backward(o, g),)


def widest(speed):
    """(the largest size, seconds of a verdict and of one more run at that size, None where that was skipped)."""
    row = max((row for row in speed["rows"] if row["checker"] == RUN), key=lambda row: row["n"])
    return row["n"], row["seconds"] and speed["verdict"]["median"] + row["seconds"]["median"]


def compared(name, n):
    """How many numbers a checker compares at n classes."""
    return {RUN: ROWS * n, checkers.SLOW: (ROWS * n) ** 2}.get(name, 1)


def _row(name, n, skipped, spread):
    found = {"checker": name, "n": n, "seconds": spread, "skipped": skipped}
    return {**found, "entries": ROWS * n, "compared": compared(name, n)}


def per_second(row, what="entries"):
    """Entries, or numbers "compared", in a second; None where nothing was timed."""
    return row["seconds"] and row[what] / row["seconds"]["median"]


def _growth(samples, name, sizes):
    """{"10 to 100": how many times as long, …} for neighbouring sizes that were both timed."""
    pairs = [(a, b) for a, b in zip(sizes, sizes[1:], strict=False) if (name, a) in samples and (name, b) in samples]
    return {f"{a} to {b}": Ratio.paired(samples[name, b], samples[name, a]).as_dict() for a, b in pairs}
