"""What is wrong with a claim: its findings and its exact runs explained, the likeliest first."""

from dataclasses import replace

import numpy as np

from derivations.execution.decide import EQUAL
from derivations.judge import symptoms
from derivations.judge.conventions import alternatives
from derivations.judge.draws import apart, signed
from derivations.judge.exactly import at
from derivations.judge.explain import explained
from derivations.judge.explanation import Explanation
from derivations.judge.recall import replayed
from derivations.judge.scene import ROUGH, ROUGH_SINGLE, Scene
from derivations.judge.situation import Situation
from derivations.judge.smallest import smallest

SMALL = 30  # entries of arguments that are run exactly once more, at the floats on which they failed
FIRST = ("mutation", "random", "state")  # what explains wrong numbers too
UNWRITTEN = "returns entries of np.empty that were never written"
FORMULA = ("formula", "precision", "shape", "digits", "not finite")
VAGUE = ("wrong-function", "wrong-shape", "exception")
FEW_DIGITS = ("unstable", "rare-branch")  # what a loss of digits looks like to whoever compares formulas
OTHER_SIZES = [Situation("ordinary numbers", *sizes) for sizes in ((2, 3), (1, 3), (2, 2))]
SMALL_UPSTREAM = Situation("a small upstream gradient", 2, 3, upstream=lambda rng, shape: 1e-3 * signed(rng, shape))
LARGE_UPSTREAM = Situation("an upstream gradient above 1", 5, 2, upstream=apart(0.0))
ENOUGH = 3  # findings in one float type


def explain(found):
    """The explanations, the likeliest first, and the smallest counterexample of the first one."""
    trial, exact = found.trial, found.exact
    replayed(trial)
    first = [x for x in trial.findings if x.category in FIRST]
    if UNWRITTEN in found.exact.events:
        words = "entries are returned that were never written: they hold whatever was in memory"
        found.explanations.append((found.claim.kind, Explanation("nondeterministic", words, UNWRITTEN)))
    for finding in first:
        _add(found, finding, symptoms.of_the_contract(finding, trial))
    numbers = [x for x in trial.findings if x.category not in (*FIRST, "aliasing")]
    remembers = any(x.category == "state" for x in first)
    if exact.differences and not (remembers and exact.equal):  # a formula that is right at times is not what is wrong
        _of_exact_runs(found)
    if numbers and not exact.differences:
        if not remembers and not (trial.formula_known and (symptoms.casts(exact) or symptoms.stored_in(trial))):
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
    of_an_output = finding.got is not None and finding.category != "mutation"
    where = found.question.outputs[finding.output] if of_an_output else found.claim.kind
    if explanation is not None and (where, explanation.id) not in known:
        found.explanations.append((where, explanation))


def _of_conventions(found, first):
    """Other calling conventions under which the code is right: the first explanation where there is no better one."""
    wrong = [run.case.sizes for run in found.exact.differences] or [sizes for sizes, _ in found.exact.raised]
    if first or not wrong:
        return
    others = [(found.claim.kind, x) for x in alternatives(found.claim, found.question, found.exact.subject)]
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
    return case.named_sizes.get("B", 1), case.named_sizes.get("n", 1)


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
        if (
            finding.category not in (("formula",) if found.trial.formula_known else FORMULA)
            or not finding.situation.calm
            or finding.got is None
        ):
            continue
        if sum(map(np.size, finding.arrays)) <= SMALL + 6:
            found.trial.forget()
            got = [x.astype(object) for x in found.trial.results(finding.arrays)]
            scenes.append(_float_scene(found, finding.arrays, got, finding.dtype))
    outputs = scenes[0].wrong if scenes else ()
    single = all(x.dtype == "float32" for x in numbers)
    scenes += _small_runs(found, "float32" if single else "float64") if outputs else []
    by_output = []
    for output in outputs:
        by_output += [(found.question.outputs[output], x) for x in explained(scenes, output)]
    precise = all(x.category == "precision" for x in numbers if x.situation.calm)  # of which symptoms say more
    vague = (*VAGUE, *FEW_DIGITS) if precise else VAGUE if found.trial.formula_known else ()
    by_output = [(where, x) for where, x in by_output if x.id not in vague]
    if single:
        by_output = [(where, replace(x, words=f"in float32, {x.words}")) for where, x in by_output]
    found.explanations += _likeliest_first(by_output)


def _float_scene(found, arrays, got, dtype):
    rough = ROUGH if dtype == "float64" else ROUGH_SINGLE
    return Scene(found.question, at(found.question, arrays), got, rough=rough)


def _small_runs(found, dtype):
    """Scenes at small sizes, right or wrong: what explains the findings has to hold there too."""
    scenes, rng = [], np.random.default_rng(0)
    upstream = found.question.specification.upstream is not None
    for situation in [LARGE_UPSTREAM, *OTHER_SIZES, SMALL_UPSTREAM] if upstream else OTHER_SIZES:
        rows = 1 if found.claim.single else situation.rows
        arrays = found.question.drawn(replace(situation, rows=rows), rng, np.dtype(dtype))
        found.trial.forget()
        try:
            got = [x.astype(object) for x in found.trial.results(arrays)]
        except Exception:  # which a finding says, if it is one
            continue
        scenes.append(_float_scene(found, arrays, got, dtype))
    return scenes


def _likeliest_first(explanations):
    """First the best explanation of each output, then the second ones."""
    by_output = {}
    for where, explanation in explanations:
        by_output.setdefault(where, []).append((where, explanation))
    rounds = max(map(len, by_output.values()), default=0)
    return [x[k] for k in range(rounds) for x in by_output.values() if k < len(x)]


def _of_symptoms(found, numbers):
    order = {"not finite": 0, "exception": 1, "precision": 2, "digits": 3}
    for finding in sorted(numbers, key=lambda x: (x.dtype != "float64", order.get(x.category, 2)))[:ENOUGH]:
        if finding.category != "formula":
            _add(found, finding, symptoms.of_the_run(finding, found.trial, found.exact))
        elif symptoms.casts(found.exact) or (found.exact.verdict == EQUAL and finding.size <= SMALL):
            _add(found, finding, symptoms.of_the_precision(finding, found.trial, found.exact))
        else:
            words = f"right for small arrays of ordinary numbers, and wrong {_elsewhere(finding.situation)}"
            _add(found, finding, Explanation("rare-branch", words, f"seen with {finding.situation.name}"))


def _elsewhere(situation):
    """Which numbers a situation has, or which sizes where the numbers are ordinary."""
    size = Situation(situation.name, situation.rows, situation.columns)
    return f"for B = {situation.rows}, n = {situation.columns}" if situation == size else f"with {situation.name}"


def _shown(found, first, numbers):
    """The Finding that is shown: of what explains the rest, as small as it gets."""
    candidates = [*first, *numbers, *found.trial.findings]
    if not candidates:
        return None
    best = min(candidates, key=lambda x: (x not in first, x.dtype != "float64", x.got is None, x.size))
    small = smallest(best, found.trial, found.trial.memory)
    return small if small.size <= best.size else best
