"""The derived functions against nnlib's hand-written ones, for every operation of the catalogue."""

from collections import Counter

import numpy as np

from report.bench.linear import traced_peak
from report.bench.timing import QUICK, interleaved
from report.catalogue import ROWS
from report.executed import executed, executed_by
from report.inputs import draw

SIZES = {"B": 128, "n": 1000, "m": 256, "h": 64}
COUNTED = {"B": 8, "n": 300, "m": 32, "h": 8}  # smaller; n above what nnlib sums in one go
FULL = {"rounds": 15, "seconds": 4.0}
QUICK_SIZES = {"B": 2, "n": 3, "m": 2, "h": 2}
MORE = 1.1  # times as much of something is worth saying
SUMMED, WRITTEN = "entries summed by np.add", "entries written"  # beside the operations, each of which counts once


def measured(quick=False):
    """[{operation, kind, seconds, ratio, work, peak, why}, …]; ratio: derived's speed as a share of nnlib's."""
    sizes, effort = (QUICK_SIZES, QUICK) if quick else (SIZES, FULL)
    return [compared(row, kind, sizes, effort) for row in ROWS for kind in kinds(row)]


def kinds(row):
    """The kinds of function that both have, without the sums: they differ from the means by a factor alone."""
    return [kind for kind in row.calls if kind in row.operation.functions and " sum" not in kind]


def compared(row, kind, sizes, effort=FULL):
    """Both on the same float32 arrays: seconds of each, hand-written over derived as a Ratio, and what each does.

    work: {kind of operation: (derived, hand-written)}, elements as NumPy executed them at the sizes COUNTED; peak:
    bytes held at most at the sizes of the timing, results included; why: what the derived function does more of.
    """
    function = row.operation.functions[kind]
    arrays = _drawn(row, function, sizes)
    derived, written = function, row.calls[kind]
    calls = {"derived": lambda: derived(*arrays), "hand-written": lambda: written(*arrays)}
    run = interleaved(calls, **effort)
    ratio = run.ratios("derived")["hand-written"].as_dict()
    found = {"operation": row.name, "kind": kind, "seconds": run.spreads(), "ratio": ratio, "others": run.others}
    peak = {name: traced_peak(call) for name, call in calls.items()}
    done = work(row, kind)
    return {**found, "work": done, "peak": peak, "why": why(done, peak)}


def _drawn(row, function, sizes):
    return draw(row.operation, function, np.random.default_rng(0), np.float32, **sizes)


def work(row, kind):
    """{kind of operation: (elements by the derived function, by the hand-written one, its checks included)}"""
    function = row.operation.functions[kind]
    arrays = _drawn(row, function, COUNTED)
    derived, written = executed_by(function, *arrays), executed(row.calls[kind], *arrays)
    totals = [
        tally.operations + tally.checks + Counter({SUMMED: tally.summed, WRITTEN: tally.written})
        for tally in (derived, written)
    ]
    return {name: tuple(total[name] for total in totals) for name in sorted(set().union(*totals))}


def why(done, peak):
    """'exp × 2.0, memory × 1.5': what the derived function does more of, '' where nothing counted here is more."""
    named = ("exp", "log", "tanh", "div", "sqrt", "power", "add", SUMMED, WRITTEN)
    pairs = {name: done[name] for name in named if name in done}
    operations = [pair for name, pair in done.items() if name not in (SUMMED, WRITTEN)]
    pairs["all operations"] = [sum(pair[side] for pair in operations) for side in (0, 1)]
    pairs["memory"] = peak["derived"], peak["hand-written"]
    more = {name: pair for name, pair in pairs.items() if pair[0] > MORE * pair[1]}
    return ", ".join(f"{name} × {pair[0] / pair[1]:.1f}" if pair[1] else name for name, pair in more.items())
