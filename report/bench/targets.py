"""Targets as classes, as one-hot rows and as soft rows: what it costs to read rows of probabilities and to check them.

The floor of `peers` reads the logits once. Rows are a second array of their size, and must at least be summed to be
checked: the floor of rows does that too.
"""

import numpy as np

import nnlib
from report.bench import peers
from report.bench.shapes import too_large
from report.bench.timing import QUICK, interleaved
from report.executed import executed

CLASSES, ONE_HOT, SOFT = "classes", "one-hot rows", "soft rows"
ROWS_FLOOR = "floor of rows"
FULL = {"rounds": 15, "seconds": 20.0}
COUNTED = 8, 50  # the shape at which operations are counted: they are the same for an entry at every shape


def measured(shapes, dtypes, quick=False):
    """[{B, n, dtype, seconds, ratios, own, work, others}, …]; shapes that do not fit into memory are left out.

    ratios: {kind of target: nnlib's time, into memory that is given, over the floor's}; own: over the floor of rows;
    work: {kind of target: operations of an entry}.
    """
    work = {kind: operations(kind) for kind in (CLASSES, ONE_HOT, SOFT)}
    effort = QUICK if quick else FULL
    found = []
    for B, n in shapes:
        for dtype in dtypes:
            if not too_large(B, n, dtype):
                found.append({"B": B, "n": n, "dtype": dtype, "work": work, **_timed(B, n, dtype, effort)})
    return found


def _timed(B, n, dtype, effort):
    o, c = peers.problem(B, n, dtype)
    calls = {kind: into_memory(o, y) for kind, y in kinds(o, c).items()}
    calls |= {peers.FLOOR: peers.floor(o, c), ROWS_FLOOR: floor_of_rows(o)}
    run = interleaved(calls, **effort)
    own = {kind: ratio.as_dict() for kind, ratio in run.ratios(ROWS_FLOOR).items() if kind in (ONE_HOT, SOFT)}
    ratios = {kind: ratio.as_dict() for kind, ratio in run.ratios(peers.FLOOR).items() if kind != ROWS_FLOOR}
    return {"seconds": run.spreads(), "ratios": ratios, "own": own, "others": run.others}


def kinds(o, c):
    """{kind: targets for logits o (B, n) and classes c (B,)}, rows in the type of the logits."""
    hot = np.zeros_like(o)
    hot[np.arange(len(o)), c] = 1
    soft = np.abs(o) + np.finfo(o.dtype).eps
    soft /= soft.sum(axis=1, keepdims=True)
    return {CLASSES: c, ONE_HOT: hot, SOFT: soft}


def into_memory(o, y):
    """nnlib, the gradient into memory that is given."""
    run, out = nnlib.SoftmaxCrossEntropy().value_and_gradient, peers.touched(o)
    return lambda: run(o, y, out)


def floor_of_rows(o):
    """The floor, and one sum over an array like the logits."""
    floor, y = peers.floor(o, None), peers.touched(o)

    def run():
        floor()
        np.add.reduce(y, axis=1)

    return run


def operations(kind):
    """{kind of operation: number for an entry of the logits}, checks included, as NumPy executed them."""
    o, c = peers.problem(*COUNTED, "float64")
    tally = executed(nnlib.SoftmaxCrossEntropy().value_and_gradient, o, kinds(o, c)[kind])
    total = tally.operations + tally.checks
    return {name: round(number / o.size, 1) for name, number in sorted(total.items()) if number >= o.size / 2}
