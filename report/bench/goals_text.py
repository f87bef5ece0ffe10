"""Targets as rows, derived functions beside hand-written ones, and the goals of both, for a terminal of 80 columns."""

from textwrap import wrap

from report.bench import peers, tables
from report.bench.targets import CLASSES, ONE_HOT, ROWS_FLOOR, SOFT

MARKS = {True: "met", False: "MISSED", None: "unclear"}
KINDS = (CLASSES, ONE_HOT, SOFT)


def text(found):
    """found: from report.bench.kernels."""
    return _targets(found["targets"]) + _generated(found["generated"]) + _goals(found["goals"])


def _targets(found):
    seconds, times = [], []
    for cell in found:
        names = (*KINDS, peers.FLOOR, ROWS_FLOOR)
        seconds.append([tables.shape(cell), *(tables.median(cell["seconds"][name]) for name in names)])
        ratios = [cell["ratios"][kind] for kind in KINDS] + [cell["own"][kind] for kind in (ONE_HOT, SOFT)]
        times.append([tables.shape(cell), *map(tables.ratio, ratios)])
    lines = tables.underlined("Targets as classes, one-hot rows, soft rows")
    lines += tables.table(["B×n", "classes", "one-hot", "soft", "floor", "rows' floor"], seconds)
    lines += ["", *tables.table(["/ floor", "classes", "one-hot", "soft", "one-hot*", "soft*"], times)]
    return lines + ["* by the floor of rows, which sums the targets too"]


def _generated(found):
    rows = [
        [one["operation"], one["kind"], *map(tables.median, one["seconds"].values()), tables.ratio(one["ratio"])]
        for one in found
    ]
    header = ["", "", "derived", "nnlib", "speed"]
    return tables.underlined("Derived functions against hand-written ones") + tables.table(header, rows, 20)


def _goals(found):
    """Each goal once, with the places that miss it or leave it open, and why."""
    lines = tables.underlined("Goals")
    for goal in dict.fromkeys(entry["goal"] for entry in found):
        entries = [entry for entry in found if entry["goal"] == goal]
        met = sum(entry["met"] is True for entry in entries)
        lines.append(f"{goal}: met in {met} of {len(entries)}")
        for entry in entries:
            if entry["met"] is not True:
                lines += _missed(entry)
    return lines


def _missed(entry):
    ratio = entry["ratio"]
    shown = f"{ratio['low']:.2f} to {ratio['high']:.2f}" if ratio else tables.share(entry["share"])
    why = wrap(entry["why"], tables.WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8)
    return [f"    {MARKS[entry['met']]}: {entry['where']} ({shown})", *why]
