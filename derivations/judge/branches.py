"""Code that is right on one side of a threshold and wrong on the other: clipping, cut-offs, shortcuts."""

import numpy as np

from derivations.execution.substitute import unknowns
from derivations.execution.written import written
from derivations.judge.explanation import Explanation
from derivations.scalar import Scalar, postorder


def of_a_branch(scene, output):
    """The Explanation by a comparison with a number other than 0 on the path of an exact run."""
    if scene.trace is None or not scene.fits(output):
        return
    got, want = scene.got[output], scene.wanted[output]
    wrong = [at for at in np.ndindex(got.shape) if not scene.decided(got[at], want[at])]
    nodes = [got[at] for at in wrong]
    for name in sorted({name for node in nodes for name in scene.trace.choices(node)}):
        chosen = scene.trace.selections[name].chosen
        if chosen.kind == "const" and chosen.args[0] != 0:
            yield _clipped(
                scene, _origins(scene.trace, name), chosen.args[0], f"on this path {name} is {written(chosen)}"
            )
            return
    if len(wrong) == got.size > 1 and scene.case.regime == "ordinary":  # another function, and not on a path alone
        return
    for condition, threshold, compared in _thresholds(scene, nodes):
        evidence = f"on the path {condition}"
        if _constants(scene, nodes) & {threshold, -threshold}:
            yield _clipped(scene, unknowns(scene.trace.resolved(compared)), threshold, evidence)
        elif all(not isinstance(x, float) and scene.number(x) == 0 for x in nodes):
            yield Explanation("rare-branch", f"entries are set to 0 because {condition}", evidence)
        else:
            yield Explanation("rare-branch", f"the result is another formula because {condition}", evidence)
        return


def _origins(trace, name):
    """The unknowns among which a choice was made."""
    found, names = set(), [name]
    while names:
        for condition in trace.selections[names.pop()].conditions:
            inside = unknowns(condition.left, condition.right)
            names += [x for x in inside if x in trace.selections]
            found |= inside - trace.selections.keys()
    return found


def _clipped(scene, inside, threshold, evidence):
    upstream = scene.question.specification.upstream
    shown = f"{float(threshold):g}"
    if upstream is not None and {name.partition("[")[0] for name in inside} == {upstream.name}:
        return Explanation("upstream-clipped", f"the upstream gradient is clipped at {shown}", evidence)
    if scene.question.kind == "value":
        return Explanation(
            "clipped-value", f"something is clipped at {shown}: the value is another function there", evidence
        )
    return Explanation(
        "clipped-gradient", f"something is clipped at {shown}: the gradient is another function there", evidence
    )


def _thresholds(scene, nodes):
    """(Condition, number, what is compared with it) of the comparisons with numbers other than 0."""
    conditions = dict.fromkeys(scene.trace.conditions)
    for node in nodes:
        if isinstance(node, Scalar):
            conditions.update(dict.fromkeys(scene.trace.reasons(node)))
    for condition in conditions:
        for side, other in ((condition.left, condition.right), (condition.right, condition.left)):
            if side.kind == "const" and side.args[0] != 0 and other.kind != "const":
                yield condition, side.args[0], other


def _constants(scene, nodes):
    """The numbers in the results, with every choice made."""
    made = [scene.trace.resolved(x) for x in nodes if isinstance(x, Scalar)]
    return {x.args[0] for x in postorder(*made) if x.kind == "const"}
