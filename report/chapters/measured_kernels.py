"""Beside other libraries: seconds by shape and type, by B and n apart, by threads; memory; a linear layer before it."""

from report.bench import peers, tables
from report.bench.timing import Ratio
from report.document import Figure, Paragraph, Section, Table
from report.figures import Panel, panels

SHORT = {peers.NNLIB: "nnlib", peers.OUT: "nnlib, out=", peers.DERIVED: "derived", peers.TORCH: "PyTorch"}
SHORT |= {peers.JAX: "JAX", peers.NUMBA: "numba", peers.FLOOR: "floor"}
LONG = {**SHORT, peers.THREADS: "nnlib, all cores"}
TYPED = (peers.NNLIB, peers.OUT, peers.TORCH, peers.JAX, peers.NUMBA)
QUARTILES = ("low", "median", "high")
DRAWN = (peers.NNLIB, peers.OUT, peers.TORCH, peers.JAX, peers.NUMBA, peers.FLOOR)


def chapter(found):
    """found: from report.bench.kernels."""
    done = [cell for cell in found["cells"] if not cell["skipped"]]
    return Section(
        "Beside other libraries",
        (
            Paragraph(
                "The same pass, loss and gradient of softmax with cross entropy for class indices, by nnlib (gradient"
                " in new memory, or with `out=` in memory that is given), by the derived function, by eager PyTorch, by"
                " JAX under jit, and by loops that numba compiles, the last three on all cores. The *floor* is one copy"
                " and one exponential of the logits, less than which no NumPy pass can do." + _skipped(found["cells"])
            ),
            Paragraph(_standing(done)),
            _seconds_table(done, "Forward and backward pass by shape and type"),
            _ratio_table(
                done,
                peers.NNLIB,
                "How many times as long as nnlib's pass into new memory; last, that by the floor",
            ),
            _ratio_table(
                done,
                peers.OUT,
                "How many times as long as nnlib's pass into memory that is given; last, that by the floor",
            ),
            _types_table(done),
            _memory_table(found["memory"]),
            _linear_table(found["linear"]),
        ),
        "libraries",
    )


def _standing(cells):
    """How often nnlib, in new memory, was faster than each library that is there."""
    there = [name for name in (peers.TORCH, peers.JAX, peers.NUMBA) if cells[0]["seconds"][name]]
    words = []
    for name in there:
        ratios = [Ratio(*(cell["ratios"][peers.NNLIB][name][key] for key in QUARTILES)) for cell in cells]
        faster, slower = (sum(test(ratio) is True for ratio in ratios) for test in (_faster, _slower))
        words.append(f"than {SHORT[name]} it was faster at {faster} of {len(cells)} and slower at {slower}")
    if not there:
        return "No other library was installed."
    return f"Of nnlib into new memory, over all shapes and types: {'; '.join(words)}; at the rest the rounds disagree."


def _faster(ratio):
    return ratio.at_least(1)


def _slower(ratio):
    return ratio.at_most(1)


def sizes_chapter(found):
    """How time grows with B and n alone, and what a second thread brings."""
    by_n, by_B = (_done(found["sweeps"][letter]) for letter in "nB")
    return Section(
        "Sizes and threads",
        (
            Paragraph(f"{_growth(by_n, 'n')} {_growth(by_B, 'B')}"),
            Figure(
                lambda: sizes_figure(by_n, by_B),
                "Forward and backward pass in float32 against the floor; the lines run together where the arithmetic"
                " outweighs the calls",
                "Seconds against classes and against rows for nnlib and its peers, double logarithmic",
                "sizes",
            ),
            _sweep_table(by_n, "n", f"Classes alone, {by_n[0]['B']} rows"),
            _sweep_table(by_B, "B", f"Rows alone, {by_B[0]['n']} classes"),
            _threads_table(found["threads"]),
        ),
        "sizes",
    )


def _growth(cells, letter):
    """How nnlib's time and the floor grow from the first cell to the last, and how far apart they are at both ends."""
    first, last = cells[0], cells[-1]
    own, floor = (
        tables.ratio_spread(apart(first["seconds"][name], last["seconds"][name])) for name in (peers.NNLIB, peers.FLOOR)
    )
    above = [tables.ratio_spread(turned(cell["ratios"][peers.NNLIB][peers.FLOOR])) for cell in (first, last)]
    return (
        f"From ${letter} = {first[letter]}$ to ${last[letter]}$ there is {last[letter] / first[letter]:,.0f} times the"
        f" work; by how many times the time grows is, of nnlib, {own}, and of the floor {floor}. nnlib by the floor is"
        f" {above[0]} at the small end, where the calls are paid for, and {above[1]} at the large one."
    )


def sizes_figure(by_n, by_B):
    """Seconds of the contenders against n and against B."""
    plots = [
        Panel(f"seconds, B = {by_n[0]['B']}", "classes n", _series(by_n, "n")),
        Panel(f"seconds, n = {by_B[0]['n']}", "rows of the batch B", _series(by_B, "B")),
    ]
    return panels(plots)


def _series(cells, letter):
    """{contender: (sizes, medians)} of those that are there."""
    there = [name for name in DRAWN if cells[0]["seconds"][name]]
    sizes = [cell[letter] for cell in cells]
    return {SHORT[name]: (sizes, [cell["seconds"][name]["median"] for cell in cells]) for name in there}


def _done(cells):
    return [cell for cell in cells if not cell["skipped"]]


def _skipped(cells):
    """A sentence about the shapes that were not measured."""
    reasons = [f"{tables.shape(cell)} ({cell['skipped']})" for cell in cells if cell["skipped"]]
    return f" Not measured: {'; '.join(reasons)}." if reasons else ""


def _seconds_table(cells, caption):
    rows = [[*_shape(cell), *(tables.median(cell["seconds"][name]) for name in SHORT)] for cell in cells]
    return Table(("shape", "type", *SHORT.values()), rows, caption + _noise(cells), "ll" + "r" * len(SHORT))


def _noise(cells):
    most = max((cell["others"] for cell in cells), default=0)
    return f"; other processes used up to {most:.0%} of the machine meanwhile"


def _shape(cell):
    return [_sizes(cell["B"], cell["n"]), cell["dtype"]]


def _sizes(B, n):
    """'32×10', without spaces, where a line would be broken."""
    return f"{B}×{n}"


def _ratio_table(cells, of, caption):
    """Others by nnlib, and nnlib by the floor."""
    names = (peers.DERIVED, peers.TORCH, peers.JAX, peers.NUMBA)
    rows = []
    for cell in cells:
        ratios = cell["ratios"][of]
        floor = tables.ratio_spread(turned(ratios[peers.FLOOR]))
        rows.append([*_shape(cell), *(tables.ratio_spread(ratios[name]) for name in names), floor])
    header = ("shape", "type", *(SHORT[name] for name in names), "nnlib / floor")
    return Table(header, rows, caption, "ll" + "r" * (len(header) - 2))


def turned(ratio):
    """The ratio the other way round."""
    return Ratio(*(ratio[key] for key in QUARTILES)).turned.as_dict()


def _types_table(cells):
    """float64 by float32 of each shape that has both."""
    found = {(cell["B"], cell["n"], cell["dtype"]): cell["seconds"] for cell in cells}
    shapes = [(B, n) for B, n, dtype in found if dtype == "float32" and (B, n, "float64") in found]
    rows = []
    for B, n in shapes:
        both = found[B, n, "float32"], found[B, n, "float64"]
        rows.append([_sizes(B, n), *(tables.ratio_spread(apart(*(one[name] for one in both))) for name in TYPED)])
    caption = (
        "How many times as long float64 takes as float32; the two were not measured in the same rounds, so the brackets"
        " are the least and the most that their quartiles allow"
    )
    return Table(("shape", *(SHORT[name] for name in TYPED)), rows, caption, "l" + "r" * len(TYPED))


def apart(below, above):
    """Ratio above/below of two spreads from different rounds, as a dict; None where one is absent."""
    if below is None or above is None:
        return None
    low, high = above["low"] / below["high"], above["high"] / below["low"]
    return Ratio(low, above["median"] / below["median"], high).as_dict()


def _sweep_table(cells, letter, caption):
    rows = [[str(cell[letter]), *(tables.median(cell["seconds"][name]) for name in SHORT)] for cell in cells]
    header = (f"${letter}$", *SHORT.values())
    return Table(header, rows, caption + ", float32" + _noise(cells), "r" * len(header))


def _threads_table(found):
    rows = [
        [
            *_shape(one),
            SHORT[one["contender"]],
            *map(tables.median, one["seconds"].values()),
            tables.ratio_spread(one["ratio"]),
        ]
        for one in found
    ]
    numbers = list(found[0]["seconds"]) if found else ["1", "2"]
    header = ("shape", "type", "contender", *(f"threads: {number}" for number in numbers), "ratio")
    return Table(header, rows, "Threads; JAX fixes their number when it starts, and is not here", "lllrrr")


def _memory_table(found):
    rows = [[LONG.get(name, name), *tables.peaks(peaks)] for name, peaks in found["peaks"].items()]
    caption = (
        f"Memory of one pass beyond its input at {found['B']} × {found['n']} in {found['dtype']}, whose logits take"
        f" {tables.size(found['logits'])}: the peak of what NumPy allocates, the gradient included where it is new, and"
        " the growth of the whole process, which alone tells of the others"
    )
    return Table(("contender", "NumPy's peak", "process", "process / logits"), rows, caption, "lrrr")


def _linear_table(found):
    rows = []
    for name, spread in found["seconds"].items():
        times = tables.ratio_spread(found["ratios"][name]) if name in found["ratios"] else "1"
        extra = found["extra"].get(name)
        share = ["–", "–"] if extra is None else [tables.size(extra), f"{found['share'][name]:.1%}"]
        rows.append([name, tables.median(spread), times, *share])
    caption = (
        "A linear layer before it, {tokens} tokens, {features} features, {classes} classes: the three as one pass in"
        " blocks of rows, which never holds all logits, and one after the other; extra memory beyond inputs and results"
    ).format(**found)
    return Table(("route", "time", "ratio", "extra memory", "of the logits"), rows, caption, "lrrrr")
