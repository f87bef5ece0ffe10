"""Targets as classes, one-hot rows and soft rows; and every derived function beside the hand-written one."""

from report.bench import peers, tables
from report.bench.targets import CLASSES, ONE_HOT, ROWS_FLOOR, SOFT
from report.document import Paragraph, Section, Table

KINDS = (CLASSES, ONE_HOT, SOFT)
ROWS = (ONE_HOT, SOFT)


def chapter(kernels):
    """kernels: from report.bench.kernels, its targets and generated."""
    found = kernels["targets"]
    blocks = [_rows_paragraph(found[0]["work"]), _seconds_table(found), _ratio_table(found)] if found else []
    blocks += [_derived_paragraph(kernels["generated"]), _derived_table(kernels["generated"])]
    return Section("Targets as rows, and derived functions", tuple(blocks), "rows")


def _rows_paragraph(work):
    counts = ", ".join(f"{sum(work[kind].values()):.0f} for {kind}" for kind in KINDS)
    return Paragraph(
        "A target can be a class, or a row of probabilities: one-hot, or soft. Rows are a second array of the size of"
        " the logits, which must be read, and summed to be checked; the *floor of rows* is the floor and that one sum."
        f" Operations for an entry of the logits, checks included: {counts}."
    )


def _seconds_table(cells):
    names = (*KINDS, peers.FLOOR, ROWS_FLOOR)
    rows = [[*_shape(cell), *(tables.median(cell["seconds"][name]) for name in names)] for cell in cells]
    caption = "Softmax with cross entropy by the kind of target, the gradient into memory that is given"
    return Table(("shape", "type", *names), rows, caption, "llrrrrr")


def _ratio_table(cells):
    rows = []
    for cell in cells:
        ratios = [cell["ratios"][kind] for kind in KINDS] + [cell["own"][kind] for kind in ROWS]
        rows.append([*_shape(cell), *map(tables.ratio_spread, ratios)])
    header = ("shape", "type", *KINDS, *(f"{kind}*" for kind in ROWS))
    return Table(header, rows, "How many times as long as the floor; with a star: as the floor of rows", "llrrrrr")


def _shape(cell):
    return [f"{cell['B']}×{cell['n']}", cell["dtype"]]


def _derived_paragraph(found):
    slower = [one for one in found if one["ratio"]["high"] < 1]
    return Paragraph(
        "Every derived function was timed beside the hand-written one. nnlib checks its arguments, which the derived"
        " functions do not; its kernels were written for speed and for digits, which the derived ones owe to the"
        f" formula. Of {len(found)} derived functions {len(slower)} were slower in all but a quarter of the rounds."
    )


def _derived_table(found):
    """The slowest function of each operation, measured by nnlib's."""
    rows = []
    for name in dict.fromkeys(one["operation"] for one in found):
        group = [one for one in found if one["operation"] == name]
        worst = min(group, key=lambda one: one["ratio"]["median"])
        times = [tables.median(spread) for spread in worst["seconds"].values()]
        speed = tables.quartiles(worst["ratio"])
        rows.append([name, str(len(group)), worst["kind"], *times, speed, worst["why"] or "–"])
    header = ("operation", "functions", "the slowest by nnlib", "derived", "nnlib", "speed", "does more of")
    caption = "Derived functions: of each operation the one that is slowest by nnlib's; speed 2: in half the time"
    return Table(header, rows, caption, "lrlrrrl")
