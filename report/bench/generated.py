"""The derived functions against nnlib's hand-written ones, for every operation of the catalogue."""

import numpy as np

from report.bench.timing import QUICK, interleaved
from report.catalogue import ROWS
from report.inputs import draw

SIZES = {"B": 128, "n": 1000, "m": 256, "h": 64}
FULL = {"rounds": 15, "seconds": 4.0}
QUICK_SIZES = {"B": 2, "n": 3, "m": 2, "h": 2}


def measured(quick=False):
    """[{operation, kind, seconds, ratio}, …]; ratio: derived's speed as a share of the hand-written one's."""
    sizes, effort = (QUICK_SIZES, QUICK) if quick else (SIZES, FULL)
    return [compared(row, kind, sizes, effort) for row in ROWS for kind in kinds(row)]


def kinds(row):
    """The kinds of function that both have, without the sums: they differ from the means by a factor alone."""
    return [kind for kind in row.calls if kind in row.operation.functions and " sum" not in kind]


def compared(row, kind, sizes, effort=FULL):
    """Both on the same float32 arrays: seconds of each, and hand-written over derived as a Ratio."""
    function = row.operation.functions[kind]
    arrays = draw(row.operation, function, np.random.default_rng(0), np.float32, **sizes)
    derived, written = function.compiled, row.calls[kind]
    calls = {"derived": lambda: derived(*arrays), "hand-written": lambda: written(*arrays)}
    run = interleaved(calls, **effort)
    ratio = run.ratios("derived")["hand-written"].as_dict()
    return {"operation": row.name, "kind": kind, "seconds": run.spreads(), "ratio": ratio, "others": run.others}
