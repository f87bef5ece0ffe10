"""Which mistake explains an output that is wrong: every candidate's formula against what the code computed."""

import numpy as np

from derivations.execution.substitute import Substitution
from derivations.judge.arrays import of_whole_arrays, unfinished_step
from derivations.judge.branches import of_a_branch
from derivations.judge.candidate import right
from derivations.judge.conventions import scaled
from derivations.judge.edits import has_sums
from derivations.judge.explanation import Explanation
from derivations.judge.mistakes import mistakes
from derivations.judge.scale import added, named, ratio, smoothed
from derivations.scalar import ZERO, Scalar, postorder

SMALL = 1e-3  # a constant below it may be an ε
EXACTLY = "the code's output is exactly that formula"
NEARLY = "the code's output agrees with that formula to the rounding of floats"


def explained(scenes, output, most=3):
    """[Explanation, …] of one wrong output, the likeliest first.

    scenes: runs at several sizes, the best one first; those that are right limit what explains the others.
    """
    wrong = [scene for scene in scenes if output in scene.wrong]
    wrong = [scene for scene in wrong if scene.fits(output)] or wrong
    scene = wrong[0]
    if len(scene.got) != len(scene.wanted):
        words = f"expected {len(scene.wanted)} results, got {len(scene.got)}"
        return [Explanation("wrong-shape", words, f"seen at {_at(scene.sizes)}")]
    if scene.got[output].shape != scene.wanted[output].shape:
        return _of_the_shape(scene, output)
    found = []
    for explanation in _candidates(wrong, [x for x in scenes if x not in wrong], output):
        if explanation.id not in [x.id for x in found]:
            found.append(explanation)
        if len(found) == most:
            break
    return found or [_unknown(scene, output)]


def _candidates(wrong, right_ones, output):
    scene = wrong[0]
    evidence = NEARLY if scene.trace is None else EXACTLY
    if any(x.nontrivial for x in right_ones):
        yield from of_a_branch(scene, output)
        if scene.case.regime != "ordinary":  # right on ordinary numbers: no formula explains it
            yield _on_a_path(scene, output)
            return
    yield from _of_a_factor(wrong, right_ones, output)
    if any(x.nontrivial and x.sizes["B"] > 1 for x in right_ones) and all(x.sizes["B"] == 1 for x in wrong):
        words = "the result is wrong for a batch of one row, and right for more"
        yield Explanation("rare-branch", words, f"seen at {_at(scene.sizes)}")
    constant = Explanation("gradient-constant", f"the result does not depend on {scene.question.names[0]}", evidence)
    if _times_upstream(scene, output):
        yield constant
    nearly = []
    yield from _of_a_mistake(wrong, output, evidence, nearly)
    yield from of_whole_arrays(scene, output, evidence)
    formula = right(scene.question)
    for words, changed in (*added(scene, formula, output), *smoothed(scene, formula, output)):
        value = _value(scene, changed, output)
        if value is not None and scene.equal(output, value):
            yield Explanation("extra-term", words, evidence)
    if _independent(scene, output):
        yield constant
    yield from _of_a_small_constant(scene, output)
    yield from of_a_branch(scene, output)
    yield from _of_the_data(wrong, right_ones, output)
    for mistake, factor in nearly:
        law = named([(factor, scene.sizes)], scene.question, output)
        if law is not None and (law[0] != "factor" or factor in (2, 0.5)):
            yield Explanation(mistake.id, f"{mistake.words}; and {law[1]}", evidence)


def _of_a_mistake(wrong, output, evidence, nearly):
    """The mistakes of the catalogue that give the output, here and in another run; nearly: those up to a factor."""
    scene, other = wrong[0], _least_alike(wrong, output)
    for mistake in mistakes(scene, output):
        value = _value(scene, mistake.formula, output)
        if value is None or value.shape != scene.got[output].shape:
            continue
        if scene.equal(output, value):
            if other is None or _again(other, mistake, output):
                yield Explanation(mistake.id, mistake.words, evidence)
        else:
            factor = ratio(scene, output, value)
            if factor is not None and factor != 1:
                nearly.append((mistake, factor))


def _least_alike(wrong, output):
    """The run whose sizes have least in common with those of the first one, or None."""
    first = wrong[0].sizes
    others = [x for x in wrong[1:] if x.fits(output)]
    return min(others, key=lambda x: sum(x.sizes[name] == first[name] for name in first), default=None)


def _again(scene, mistake, output):
    """Whether the mistake of those words explains another run too."""
    for candidate in mistakes(scene, output):
        if (candidate.id, candidate.words) == (mistake.id, mistake.words):
            value = _value(scene, candidate.formula, output)
            if value is not None and scene.equal(output, value):
                return True
    return False


def _value(scene, formula, output):
    """The candidate's array, None where it divides by zero or does not fit the sizes."""
    try:
        return scene.value(formula, output)
    except (ZeroDivisionError, IndexError, KeyError, TypeError):
        return None


def _of_a_factor(wrong, right_ones, output):
    """A factor that is the same for all entries, by what it is at the sizes of all runs that are wrong."""
    ratios = [(ratio(scene, output), scene.sizes) for scene in wrong]
    sizes = [scene.sizes for scene in right_ones]
    if any(r is None for r, _ in ratios) or any(own in sizes for _, own in ratios):
        return
    law = named(ratios, wrong[0].question, output)
    if law is not None:
        evidence = f"every entry is {float(ratios[0][0]):.6g} times the right one at {_at(ratios[0][1])}"
        undo = scaled(wrong[0].question, law[3]) if law[2] else None
        yield Explanation(law[0], law[1], evidence, law[2], undo)


def _of_the_data(wrong, right_ones, output):
    """A factor that is another one for other inputs of the same sizes."""
    sizes = [scene.sizes for scene in right_ones]
    if all(ratio(scene, output) is not None for scene in wrong) and any(x.sizes in sizes for x in wrong):
        words = "what the result is divided by depends on the data"
        yield Explanation("normaliser", words, "it is right for other inputs of the same sizes")


def _at(sizes):
    return ", ".join(f"{name} = {number}" for name, number in sizes.items())


def _of_a_small_constant(scene, output):
    """A constant near 0 without which the formula is right: an ε."""
    if scene.trace is None:
        return
    nodes = [x for x in scene.got[output].flat if isinstance(x, Scalar)]
    constants = {x.args[0] for x in postorder(*nodes) if x.kind == "const" and 0 < abs(x.args[0]) <= SMALL}
    if not constants:
        return
    without = Substitution(lambda x: ZERO if x.kind == "const" and x.args[0] in constants else None)
    shown = ", ".join(f"{float(x):g}" for x in sorted(constants))
    try:
        cleared = np.array([without(x) for x in nodes], object).reshape(scene.got[output].shape)
        if all(scene.decided(x, y) for x, y in zip(cleared.flat, scene.wanted[output].flat, strict=True)):
            words = f"a small constant, {shown}, is added that the definition does not have"
            yield Explanation("epsilon-one-side", words, f"with 0 in the place of {shown} the formula is right")
            return
    except (ZeroDivisionError, ValueError):
        pass
    if not _close(scene, output):
        return
    if any(x.kind == "const" and abs(x.args[0]) >= 1 / SMALL for x in postorder(*nodes)):
        words = f"the result is an approximation with the step {shown}, such as a finite difference"
        yield Explanation("unstable", words, "it agrees with the derivative to a few digits and no more")
    else:
        words = f"a small constant, {shown}, is added that the definition does not have"
        yield Explanation("epsilon-one-side", words, "it agrees with the derivative to a few digits and no more")


def _close(scene, output):
    got, want = scene.got_numbers[output], scene.numbers(scene.wanted[output])
    return all(abs(x - y) <= SMALL * (abs(x) + abs(y)) for x, y in zip(got.flat, want.flat, strict=True))


def _independent(scene, output):
    """Whether a VJP does not depend on the input at all."""
    question = scene.question
    if scene.trace is None or question.kind != "vjp" or len(question.names) != 2:
        return False
    return not _inside(scene, output) & _unknowns(scene, question.names[0])


def _times_upstream(scene, output):
    """Whether a VJP of a function of single entries is the upstream gradient times a number."""
    if not _independent(scene, output) or any(has_sums(d.meaning) for d in right(scene.question).names):
        return False
    return ratio(scene, output, scene.case.entries[scene.question.names[-1]]) is not None


def _unknowns(scene, name):
    return {x for x in scene.case.numbers if x.startswith(f"{name}[")}


def _inside(scene, output):
    """The unknowns that the output and the path depend on."""
    nodes = [scene.trace.resolved(x) for x in scene.got[output].flat if isinstance(x, Scalar)]
    found = {x.args[0] for x in postorder(*nodes) if x.kind == "var"}
    return found.union(*(_names(side) for c in scene.trace.conditions for side in (c.left, c.right)))


def _names(node):
    return {x.args[0] for x in postorder(node) if x.kind == "var"}


def _of_the_shape(scene, output):
    """What a wrong shape means: an axis that is not summed, or another one."""
    got, want = scene.got[output], scene.wanted[output]
    letters = scene.question.function.outputs[output][0]
    name = scene.question.outputs[output]
    words = f"{name} has shape {got.shape} where {want.shape} belongs"
    rows = scene.sizes["B"]
    evidence = f"seen at {_at(scene.sizes)}"
    if len(letters) == 1 and got.ndim == 2 and got.shape == (rows, *want.shape):
        return [
            Explanation("bias-not-summed", f"the gradient of the bias is not summed over the batch: {words}", evidence)
        ]
    if got.shape == want.shape[::-1] and got.ndim == 2:
        return [Explanation("transpose", f"the result is transposed: {words}", evidence, _transposed(scene, output))]
    unfinished = list(unfinished_step(scene, output, evidence))
    if unfinished:
        return unfinished
    if (
        set(got.shape) <= set(scene.sizes.values())
        and got.ndim == want.ndim
        and got.shape != want.shape
        and 1 not in got.shape
    ):
        return [Explanation("wrong-axis", f"summed over the wrong axis: {words}", evidence)]
    return [Explanation("wrong-shape", words, evidence)]


def _transposed(scene, output):
    """Whether the output is exactly the transpose: weights stored as (outputs, inputs) are a convention."""
    got, want = scene.got[output].T, scene.wanted[output]
    return all(scene.decided(x, y) for x, y in zip(got.flat, want.flat, strict=True))


def _on_a_path(scene, output):
    """Another function for some inputs alone."""
    words = f"the result is another function with {scene.case.regime} numbers, and right with ordinary ones"
    return Explanation("rare-branch", words, f"seen at {_at(scene.sizes)}")


def _unknown(scene, output):
    """No candidate: another function."""
    words = "the result is another function: no mistake of the catalogue gives it"
    return Explanation("wrong-function", words, f"seen at {_at(scene.sizes)}")
