"""The goals that were set for the kernels: which were reached, which not, and by how much."""

from report.bench import peers, tables
from report.document import Paragraph, Section, Table

VERDICTS = {True: "met", False: "missed", None: "unclear"}


def chapter(kernels):
    """kernels: from report.bench.kernels, its goals with where, ratio and met."""
    goals = kernels["goals"]
    missed = [goal for goal in goals if goal["met"] is not True]
    blocks = [
        Paragraph(
            "What the kernels are to reach was written down as numbers, and was met in"
            f" {len(goals) - len(missed)} of {len(goals)} places. A goal is *missed* where the rounds agree that it was"
            " not reached, and *unclear* where its bound lies between their quartiles."
        ),
        _summary(goals),
    ]
    return Section("Goals", tuple(blocks + [_open(missed, kernels["cells"])] if missed else blocks), "goals")


def _summary(goals):
    rows = []
    for goal in dict.fromkeys(entry["goal"] for entry in goals):
        verdicts = [entry["met"] for entry in goals if entry["goal"] == goal]
        rows.append([goal, *(str(verdicts.count(verdict)) for verdict in VERDICTS)])
    return Table(("goal", *VERDICTS.values()), rows, "Goals and in how many places they are met", "lrrr")


def _open(missed, cells):
    rows = [
        [goal["goal"], goal["where"], VERDICTS[goal["met"]], _measured(goal), _on_all_cores(goal, cells)]
        for goal in missed
    ]
    caption = (
        "Goals that are not met, where, and what was measured: the ratio that the goal is about, of another library its"
        " time by nnlib's, with its quartiles; or the share of memory. nnlib works on one core unless told otherwise,"
        " the others on all: in the last column nnlib does so too"
    )
    return Table(("goal", "where", "verdict", "measured", "all cores"), rows, caption, "lllrr")


def _measured(goal):
    """The median and the quartiles, stated or not: the verdict beside them says what they are worth."""
    return tables.share(goal["share"]) if goal["ratio"] is None else tables.quartiles(goal["ratio"])


def _on_all_cores(goal, cells):
    """The same ratio with nnlib's row blocks on all cores; '–' for goals that are not about a contender at a shape."""
    rival = next((name for name in (*peers.PACKAGES, peers.FLOOR) if goal["goal"].endswith(name)), None)
    cell = next((cell for cell in cells if goal["where"] == f"{cell['B']}×{cell['n']} {cell['dtype']}"), None)
    return tables.ratio_spread(cell["ratios"][peers.THREADS][rival]) if cell and rival else "–"
