"""Which mistake explains an output that is wrong: every candidate's formula against what the code computed."""

from dataclasses import replace

from derivations.judge.branches import of_a_branch, of_a_condition
from derivations.judge.conventions import scaled
from derivations.judge.dependence import independent, times_upstream
from derivations.judge.epsilons import SMALL, of_a_small_constant, of_few_digits
from derivations.judge.explanation import IN_WORDS, Explanation
from derivations.judge.matching import in_two_runs, of_a_mistake
from derivations.judge.places import of_the_place
from derivations.judge.scale import SAME, named, ratio
from derivations.judge.scene import ZERO_IS
from derivations.judge.shapes import at_sizes, in_another_order, of_the_number, of_the_shape, where
from derivations.judge.wrong_sizes import of_the_sizes

EXACTLY = "the code's output is exactly that formula"
ZERO = "the result is 0 everywhere"
UNDEFINED = "the result is NaN everywhere, whatever the input"
NEARLY = "the code's output agrees with that formula to the rounding of floats"
OF_SIZES = ("batch-missing", "batch-doubled", "batch-for-classes", "normaliser", "mean-for-sum")


def explained(scenes, output, most=3):
    """[Explanation, …] of one wrong output, the likeliest first.

    scenes: runs at several sizes, the best one first; those that are right limit what explains the others.
    """
    wrong = [scene for scene in scenes if output in scene.wrong]
    right_ones = [scene for scene in scenes if output not in scene.wrong]
    wrong = [scene for scene in wrong if scene.fits(output)] or wrong
    if all(scene.fits(output) and scene.undefined(output) for scene in wrong):
        return [Explanation("wrong-function", UNDEFINED, f"seen at {at_sizes(wrong[0].sizes)}")]
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
    found = found or [*of_few_digits(wrong, output), _unknown(scene)][:1]
    others = any(_some(x, output) for x in right_ones if x.fits(output))
    if not others and all(_is_zero(x, output) for x in wrong if x.fits(output)) and ZERO not in found[0].words:
        return [replace(found[0], words=f"{ZERO}; {found[0].words}")]  # whatever else gives 0 is a coincidence
    return found


def _is_zero(scene, output):
    return all(abs(x) <= ZERO_IS for x in scene.got_numbers[output].flat)


def _candidates(wrong, right_ones, output):
    scene = wrong[0]
    evidence = NEARLY if scene.trace is None else EXACTLY
    if any(x.nontrivial for x in right_ones) and scene.case.regime != "ordinary":
        clipped = list(of_a_branch(scene, output, right_ones))  # right on ordinary numbers: no formula explains it
        yield from clipped
        yield from () if clipped else of_a_condition(scene, output, right_ones)
        yield from of_the_place(wrong, right_ones, output)
        yield _on_a_path(scene)
        return
    factors = list(_of_a_factor(wrong, right_ones, output))
    yield from factors
    if factors and scene.trace is not None:  # which holds exactly in every run that is wrong: what else does, is it
        return
    sizes = list(of_the_sizes(wrong, right_ones))
    yield from sizes
    every = (*wrong, *(x for x in right_ones if x.nontrivial))
    constant = Explanation("gradient-constant", f"the result does not depend on {scene.question.names[0]}", evidence)
    if all(times_upstream(x, output) for x in every):
        yield constant
    nearly, at_times = [], []
    always = False
    for explanation in of_a_mistake(wrong, right_ones, output, evidence, nearly, at_times, bool(sizes)):
        always = True
        yield explanation
    if all(independent(x, output) for x in every):
        yield constant
    yield from of_a_small_constant(scene, output)
    yield from of_a_branch(scene, output, right_ones)
    yield from of_a_condition(scene, output, right_ones)
    yield from _of_the_data(wrong, right_ones, output)
    yield from of_the_place(wrong, right_ones, output)
    yield from [x for x in at_times if x.id == "upstream-clipped"]  # which is right where the upstream one is small
    if not always:
        yield from _at_times(wrong, right_ones)
    yield from at_times
    if any(x.nontrivial and x.sizes["B"] > 1 and _some(x, output) for x in right_ones):  # a factor is one everywhere
        return
    own = ratio(scene, output)
    if always or (own is not None and abs(own - 1) <= SMALL):  # two that undo each other
        return
    for mistake, factor in nearly:
        found = in_two_runs(wrong, mistake, factor, output)
        law = named(found, scene.question, output, max(SAME, scene.same)) if found else None
        if law is not None and (law[0] != "factor" or factor in (2, 0.5)):
            if law[0] == "sign" or mistake.id not in OF_SIZES:  # 1/B that is missing, and there twice
                yield Explanation(mistake.id, f"{mistake.words}; and {law[1]}", evidence)


def _at_times(wrong, right_ones):
    """What is right for some inputs and wrong for others, whatever they are."""
    scene, telling = wrong[0], [x for x in right_ones if x.sizes.get("n", 2) > 1]
    if telling and all(x.sizes["B"] == 1 for x in telling) and all(x.sizes["B"] > 1 for x in wrong):
        words = "the result is right for a batch of one row, and wrong for more: rows are mixed, or counted"
        yield Explanation("wrong-axis", words, f"seen at {where(scene)}")
    elif telling and all(x.case.regime == "one-hot" for x in telling):
        words = "the result is right for one-hot targets, and wrong for others"
        yield Explanation("label-one-hot", words, f"seen at {where(scene)}")
    elif telling:
        words = "the result is another function for some inputs, and right for others"
        yield Explanation("rare-branch", words, f"seen at {where(scene)}, and it is right at {where(telling[0])}")


def _of_a_factor(wrong, right_ones, output):
    """A factor that is the same for all entries, by what it is at the sizes of all runs that are wrong."""
    ratios = [(ratio(scene, output), scene.sizes) for scene in wrong]
    sizes = [scene.sizes for scene in right_ones]
    if any(r is None for r, _ in ratios) or any(own in sizes for _, own in ratios):
        return
    law = named(ratios, wrong[0].question, output, max(SAME, wrong[0].same))
    if law is not None and abs(ratios[0][0] - 1) <= SMALL:  # an ε beside a divisor that is the same everywhere
        yield from of_a_small_constant(wrong[0], output)
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


def _on_a_path(scene):
    """Another function for some inputs alone."""
    regime = IN_WORDS.get(scene.case.regime, scene.case.regime)
    words = f"the result is another function with {regime}, and right with ordinary numbers"
    return Explanation("rare-branch", words, f"seen at {at_sizes(scene.sizes)}")


def _unknown(scene):
    """No candidate: another function."""
    words = "the result is another function: no mistake of the catalogue gives it"
    return Explanation("wrong-function", words, f"seen at {at_sizes(scene.sizes)}")
