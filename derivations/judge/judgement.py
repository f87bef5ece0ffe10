"""One claim judged: run exactly, run on floats in every situation, and whatever is wrong explained."""

from dataclasses import dataclass, field, replace

import numpy as np

from derivations.execution.cannot_trace import CannotTrace
from derivations.execution.compare import judge
from derivations.execution.decide import DIFFERENT, EQUAL
from derivations.execution.exact import LARGEST
from derivations.judge import contract, symptoms
from derivations.judge.diagnosis import ENOUGH, SMALL, explain
from derivations.judge.exactly import UNTRACED, Exact, Run, at
from derivations.judge.explanation import IN_WORDS, Explanation
from derivations.judge.scene import Scene
from derivations.judge.situation import Situation
from derivations.judge.trial import Finding, Trial

DECIDED = ("formula", "digits", "shape")  # findings of which a few end the runs
EVENTS = 3  # of exact runs that are noted


@dataclass
class Judgement:
    """exact: how the exact runs went; trial: the runs on floats.

    explanations: [(what it is about, Explanation), …].
    """

    claim: object
    question: object
    exact: Exact
    trial: Trial
    explanations: list = field(default_factory=list)
    finding: Finding | None = None
    notes: list = field(default_factory=list)

    @property
    def refuted(self):
        return bool(self.explanations)

    @property
    def proved(self):
        return not self.refuted and self.exact.verdict == EQUAL

    @property
    def compared(self):
        """How many runs on floats gave numbers that were compared."""
        return 0 if self.trial.left_over else self.trial.runs


def judged(claim, question, exact, seed=0, sizes=None):
    """The Judgement of a claim; exact: how its exact runs went, which come before anybody's runs on floats."""
    trial = Trial(question, claim, exact.verdict == EQUAL, seed, exact.subject.kept)
    found = Judgement(claim, question, exact, trial)
    try:
        _judge(found, sizes)
    except CannotTrace as refusal:
        trial.left_over = str(refusal)
    if trial.left_over:
        exact.verdict, exact.reason = UNTRACED, trial.left_over
        found.explanations.clear()
    _note(found)
    trial.forget()
    return found


def _judge(found, sizes):
    """The contract, the runs on floats, and what is wrong."""
    trial, exact = found.trial, found.exact
    if exact.verdict == UNTRACED and _far_too_large(found):  # what ran exactly is not
        return
    contract.kept(trial)
    _float_runs(trial, exact, sizes)
    if exact.differences and not trial.findings:
        _at_the_exact_numbers(found)
    if not trial.findings:
        _other_types(trial)
    if exact.verdict == EQUAL:
        _exactly_where_floats_fail(trial, exact)
    if trial.findings:
        explain(found)


def _far_too_large(found):
    """Whether an ordinary call gives a result of another shape that takes longer to compare than it is worth; said."""
    first = Trial(found.question, found.claim, memory=found.trial.memory)
    first.run(contract.ORDINARY)
    found.trial.forget()
    large = [x for x in first.findings if x.category == "shape" and np.size(x.got) > LARGEST]
    for finding in large:
        found.finding, found.trial.runs, where = finding, first.runs, found.question.outputs[finding.output]
        found.trial.findings.append(finding)
        found.explanations.append((where, Explanation("wrong-shape", finding.detail, "seen with ordinary numbers")))
    return bool(large)


def _float_runs(trial, exact, sizes):
    """The situations in float64."""
    if sizes is not None:
        trial.run(Situation("the sizes asked for", *sizes))
    for situation in sorted(symptoms.situations(trial), key=lambda x: not x.calm):
        if situation.calm or exact.verdict != DIFFERENT or not trial.findings:
            trial.run(situation)
        if sum(x.category in DECIDED for x in trial.findings) >= ENOUGH:
            return


def _other_types(trial):
    """The situations in float32, other layouts, and integers: where nothing is wrong in float64."""
    if not _takes(trial, np.float32):
        trial.skipped.append("float32, which the code does not take")
        return
    for situation in symptoms.situations(trial):
        trial.run(situation, np.float32)
        if len(trial.findings) >= ENOUGH:
            return
    contract.arranged(trial)


def _takes(trial, dtype):
    """Whether the code runs on that float type at all."""
    try:
        trial.results(trial.drawn(contract.ORDINARY, dtype))
    except Exception:
        return False
    return True


def _exactly_where_floats_fail(trial, exact):
    """A float failure may be another formula on a path that was not taken yet: run exactly there."""
    for finding in [x for x in trial.findings if x.category in ("formula", "digits", "precision")][:2]:
        if sum(np.size(x) for x in finding.arrays) > SMALL or any(np.isinf(x).any() for x in finding.arrays):
            continue
        try:
            case = at(trial.question, finding.arrays)
            comparison = judge(case, trial.claim.call, subject=exact.subject)
        except Exception:  # the code's own, and the judge's
            continue
        if comparison.verdict == DIFFERENT:
            case.regime = "ordinary" if finding.situation.name == "ordinary numbers" else finding.situation.name
            exact.differences.append(Run(case, comparison))
            exact.verdict = DIFFERENT


def _at_the_exact_numbers(found):
    """Whether floats see what the exact runs found, at their numbers; what they do not see is set aside."""
    exact = found.exact
    found.trial.forget()
    for run in exact.differences[:ENOUGH]:
        arrays = [_floats(x, run.case) for x in run.case.arguments]
        calm = run.case.regime == "ordinary"
        found.trial.on(Situation(IN_WORDS.get(run.case.regime, run.case.regime), calm=calm, rows=1, columns=1), arrays)
    if not found.trial.findings:
        regime = exact.differences[0].case.regime
        small = all(_invisible(found, run) for run in exact.differences)
        how = (
            "it differs exactly by less than floats can show"
            if small
            else "exact runs differ, and runs on floats do not"
        )
        exact.verdict, exact.reason = "undecided", f"with {IN_WORDS.get(regime, regime)} {how}"
        exact.differences = []


def _invisible(found, run):
    """Whether the results of an exact run, as floats, are right to within the rounding of floats."""
    scene = Scene.of_run(found.question, run)
    if [x.shape for x in scene.got] != [x.shape for x in scene.wanted]:
        return False
    results = tuple(x.astype(float) for x in scene.got_numbers)
    claim = replace(found.claim, call=lambda *_: results if len(results) > 1 else results[0])
    arrays = [_floats(x, run.case) for x in run.case.arguments]
    return Trial(found.question, claim).on(Situation("the numbers of an exact run"), arrays)


def _floats(array, case):
    """Scalars of a case as floats."""
    from derivations.execution.values import Values

    values = Values(case.numbers, 60)
    if isinstance(array, np.ndarray) and array.dtype != object:
        return array
    return np.asarray(np.frompyfunc(lambda x: float(values.number(x)), 1, 1)(array), dtype=float)


def _lost(kind, note):
    """What cancellation does to entries that are small beside the terms that are summed in them."""
    left = {0: "no digit", 1: "one digit"}.get(round(note.left), f"{note.left:.0f} digits")
    worst = f"{left} of one is right ({note.dtype}, {note.situation})"
    return f"{kind}: entries that are small beside the terms of their sum lose digits to cancellation: {worst}"


def _at_kinks(shares):
    """Which derivative the code takes where there is one on each side."""
    which = {0.0: "the left one", 1.0: "the right one", 0.5: "their mean"}
    words = " or ".join(which.get(share, f"{share:g} of the way from left to right") for share in sorted(shares))
    return f"at a kink any derivative between the left and the right one is right; the code takes {words}"


def _note(found):
    """What is worth knowing and no error."""
    trial, notes = found.trial, found.notes
    if not found.refuted:
        if trial.notes:
            notes.append(_lost(found.claim.kind.replace("_", " "), min(trial.notes, key=lambda x: x.left)))
        if trial.kinks:
            notes.append(_at_kinks(trial.kinks))
        for name in sorted(trial.limits):
            notes.append(f"NaN for {name} whose target is 0: 0 · ∞, which np.where(y > 0, …) avoids")
        other = contract.keeps_the_type(trial)
        if other is not None:
            notes.append(f"for float32 the result is {other}")
    notes += [event for event in found.exact.events if event not in [x.evidence for _, x in found.explanations]][
        :EVENTS
    ]
    for text in found.exact.identifications:
        notes.append(f"read as exact: {text}")
    if found.exact.verdict != EQUAL and found.exact.reason:
        notes.append(f"not proved: {found.exact.reason}")
    notes += [f"not tried: {words}" for words in trial.skipped]
