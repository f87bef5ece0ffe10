"""Whether a VJP depends on the input that it is taken at."""

from derivations.judge.candidate import right
from derivations.judge.edits import has_sums
from derivations.judge.scale import ratio
from derivations.scalar import Scalar, postorder


def independent(scene, output):
    """Whether a VJP does not depend on the input at all."""
    question = scene.question
    if scene.trace is None or question.kind != "vjp" or len(question.names) != 2:
        return False
    return not _inside(scene, output) & _unknowns(scene, question.names[0])


def times_upstream(scene, output):
    """Whether a VJP of a function of single entries is the upstream gradient times a number."""
    if not independent(scene, output) or any(has_sums(d.meaning) for d in right(scene.question).names):
        return False
    return ratio(scene, output, scene.case.entries[scene.question.names[-1]]) is not None


def _unknowns(scene, name):
    return {x for x in scene.case.numbers if x.startswith(f"{name}[")}


def _inside(scene, output):
    """The unknowns that the output and the path depend on."""
    nodes = [scene.trace.resolved(x) for x in scene.got[output].flat if isinstance(x, Scalar)]
    found = {x.args[0] for x in postorder(*nodes) if x.kind == "var"}
    sides = [scene.trace.resolved(side) for c in scene.trace.conditions for side in (c.left, c.right)]
    return found.union(*map(_names, sides))


def _names(node):
    return {x.args[0] for x in postorder(node) if x.kind == "var"}
