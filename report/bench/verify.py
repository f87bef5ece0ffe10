"""The judge against the catalogue of hand-written passes, beside finite differences: found, named, blamed, how fast.

Reading order: pass_subject and gradient_checkers, what finite differences are asked; verdicts and worker, what the
judge is asked; findings, what is made of the answers; judging_speed; here they meet.
"""

from report.bench import findings, gradient_checkers, judging_speed, verdicts
from report.bench.worker import PATIENCE, alone

QUICK = (  # right and wrong ones of every kind
    "softmax_backward_textbook",
    "softmax_backward_magnitudes",
    "jacobian_by_finite_differences",
    "softmax_with_epsilon_below",
    "fused_both_summed",
    "linear_backward_one_sample",
    "CrossEntropyLossWithCache",
    "LinearAccumulates",
)
NAMED, MEDIAN, WIDE = 0.9, 2.0, 5.0  # goals: a share, seconds, seconds


def measured(quick=False):
    """{"passes", "left_out", "summary", "frameworks", "speed", "goals"}; quick: a handful of passes, tiny sizes."""
    names = [entry.name for entry in verdicts.judged_passes() if not quick or entry.name in QUICK]
    records = judged(names)
    found = {
        "passes": [findings.row(record) for record in records],
        "left_out": verdicts.left_out(),
        "summary": findings.summary(records),
        "frameworks": frameworks(),
        "speed": judging_speed.measured(quick),
    }
    return {**found, "goals": goals(found["summary"], found["speed"])}


def judged(names):
    """One record a pass: {"entry", "verify": the judge's answer, checker: its answer or None where it is absent}."""
    entries = {entry.name: entry for entry in verdicts.judged_passes()}
    answers = alone(verdicts.pass_verdict, names, verdicts.prepare)
    checks = alone(gradient_checkers.checks, names)
    return [
        {
            "entry": entries[name],
            findings.OURS: answer or verdicts.silent(PATIENCE),
            **(checked or gradient_checkers.silent(PATIENCE)),
        }
        for name, answer, checked in zip(names, answers, checks, strict=True)
    ]


def frameworks():
    """What the judge says of PyTorch's and JAX's own functions, a row each."""
    names = list(verdicts.FRAMEWORKS)
    answers = alone(verdicts.framework_verdict, names, verdicts.prepare)
    return [
        answer or {"function": name, "operation": verdicts.FRAMEWORKS[name][1], **verdicts.silent(PATIENCE)}
        for name, answer in zip(names, answers, strict=True)
    ]


def goals(summary, speed):
    """[{"goal", "found", "unit": "s" or "", of a share, "met": None where nothing was measured}, …]."""
    ours, times = summary["total"][findings.OURS], summary["seconds"][findings.OURS]
    n, wide = judging_speed.widest(speed)
    return [
        _goal("every wrong pass refuted", findings.share(ours["found"], ours["wrong"]), at_least=1),
        _goal("no right pass refuted", findings.share(ours["blamed"], ours["right"]), at_most=0),
        _goal(f"{NAMED:.0%} of the wrong passes named", findings.share(ours["named"], ours["wrong"]), at_least=NAMED),
        _goal(f"median verdict under {MEDIAN:.0f} s", times and times["median"], "s", at_most=MEDIAN),
        _goal(f"softmax of {n} classes under {WIDE:.0f} s", wide, "s", at_most=WIDE),
    ]


def _goal(goal, found, unit="", at_least=None, at_most=None):
    if found is None:
        met = None
    else:
        met = found >= at_least if at_most is None else found <= at_most
    return {"goal": goal, "found": found, "unit": unit, "met": met}
