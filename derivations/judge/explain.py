"""Which mistake explains an output that is wrong: every candidate's formula against what the code computed."""

from dataclasses import replace

from derivations.judge.arrays import of_whole_arrays
from derivations.judge.branches import of_a_branch
from derivations.judge.candidate import right
from derivations.judge.conventions import scaled
from derivations.judge.edits import has_sums
from derivations.judge.epsilons import of_a_small_constant
from derivations.judge.explanation import IN_WORDS, Explanation
from derivations.judge.mistakes import mistakes
from derivations.judge.places import of_the_place
from derivations.judge.scale import SAME, added, named, ratio, smoothed
from derivations.judge.scene import ZERO_IS
from derivations.judge.shapes import at_sizes, in_another_order, of_the_number, of_the_shape
from derivations.scalar import Scalar, postorder

EXACTLY = "the code's output is exactly that formula"
ZERO = "the result is 0 everywhere"
NEARLY = "the code's output agrees with that formula to the rounding of floats"


def explained(scenes, output, most=3):
    """[Explanation, …] of one wrong output, the likeliest first.

    scenes: runs at several sizes, the best one first; those that are right limit what explains the others.
    """
    wrong = [scene for scene in scenes if output in scene.wrong]
    right_ones = [scene for scene in scenes if output not in scene.wrong]
    wrong = [scene for scene in wrong if scene.fits(output)] or wrong
    wrong = [scene for scene in wrong if scene.finite(output)] or wrong  # 1/(B − 1) is explained where B > 1
    scene = wrong[0]
    if len(scene.got) != len(scene.wanted):
        return [of_the_number(scene)]
    swapped = in_another_order(scene)
    if swapped is not None:
        return [swapped]
    if scene.got[output].shape != scene.wanted[output].shape:
        return of_the_shape(scene, output)
    found = []
    for explanation in _candidates(wrong, right_ones, output):
        if explanation.id not in [x.id for x in found]:
            found.append(explanation)
        if len(found) == most:
            break
    found = found or [_unknown(scene)]
    if all(_is_zero(x, output) for x in wrong if x.fits(output)) and ZERO not in found[0].words:
        return [replace(found[0], words=f"{ZERO}; {found[0].words}")]  # whatever else gives 0 is a coincidence
    return found


def _is_zero(scene, output):
    return all(abs(x) <= ZERO_IS for x in scene.got_numbers[output].flat)


def _candidates(wrong, right_ones, output):
    scene = wrong[0]
    evidence = NEARLY if scene.trace is None else EXACTLY
    if any(x.nontrivial for x in right_ones):
        yield from of_a_branch(scene, output, right_ones)
        if scene.case.regime != "ordinary":  # right on ordinary numbers: no formula explains it
            yield from of_the_place(wrong, right_ones, output)
            yield _on_a_path(scene)
            return
    yield from _of_a_factor(wrong, right_ones, output)
    if any(x.nontrivial and x.sizes["B"] > 1 for x in right_ones) and all(x.sizes["B"] == 1 for x in wrong):
        words = "the result is wrong for a batch of one row, and right for more"
        yield Explanation("rare-branch", words, f"seen at {at_sizes(scene.sizes)}")
    constant = Explanation("gradient-constant", f"the result does not depend on {scene.question.names[0]}", evidence)
    if _times_upstream(scene, output):
        yield constant
    nearly, at_times = [], []
    yield from _of_a_mistake(wrong, right_ones, output, evidence, nearly, at_times)
    yield from of_whole_arrays(scene, output, evidence)
    formula = right(scene.question)
    for words, changed in (*added(scene, formula, output), *smoothed(scene, formula, output)):
        value = _value(scene, changed, output)
        if value is not None and scene.equal(output, value):
            yield Explanation("extra-term", words, evidence)
    if _independent(scene, output):
        yield constant
    yield from of_a_small_constant(scene, output)
    yield from of_a_branch(scene, output, right_ones)
    yield from _of_the_data(wrong, right_ones, output)
    yield from of_the_place(wrong, right_ones, output)
    yield from at_times
    for mistake, ratios in nearly:
        law = named(ratios, scene.question, output, max(SAME, scene.same))
        if law is not None and (law[0] != "factor" or ratios[0][0] in (2, 0.5)):
            yield Explanation(mistake.id, f"{mistake.words}; and {law[1]}", evidence)


def _of_a_mistake(wrong, right_ones, output, evidence, nearly, at_times):
    """The mistakes of the catalogue that give the output, here and in another run.

    nearly: those up to a factor are added to it; at_times: those that the code makes in some runs and not in others.
    """
    scene, other = wrong[0], _least_alike(wrong, output)
    alone = next((x for x in right_ones if x.nontrivial and x.fits(output)), None)
    for mistake in mistakes(scene, output):
        value = _value(scene, mistake.formula, output)
        if value is None or value.shape != scene.got[output].shape:
            continue
        if scene.equal(output, value):
            if other is None or _again(other, mistake, output):
                if alone is None or _again(alone, mistake, output):
                    yield Explanation(mistake.id, mistake.words, evidence)
                else:
                    at_times.append(Explanation(mistake.id, mistake.words, _only_here(scene, alone)))
        elif (factor := ratio(scene, output, value)) not in (None, 1):
            second = None if other is None else _ratio_again(other, mistake, output)
            if other is None or second is not None:
                nearly.append((mistake, [(factor, scene.sizes)] + ([] if other is None else [(second, other.sizes)])))


def _only_here(scene, right_one):
    """The evidence where the code is that formula in one run, and right in another."""
    elsewhere = f"{at_sizes(right_one.sizes)} with {IN_WORDS[right_one.case.regime]}"
    return f"{EXACTLY} at {at_sizes(scene.sizes)}, and it is right at {elsewhere}"


def _least_alike(wrong, output):
    """The run whose sizes have least in common with those of the first one, or None."""
    first = wrong[0].sizes
    others = [x for x in wrong[1:] if x.fits(output)]
    return min(others, key=lambda x: sum(x.sizes[name] == first[name] for name in first), default=None)


def _again(scene, mistake, output):
    """Whether the mistake of those words explains another run too."""
    return any(scene.equal(output, value) for value in _same_mistake(scene, mistake, output))


def _ratio_again(scene, mistake, output):
    """How many times the mistake's result another run's is, or None."""
    found = (ratio(scene, output, value) for value in _same_mistake(scene, mistake, output))
    return next((x for x in found if x is not None), None)


def _same_mistake(scene, mistake, output):
    """What the mistake of those words gives in a run."""
    for candidate in mistakes(scene, output):
        if (candidate.id, candidate.words) == (mistake.id, mistake.words):
            value = _value(scene, candidate.formula, output)
            if value is not None and value.shape == scene.got[output].shape:
                yield value


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
    law = named(ratios, wrong[0].question, output, max(SAME, wrong[0].same))
    single = all(scene.sizes["B"] == 1 for scene in wrong)  # what comes of a squeeze
    others = [x for x in right_ones if x.nontrivial and _some(x, output) and not (single and x.sizes["B"] > 1)]
    if law is not None and all(law[3](**x.sizes) == 1 for x in others):
        evidence = f"every entry is {float(ratios[0][0]):.6g} times the right one at {at_sizes(ratios[0][1])}"
        undo = scaled(law[3]) if law[2] else None
        yield Explanation(law[0], law[1], evidence, law[2], undo)


def _some(scene, output):
    """Whether the right answer is another than 0."""
    return any(abs(x) > ZERO_IS for x in scene.numbers(scene.wanted[output]).flat)


def _of_the_data(wrong, right_ones, output):
    """A factor that is another one for other inputs."""
    several = any(scene.got[output].size > 1 for scene in wrong)
    others = any(x.sizes.get("n", 2) > 1 and _some(x, output) for x in right_ones)
    if several and others and all(ratio(scene, output) is not None for scene in wrong):
        words = "the result is off by a factor: what it is divided by is right for some inputs and not for others"
        first = f"{float(ratio(wrong[0], output)):.6g} times the right one at {at_sizes(wrong[0].sizes)}"
        yield Explanation("normaliser", words, f"every entry is {first}, and elsewhere it is right")


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
    sides = [scene.trace.resolved(side) for c in scene.trace.conditions for side in (c.left, c.right)]
    return found.union(*map(_names, sides))


def _names(node):
    return {x.args[0] for x in postorder(node) if x.kind == "var"}


def _on_a_path(scene):
    """Another function for some inputs alone."""
    regime = IN_WORDS.get(scene.case.regime, scene.case.regime)
    words = f"the result is another function with {regime}, and right with ordinary numbers"
    return Explanation("rare-branch", words, f"seen at {at_sizes(scene.sizes)}")


def _unknown(scene):
    """No candidate: another function."""
    words = "the result is another function: no mistake of the catalogue gives it"
    return Explanation("wrong-function", words, f"seen at {at_sizes(scene.sizes)}")
