"""Code that is right on one side of a threshold and wrong on the other: clipping, cut-offs, shortcuts."""

from re import sub

import numpy as np

from derivations.execution.substitute import unknowns
from derivations.execution.written import written
from derivations.judge.explanation import Explanation
from derivations.judge.shapes import at_sizes
from derivations.scalar import ZERO, Scalar, constant, postorder

SHORT = 60  # characters of a condition that is shown


def of_a_branch(scene, output, right_ones):
    """The Explanation by a limit at which numbers are clipped on the path of an exact run."""
    if scene.trace is None or not scene.fits(output):
        return
    nodes = _wrong(scene, output)
    outer = sorted({name for node in nodes for name in scene.trace.choices(node)})
    names = dict.fromkeys([*outer, *sorted({name for node in nodes for name in _chosen(scene.trace, node)})])
    limits = {name: scene.trace.selections[name].chosen for name in names}
    limits = {name: x for name, x in limits.items() if x.kind == "const" and x.args[0] != 0}
    numbers = {x.args[0] for x in limits.values()}
    for name, chosen in limits.items():
        cut = "…" in name
        evidence = f"on this path {'an entry' if cut else _zero_based(name)} is {written(chosen)}"
        yield _clipped(scene, _origins(scene.trace, name), chosen.args[0], evidence, -chosen.args[0] in numbers)
        return
    for condition, threshold, compared in _unusual(scene, output, nodes, right_ones):
        clipped = condition.relation != "=" and _lost(scene, nodes, compared)
        if clipped and _constants(scene, nodes) & {threshold, -threshold, 1 / threshold, -1 / threshold}:
            inside = unknowns(scene.trace.resolved(compared))
            yield _clipped(scene, inside, threshold, f"on the path {_shown(condition, threshold)}")
            return


def of_a_condition(scene, output, right_ones):
    """The Explanation by another comparison with a number other than 0 on the path of an exact run."""
    if scene.trace is None or not scene.fits(output):
        return
    nodes = _wrong(scene, output)
    signs = {side for x in scene.trace.conditions for side in (x.left, x.right) if ZERO in (x.left, x.right)}
    found = [x for x in _unusual(scene, output, nodes, right_ones) if x[2] not in signs]  # the sign comes first
    for condition, threshold, _ in found[:1]:
        zero = all(not isinstance(x, float) and scene.number(x) == 0 for x in nodes)
        words = "entries are set to 0" if zero else "the result is another formula"
        yield Explanation(
            "rare-branch", f"{words} where {_shown(condition, threshold)}", f"seen at {at_sizes(scene.sizes)}"
        )


def _wrong(scene, output):
    """The entries of an output that are wrong."""
    got, want = scene.got[output], scene.wanted[output]
    return [got[at] for at in np.ndindex(got.shape) if not scene.decided(got[at], want[at])]


def _chosen(trace, node):
    """The names of the choices in an entry, and of those that they chose in turn."""
    found, names = {}, list(trace.choices(node))
    while names:
        name = names.pop()
        if name not in found:
            found[name] = None
            names += trace.choices(trace.selections[name].chosen)
    return found


def _unusual(scene, output, nodes, right_ones):
    """The comparisons with numbers that no run makes which is right; none where everything is wrong."""
    if len(nodes) == scene.got[output].size > 1 and scene.case.regime == "ordinary":  # and not on a path alone
        return []
    usual = _usual(right_ones)
    return [x for x in _thresholds(scene, nodes) if _anywhere(x[0]) not in usual]


def _shown(condition, threshold):
    """The condition with places as NumPy counts them, or only what is compared with where it is long."""
    words = _zero_based(str(condition))
    long = len(words) > SHORT or "…" in words
    return f"something is compared with {written(constant(threshold))}" if long else words


def _zero_based(words):
    return sub(r"\[(\d+(?:,\d+)*)\]", lambda x: f"[{','.join(str(int(k) - 1) for k in x[1].split(','))}]", words)


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


def _clipped(scene, inside, threshold, evidence, both=False):
    """both: whether the same is clipped at minus the threshold."""
    upstream = scene.question.specification.upstream
    shown = f"±{abs(float(threshold)):.12g}" if both else f"{float(threshold):.12g}"
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
