"""What the kernels are to reach, and whether they did: True, False, or None where the rounds do not agree."""

from report.bench import peers
from report.bench.timing import Ratio

OUT_FROM = (4096, 32000)  # here nnlib is given memory for the gradient; elsewhere it takes its own
LARGEST = ((64, 50257), (512, 32000), (4096, 32000))
EXCEPTIONS = 2  # cells that need not be twice as fast
GENERATED, NUMBA, FLOOR, SHARE = 0.9, 1.2, 2.0, 0.05


def judged(found):
    """[{"goal", "where", "ratio", "met"}, …] for what `kernels.measured` found; ratio has low, median and high.

    A goal of memory has "share" instead of a ratio.
    """
    cells = [cell for cell in found["cells"] if not cell["skipped"]]
    goals = []
    for cell in cells:
        goals += _cell(cell)
    return goals + _linear(found["linear"]) + [_generated(entry) for entry in found["generated"]]


def _cell(cell):
    shape = cell["B"], cell["n"]
    own = cell["ratios"][peers.OUT if shape == OUT_FROM else peers.NNLIB]
    with_out = cell["ratios"][peers.OUT]
    where = f"{shape[0]}×{shape[1]} {cell['dtype']}"
    for name in (peers.TORCH, peers.JAX):
        if own[name]:
            ratio = _ratio(own[name])
            yield _goal(f"faster than {name}", where, own[name], ratio.at_least(1))
            yield _goal(f"twice as fast as {name}", where, own[name], ratio.at_least(2))
    if with_out[peers.NUMBA] and shape[0] * shape[1] >= 128 * 1000:
        ratio = _ratio(with_out[peers.NUMBA])
        yield _goal(f"within {NUMBA} of numba", where, with_out[peers.NUMBA], ratio.at_least(1 / NUMBA))
    if shape in LARGEST:
        ratio = _ratio(own[peers.FLOOR])
        yield _goal(f"at most {FLOOR:.0f} times the floor", where, own[peers.FLOOR], ratio.at_least(1 / FLOOR))


def _linear(linear):
    where = "{tokens}×{features}×{classes}".format(**linear)
    unfused = linear["ratios"]["unfused"]
    share = linear["share"]["fused"]
    return [
        {**_goal(f"fused linear: extra memory under {SHARE:.0%}", where, None, share < SHARE), "share": share},
        _goal("fused linear: no slower than unfused", where, unfused, _ratio(unfused).at_least(1 / 1.02)),
    ]


def _generated(entry):
    where = f"{entry['operation']} {entry['kind']}"
    return _goal(
        f"derived at {GENERATED} of nnlib's speed", where, entry["ratio"], _ratio(entry["ratio"]).at_least(GENERATED)
    )


def _goal(goal, where, ratio, met):
    return {"goal": goal, "where": where, "ratio": ratio, "met": met}


def _ratio(found):
    return Ratio(found["low"], found["median"], found["high"])
