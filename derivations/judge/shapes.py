"""Results of another number, order or shape than the definition's, and what that means."""

from itertools import permutations

from derivations.judge.arrays import unfinished_step
from derivations.judge.explanation import IN_WORDS, Explanation

FEW = 6  # results whose orders are tried


def at_sizes(sizes):
    return ", ".join(f"{name} = {number}" for name, number in sizes.items())


def where(scene):
    """The sizes of a run, and what kind of numbers it has where they are not ordinary."""
    regime = scene.case.regime
    return at_sizes(scene.sizes) + ("" if regime == "ordinary" else f" with {IN_WORDS[regime]}")


def of_the_number(scene):
    """The Explanation of too few or too many results."""
    count = len(scene.wanted)
    expected = f"{count} result{'s' * (count != 1)}"
    words = f"expected {expected}, got {len(scene.got)}" if scene.got else f"nothing is returned, expected {expected}"
    return Explanation("wrong-shape", words, f"seen at {at_sizes(scene.sizes)}")


def in_another_order(scene):
    """The Explanation of results that are right, and not in the order of the inputs, or None."""
    numbers = range(len(scene.wanted))
    if not 1 < len(scene.wanted) <= FEW:
        return None
    for order in permutations(numbers):
        if order != tuple(numbers) and all(scene.equal(k, scene.wanted[order[k]]) for k in numbers):
            names = ", ".join(scene.question.outputs)
            words = f"the results are right and in another order than expected: {names}"
            return Explanation("wrong-shape", words, f"seen at {at_sizes(scene.sizes)}")
    return None


def of_the_shape(scene, output):
    """What a wrong shape means: an axis that is not summed, or another one."""
    got, want = scene.got[output], scene.wanted[output]
    letters = scene.question.function.outputs[output][0]
    name = scene.question.outputs[output]
    shapes = [scene.question.as_returned(output, x.shape) for x in (got, want)]
    words = "{} has shape {} where {} belongs".format(name, *shapes)
    rows = scene.sizes["B"]
    evidence = f"seen at {at_sizes(scene.sizes)}"
    if len(letters) == 1 and got.ndim == 2 and got.shape == (rows, *want.shape):
        return [
            Explanation("bias-not-summed", f"the gradient of the bias is not summed over the batch: {words}", evidence)
        ]
    if got.shape == want.shape[::-1] and got.ndim == 2:
        return [Explanation("transpose", f"the result is transposed: {words}", evidence, _transposed(scene, output))]
    steps = [x for x in unfinished_step(scene) if scene.equal(output, x.formula)]
    unfinished = [Explanation(x.id, x.words, evidence) for x in steps]
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
