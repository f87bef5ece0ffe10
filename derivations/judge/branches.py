"""Code that is right on one side of a threshold and wrong on the other: clipping, cut-offs, shortcuts."""

from re import sub

import numpy as np

from derivations.execution.substitute import unknowns
from derivations.execution.written import written
from derivations.judge.explanation import Explanation
from derivations.scalar import Scalar, postorder


def of_a_branch(scene, output, right_ones):
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
    usual = _usual(right_ones)
    found = [x for x in _thresholds(scene, nodes) if _anywhere(x[0]) not in usual]
    for condition, threshold, compared in found:
        clipped = condition.relation != "=" and _lost(scene, nodes, compared)
        if clipped and _constants(scene, nodes) & {threshold, -threshold, 1 / threshold, -1 / threshold}:
            inside = unknowns(scene.trace.resolved(compared))
            yield _clipped(scene, inside, threshold, f"on the path {condition}")
            return
    for condition, _, _ in found[:1]:
        zero = all(not isinstance(x, float) and scene.number(x) == 0 for x in nodes)
        words = "entries are set to 0 because" if zero else "the result is another formula because"
        yield Explanation("rare-branch", f"{words} {condition}", f"on the path {condition}")


def _usual(scenes):
    """The conditions of the runs that are right, whatever entries they are about."""
    return {_anywhere(x) for scene in scenes if scene.trace is not None for x in scene.trace.conditions}


def _anywhere(condition):
    return sub(r"\[[\d,]+\]", "", str(condition))


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
    shown = f"{float(threshold):.12g}"
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


def _lost(scene, nodes, compared):
    """Whether what was compared with a threshold has no part in some of the results any more."""
    inside = unknowns(scene.trace.resolved(compared))
    return any(not isinstance(x, Scalar) or inside - unknowns(scene.trace.resolved(x)) for x in nodes)


def _constants(scene, nodes):
    """The numbers in the results, with every choice made."""
    made = [scene.trace.resolved(x) for x in nodes if isinstance(x, Scalar)]
    return {x.args[0] for x in postorder(*made) if x.kind == "const"}
