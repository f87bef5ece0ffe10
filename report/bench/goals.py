"""What the kernels are to reach, and whether they did: True, False, or None where the rounds do not agree.

PyTorch, JAX and numba work on all cores; beside the first two nnlib does so too, into memory that it is given, on the
largest shapes, where that pays, and works on one core elsewhere. A goal that is not met says why: in numbers that were
measured or counted in the same run, '' where none of them tells.
"""

from report.bench import peers, targets
from report.bench.shapes import LARGEST
from report.bench.timing import Ratio

OUT_FROM = (4096, 32000)  # here nnlib, on one core, is given memory for the gradient; elsewhere it takes its own
EXCEPTIONS = 2  # cells that need not be twice as fast
GENERATED, NUMBA, FLOOR, SHARE = 0.9, 1.2, 2.0, 0.05
CALLS = 5  # times the floor: the arithmetic of a pass takes less than three times, so the rest is in the calls
_VERDICTS = (True, False, None), (False,), (False, None)


def judged(found):
    """[{"goal", "where", "ratio", "met", "why"}, …] for what `kernels.measured` found; ratio: low, median and high.

    A goal of memory, or of a number of cells, has "share" instead of a ratio.
    """
    cells = [cell for cell in found["cells"] if not cell["skipped"]]
    goals = [goal for cell in cells for goal in _cell(cell, found["threads"])]
    goals += _exceptions(goals) + [goal for cell in found["targets"] for goal in _rows(cell)]
    return goals + _linear(found["linear"]) + [_generated(entry) for entry in found["generated"]]


def _cell(cell, threads=()):
    shape = cell["B"], cell["n"]
    own = cell["ratios"][peers.OUT if shape == OUT_FROM else peers.NNLIB]
    equal = cell["ratios"][peers.THREADS] if shape in LARGEST else own
    with_out = cell["ratios"][peers.OUT]
    where = f"{shape[0]}×{shape[1]} {cell['dtype']}"
    for name in (peers.TORCH, peers.JAX):
        if equal[name]:
            why = _reasons(cell, name, threads, own if equal is not own else None)
            yield _goal(f"faster than {name}", where, equal[name], 1, why)
            yield _goal(f"twice as fast as {name}", where, equal[name], 2, why)
    if with_out[peers.NUMBA] and shape[0] * shape[1] >= 128 * 1000:
        why = _reasons(cell, peers.NUMBA, threads)
        yield _goal(f"within {NUMBA} of numba", where, with_out[peers.NUMBA], 1 / NUMBA, why)
    if shape in LARGEST:
        why = _above_the_floor(with_out) if own is not with_out else _reasons(cell, peers.FLOOR, threads)
        yield _goal(f"at most {FLOOR:.0f} times the floor", where, own[peers.FLOOR], 1 / FLOOR, why)


def _reasons(cell, name, threads, alone=None):
    """What the calls have to do with it, the floor, and the number of cores; alone: the ratios of nnlib on one core."""
    with_out = cell["ratios"][peers.OUT]
    floor, other = with_out[peers.FLOOR]["median"], with_out[name]["median"]
    times = 1 / floor
    words = [f"{times:.0f} times the floor: calls, not arithmetic"] if times > CALLS else []
    if name != peers.FLOOR and floor / other > (1 if alone else 1 / 2):  # no NumPy pass is twice as fast as that
        words.append(f"the floor alone takes {floor / other:.2f} times as long as {name}")
    if alone and alone.get(name):
        words.append(f"{alone[name]['median']:.2f} with nnlib on one core")
    one = {row["contender"]: row["seconds"] for row in threads if _same(row, cell)}
    if name in one:
        single = [one[contender][1]["median"] for contender in (name, peers.OUT)]
        words.append(f"{single[0] / single[1]:.2f} with both on one core")
    return "; ".join(words) or f"nnlib takes {times:.1f} times the floor, below which no NumPy pass is"


def _above_the_floor(with_out):
    """The floor writes into memory that is given."""
    return f"{1 / with_out[peers.FLOOR]['median']:.1f} times into memory that is given, as the floor's is"


def _same(first, second):
    return all(first[key] == second[key] for key in ("B", "n", "dtype"))


def _exceptions(goals):
    """Whether no more than EXCEPTIONS of the cells miss being twice as fast; share: of those that may have missed."""
    twice = [goal for goal in goals if goal["goal"].startswith("twice")]
    cells, missed, may = ({goal["where"]: None for goal in twice if goal["met"] in met} for met in _VERDICTS)
    if not cells:
        return []
    met = False if len(missed) > EXCEPTIONS else True if len(may) <= EXCEPTIONS else None
    goal = {"goal": f"twice as fast as both in all cells but {EXCEPTIONS}", "where": "all cells", "ratio": None}
    return [{**goal, "share": len(may) / len(cells), "met": met, "why": "" if met else ", ".join(may)}]


def _rows(cell):
    """Rows as targets, held to twice the floor, which reads one array of their size and not two."""
    for kind in (targets.ONE_HOT, targets.SOFT):
        work, own = sum(cell["work"][kind].values()), cell["own"][kind]["median"]
        why = f"reads two arrays, {work:.0f} operations an entry; {own:.2f} times the floor that reads both"
        where = f"{cell['B']}×{cell['n']} {cell['dtype']}"
        ratio = _ratio(cell["ratios"][kind]).turned.as_dict()
        yield _goal(f"{kind}: at most {FLOOR:.0f} times the floor", where, ratio, 1 / FLOOR, why)


def _linear(linear):
    where = "{tokens}×{features}×{classes}".format(**linear)
    unfused = linear["ratios"]["unfused"]
    share = linear["share"]["fused"]
    memory = {"goal": f"fused linear: extra memory under {SHARE:.0%}", "where": where, "ratio": None, "share": share}
    return [
        {**memory, "met": share < SHARE, "why": ""},
        _goal("fused linear: no slower than unfused", where, unfused, 1 / 1.02),
    ]


def _generated(entry):
    where = f"{entry['operation']} {entry['kind']}"
    return _goal(f"derived at {GENERATED} of nnlib's speed", where, entry["ratio"], GENERATED, entry["why"])


def _goal(goal, where, ratio, bound, why=""):
    """A goal that is met where the ratio reaches the bound."""
    met = _ratio(ratio).at_least(bound)
    return {"goal": goal, "where": where, "ratio": ratio, "met": met, "why": "" if met else why}


def _ratio(found):
    return Ratio(found["low"], found["median"], found["high"])
