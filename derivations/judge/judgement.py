"""One claim judged: run exactly, run on floats in every situation, and whatever is wrong explained."""

from dataclasses import dataclass, field

import numpy as np

from derivations.execution.cannot_trace import CannotTrace
from derivations.execution.compare import judge
from derivations.execution.decide import DIFFERENT, EQUAL
from derivations.judge import contract, symptoms
from derivations.judge.conventions import alternatives
from derivations.judge.exactly import Exact, Run, at
from derivations.judge.explain import explained
from derivations.judge.explanation import Explanation
from derivations.judge.floats import Finding, Trial, called, copied, flat
from derivations.judge.scene import Scene
from derivations.judge.situations import Situation
from derivations.judge.smallest import smallest

SMALL = 30  # entries of arguments that are run exactly once more, at the floats on which they failed
FIRST = ("mutation", "random", "state")  # what explains wrong numbers too
FORMULA = ("formula", "digits", "shape")
VAGUE = ("wrong-function", "wrong-shape", "exception")
EVENTS = 3  # of exact runs that are noted
ENOUGH = 3  # findings in one float type


@dataclass
class Judgement:
    """exact: how the exact runs went; trial: the runs on floats; explanations: [(what it is about, Explanation), …]."""

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
        return self.trial.runs


def judged(claim, question, exact, seed=0, sizes=None):
    """The Judgement of a claim; exact: how its exact runs went, which come before anybody's runs on floats."""
    trial = Trial(question, claim, exact.verdict == EQUAL, seed)
    contract.kept(trial)
    _float_runs(trial, exact, sizes)
    if exact.verdict == EQUAL:
        _exactly_where_floats_fail(trial, exact)
    found = Judgement(claim, question, exact, trial)
    if exact.differences and not trial.findings:
        _at_the_exact_numbers(found)
    if trial.findings:
        _explain(found)
    _note(found)
    return found


def _float_runs(trial, exact, sizes):
    """The situations in float64; where nothing is wrong also in float32, other layouts, and integers."""
    if sizes is not None:
        trial.run(Situation("the sizes asked for", *sizes))
    for situation in sorted(symptoms.situations(trial), key=lambda x: not x.calm):
        if situation.calm or exact.verdict != DIFFERENT or not trial.findings:
            trial.run(situation)
        if sum(x.category in FORMULA for x in trial.findings) >= ENOUGH:
            return
    if trial.findings or exact.differences:
        return
    if not _takes(trial, np.float32):
        trial.skipped = "float32"
        return
    for situation in symptoms.situations(trial):
        trial.run(situation, np.float32)
        if len(trial.findings) >= ENOUGH:
            return
    if not trial.claim.single:
        contract.arranged(trial)


def _takes(trial, dtype):
    """Whether the code runs on that float type at all."""
    try:
        called(trial.claim, [copied(x) for x in trial.drawn(contract.ORDINARY, dtype)])
    except (Exception, SystemExit):
        return False
    return True


def _exactly_where_floats_fail(trial, exact):
    """A float failure may be another formula on a path that was not taken yet: run exactly there."""
    for finding in [x for x in trial.findings if x.category in ("formula", "digits", "precision")][:2]:
        if sum(np.size(x) for x in finding.arrays) > SMALL or any(np.isinf(x).any() for x in finding.arrays):
            continue
        try:
            case = at(trial.question, finding.arrays)
            comparison = judge(case, trial.claim.call)
        except (CannotTrace, ArithmeticError, ValueError):
            continue
        if comparison.verdict == DIFFERENT:
            case.regime = finding.situation.name.removesuffix(" numbers")
            exact.differences.append(Run(case, comparison))
            exact.verdict = DIFFERENT


def _at_the_exact_numbers(found):
    """Whether floats see what the exact runs found, at their numbers."""
    for run in found.exact.differences[:ENOUGH]:
        arrays = [_floats(x, run.case) for x in run.case.arguments]
        calm = run.case.regime == "ordinary"
        found.trial.on(Situation(f"{run.case.regime} numbers", calm=calm, rows=1, columns=1), arrays)
    if not found.trial.findings:
        found.exact.verdict = "undecided"
        difference = found.exact.differences[0].comparison.differences
        found.exact.reason = f"exactly, it differs by less than floats can show: {difference[0] if difference else ''}"


def _floats(array, case):
    """Scalars of a case as floats."""
    from derivations.execution.values import Values

    values = Values(case.numbers, 60)
    if isinstance(array, np.ndarray) and array.dtype != object:
        return array
    return np.asarray(np.frompyfunc(lambda x: float(values.number(x)), 1, 1)(array), dtype=float)


def _explain(found):
    """The explanations, the likeliest first, and the smallest counterexample of the first one."""
    trial, exact = found.trial, found.exact
    first = [x for x in trial.findings if x.category in FIRST]
    for finding in first:
        _add(found, finding, symptoms.of_the_contract(finding, trial))
    if exact.differences:
        _of_exact_runs(found)
    numbers = [x for x in trial.findings if x.category not in (*FIRST, "aliasing")]
    if numbers and not exact.differences:
        if not trial.formula_known and not any(x.category == "state" for x in first):
            _of_float_runs(found, numbers)
        if not found.explanations:
            _of_symptoms(found, numbers)
    for finding in trial.findings:
        if finding.category == "aliasing":
            _add(found, finding, symptoms.of_the_contract(finding, trial))
    if not found.explanations and numbers:
        _of_symptoms(found, numbers)
    _of_conventions(found, first)
    found.finding = _shown(found, first, numbers)


def _add(found, finding, explanation):
    known = [(where, x.id) for where, x in found.explanations]
    where = found.question.outputs[finding.output] if finding.got is not None else found.claim.kind
    if explanation is not None and (where, explanation.id) not in known:
        found.explanations.append((where, explanation))


def _of_conventions(found, first):
    """Other calling conventions under which the code is right: the first explanation where there is no better one."""
    wrong = [run.case.sizes for run in found.exact.differences] or [sizes for sizes, _ in found.exact.raised]
    if first or not wrong:
        return
    others = [(found.claim.kind, x) for x in alternatives(found.claim, found.question)]
    vague = not found.explanations or found.explanations[0][1].id in VAGUE
    found.explanations = [*others, *found.explanations] if vague else [*found.explanations, *others]


def _best_first(runs):
    """Scenes of exact runs: ordinary ones of several rows and columns first."""
    return sorted(
        runs,
        key=lambda run: (
            not run.telling or _entries(run.case) == 1,
            run.case.regime != "ordinary",
            -min(_sizes(run.case)),
            -_sizes(run.case)[-1],
        ),
    )


def _sizes(case):
    named = {str(size): number for size, number in case.sizes.items()}
    return named.get("B", 1), named.get("n", 1)


def _entries(case):
    rows, columns = _sizes(case)
    return rows * columns


def _of_exact_runs(found):
    scenes = [Scene.of_run(found.question, run) for run in _best_first(found.exact.differences + found.exact.equal)]
    by_output = []
    for output in sorted({k for scene in scenes for k in scene.wrong}):
        for explanation in explained(scenes, output):
            by_output.append((found.question.outputs[output], explanation))
    found.explanations += _likeliest_first(by_output)


def _of_float_runs(found, numbers):
    """The same explanations for code that cannot be run exactly, at floats where nothing is extreme."""
    scenes = []
    for finding in numbers:
        if finding.situation.calm and finding.got is not None and sum(map(np.size, finding.arrays)) <= SMALL + 6:
            got = flat(called(found.claim, [copied(x) for x in finding.arrays]), len(found.question.outputs))
            scenes.append(Scene(found.question, at(found.question, finding.arrays), [x.astype(object) for x in got]))
    by_output = []
    for output in scenes[0].wrong if scenes else ():
        by_output += [(found.question.outputs[output], x) for x in explained(scenes, output)]
    found.explanations += _likeliest_first(by_output)


def _likeliest_first(explanations):
    """First the best explanation of each output, then the second ones."""
    by_output = {}
    for where, explanation in explanations:
        by_output.setdefault(where, []).append((where, explanation))
    rounds = max(map(len, by_output.values()), default=0)
    return [x[k] for k in range(rounds) for x in by_output.values() if k < len(x)]


def _of_symptoms(found, numbers):
    order = {"not finite": 0, "exception": 1, "digits": 2, "precision": 3}
    for finding in sorted(numbers, key=lambda x: (x.dtype != "float64", order.get(x.category, 2)))[:ENOUGH]:
        if finding.category == "formula":
            words = f"right for small arrays of ordinary numbers, and wrong with {finding.situation.name}"
            _add(found, finding, Explanation("rare-branch", words, f"seen with {finding.situation.name}"))
        else:
            _add(found, finding, symptoms.of_the_run(finding, found.trial, found.exact))


def _shown(found, first, numbers):
    """The Finding that is shown: of what explains the rest, as small as it gets."""
    candidates = [*first, *numbers, *found.trial.findings]
    if not candidates:
        return None
    best = min(candidates, key=lambda x: (x not in first, x.dtype != "float64", x.got is None, x.size))
    small = smallest(best, found.trial)
    return small if small.size <= best.size else best


def _note(found):
    """What is worth knowing and no error."""
    trial, notes = found.trial, found.notes
    if not found.refuted:
        lost = {}
        for note in trial.notes:
            lost[note.dtype] = min(lost.get(note.dtype, note), note, key=lambda x: x.left)
        for dtype, note in lost.items():
            notes.append(
                f"digits are lost to cancellation: {note.left:.0f} of them are right in {dtype}, {note.situation}"
            )
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
    if trial.skipped:
        notes.append(f"not tried: {trial.skipped}, which the code does not take")
