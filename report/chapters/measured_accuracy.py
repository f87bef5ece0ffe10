"""Accuracy: the worst error of each pass in units of eps."""

from report.bench import peers, tables
from report.bench.accuracy import DIGITS, QUANTITIES
from report.document import Paragraph, Section, Table

NAMES = {"loss": "loss", "target": "gradient, target", "others": "gradient, others"}
TARGETS = {"largest": "the largest logit", "any": "any class"}


def chapter(found):
    """found: from report.bench.accuracy."""
    contenders = [name for name in found[0]["errors"]["loss"] if name != peers.OUT]
    budgets = [row["budget"][peers.NNLIB] for row in found]
    return Section(
        "Accuracy",
        (
            Paragraph(
                f"Loss and gradient of single rows were held against the definition at {DIGITS} digits. An error is"
                " relative to the true number, in units of roundoff (eps) of the type. The exponential's own condition"
                " allows $|o_{k} - \\max o| + 4$ of them in entry $k$;"
                f" nnlib uses at most {max(budgets):.2f} of this budget. Where the target is the largest logit,"
                " $p_{c} - 1$ cancels, and nnlib sums the other entries instead:"
                " $p_{c} - 1 = -\\sum_{k \\neq c} p_{k}$."
            ),
            _worst_table(found, contenders),
            _regimes_table(found, contenders),
            Paragraph(_reasons(found)),
        ),
        "accuracy",
    )


def _worst_table(found, contenders):
    rows = []
    for quantity in QUANTITIES:
        for target, words in TARGETS.items():
            for dtype in ("float32", "float64"):
                there = [row["errors"][quantity] for row in found if (row["target"], row["dtype"]) == (target, dtype)]
                worst = [_worst([errors[name] for errors in there]) for name in contenders]
                rows.append([NAMES[quantity], words, dtype, *map(tables.eps, worst)])
    caption = (
        "Worst error in eps over all kinds of logits of the table below; 8e6 in float32 and 5e15 in float64 are 1/eps:"
        " no digit is right"
    )
    return Table(("quantity", "target", "type", *contenders), rows, caption, "lll" + "r" * len(contenders))


def _worst(errors):
    """The largest, None where the contender is absent."""
    return None if None in errors else max(errors)


def _regimes_table(found, contenders):
    rows = [
        [row["regime"], row["dtype"], *(tables.eps(row["errors"]["target"][name]) for name in contenders)]
        for row in found
        if row["target"] == "largest"
    ]
    caption = (
        "The target's gradient where the target is the largest logit: worst error in eps by kind of logits: normal of"
        " that scale; uniform in ±1e4; *confident*, normal with one that stands out by 12 to 80; *ties*, small integers"
    )
    return Table(("logits", "type", *contenders), rows, caption, "ll" + "r" * len(contenders))


def _reasons(found):
    """Why nnlib's error is not the smallest, counted."""
    reasons = [why for row in found for why in row["reasons"].values()]
    counted = {why: reasons.count(why) for why in dict.fromkeys(reasons) if why}
    least = f"nnlib's error is the smallest in {reasons.count(None)} of {len(reasons)} comparisons"
    others = "; ".join(f"{why} in {number}" for why, number in counted.items())
    return f"{least}{'; of the others it is ' + others if others else ''}."
