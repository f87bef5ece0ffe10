"""The goals that were set for the kernels: which were reached, which not, by how much, and why."""

from report.bench import tables
from report.document import Paragraph, Section, Table

VERDICTS = {True: "met", False: "missed", None: "unclear"}


def chapter(kernels):
    """kernels: from report.bench.kernels, its goals with where, ratio, met and why."""
    goals = kernels["goals"]
    missed = [goal for goal in goals if goal["met"] is not True]
    blocks = [
        Paragraph(
            "What the kernels are to reach was written down as numbers, and was met in"
            f" {len(goals) - len(missed)} of {len(goals)} places. A goal is *missed* where the rounds agree that it was"
            " not reached, and *unclear* where its bound lies between their quartiles. The other libraries work on all"
            " cores; nnlib does on the three largest shapes, where that pays, and works on one core elsewhere."
        ),
        _summary(goals),
    ]
    return Section("Goals", tuple(blocks + [_open(missed)] if missed else blocks), "goals")


def _summary(goals):
    rows = []
    for goal in dict.fromkeys(entry["goal"] for entry in goals):
        verdicts = [entry["met"] for entry in goals if entry["goal"] == goal]
        rows.append([goal, *(str(verdicts.count(verdict)) for verdict in VERDICTS)])
    return Table(("goal", *VERDICTS.values()), rows, "Goals and in how many places they are met", "lrrr")


def _open(missed):
    rows = [
        [goal["goal"], goal["where"], VERDICTS[goal["met"]], _measured(goal), goal["why"] or "–"] for goal in missed
    ]
    caption = (
        "Goals that are not met, where, and what was measured: the ratio that the goal is about, of another library its"
        " time by nnlib's, with its quartiles; or a share of the memory or of the cells. Last, what was counted or"
        " measured in the same run that may be why; of a derived function, what it does more"
        " of than the hand-written one, memory held at most included"
    )
    return Table(("goal", "where", "verdict", "measured", "why"), rows, caption, "lllrl")


def _measured(goal):
    """The median and the quartiles, stated or not: the verdict beside them says what they are worth."""
    return tables.share(goal["share"]) if goal["ratio"] is None else tables.quartiles(goal["ratio"])
