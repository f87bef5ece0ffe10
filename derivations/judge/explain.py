"""Which mistake explains an output that is wrong: every candidate's formula against what the code computed."""

from dataclasses import replace
from itertools import tee

import numpy as np

from derivations.judge.arrays import of_whole_arrays
from derivations.judge.branches import of_a_branch, of_a_condition
from derivations.judge.candidate import right
from derivations.judge.conventions import scaled
from derivations.judge.dependence import independent, times_upstream
from derivations.judge.epsilons import SMALL, of_a_small_constant, of_few_digits
from derivations.judge.explanation import IN_WORDS, Explanation
from derivations.judge.mistakes import mistakes
from derivations.judge.places import of_the_place
from derivations.judge.scale import SAME, added, named, ratio, smoothed
from derivations.judge.scene import ZERO_IS
from derivations.judge.shapes import at_sizes, in_another_order, of_the_number, of_the_shape
from derivations.judge.wrong_sizes import of_the_sizes

EXACTLY = "the code's output is exactly that formula"
ZERO = "the result is 0 everywhere"
UNDEFINED = "the result is NaN everywhere, whatever the input"
NEARLY = "the code's output agrees with that formula to the rounding of floats"
TELLING = 3  # entries from which one number that is the same for all of them is no coincidence
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
    yield from _of_a_factor(wrong, right_ones, output)
    sizes = list(of_the_sizes(wrong, right_ones))
    yield from sizes
    every = (*wrong, *(x for x in right_ones if x.nontrivial))
    constant = Explanation("gradient-constant", f"the result does not depend on {scene.question.names[0]}", evidence)
    if all(times_upstream(x, output) for x in every):
        yield constant
    nearly, at_times = [], []
    always = False
    for explanation in _of_a_mistake(wrong, right_ones, output, evidence, nearly, at_times, bool(sizes)):
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
        yield from _at_times(scene, right_ones)
    yield from at_times
    if any(x.nontrivial and x.sizes["B"] > 1 and _some(x, output) for x in right_ones):  # a factor is one everywhere
        return
    for mistake, ratios in nearly:
        law = named(ratios, scene.question, output, max(SAME, scene.same))
        if law is not None and (law[0] != "factor" or ratios[0][0] in (2, 0.5)):
            if law[0] == "sign" or mistake.id not in OF_SIZES:  # 1/B that is missing, and there twice
                yield Explanation(mistake.id, f"{mistake.words}; and {law[1]}", evidence)


def _at_times(scene, right_ones):
    """What is right for some inputs and wrong for others, whatever they are."""
    telling = [x for x in right_ones if x.sizes.get("n", 2) > 1]
    if telling and all(x.case.regime == "one-hot" for x in telling):
        words = "the result is right for one-hot targets, and wrong for others"
        yield Explanation("label-one-hot", words, f"seen at {_where(scene)}")
    elif telling:
        words = "the result is another function for some inputs, and right for others"
        yield Explanation("rare-branch", words, f"seen at {_where(scene)}, and it is right at {_where(telling[0])}")


def _of_a_mistake(wrong, right_ones, output, evidence, nearly, at_times, at_sizes_only):
    """The mistakes that give the output, here, in another run that is wrong, and in every one that is right.

    nearly: those up to a factor are added to it; at_times: those that the code makes in some runs and not in others.
    """
    scene, other = wrong[0], _least_alike(wrong, output)
    for mistake in _all_mistakes(scene, output):
        value = _value(scene, mistake.formula, output)
        if value is None or value.shape != scene.got[output].shape:
            continue
        if scene.equal(output, value):
            again = [x for x in wrong[1:] if x.fits(output)] if scene.trace is None else [other] * (other is not None)
            if not all(_again(x, mistake, output) for x in again):
                continue
            if other is None and mistake.fitted and value.size < TELLING:  # a number that was read off that run
                continue
            against = next((x for x in right_ones if at_sizes_only or _contradicts(x, mistake, output)), None)
            if against is None:
                yield Explanation(mistake.id, mistake.words, evidence)
            else:
                shown = f"{evidence} at {_where(scene)}, and it is right at {_where(against)}"
                at_times.append(Explanation(mistake.id, f"for some inputs, {mistake.words}", shown))
        elif not mistake.fitted and (factor := ratio(scene, output, value)) not in (None, 1):
            second = None if other is None else _ratio_again(other, mistake, output)
            if other is None or second is not None:
                nearly.append((mistake, [(factor, scene.sizes)] + ([] if other is None else [(second, other.sizes)])))


def _all_mistakes(scene, output):
    """Mistake after Mistake of a run; those that were made before are not made again."""
    scene.mistakes[output], found = tee(scene.mistakes.get(output) or _made(scene, output))
    return found


def _made(scene, output):
    """The mistakes of the catalogue, then those with whole arrays, then what is added."""
    yield from mistakes(scene, output)
    yield from of_whole_arrays(scene, output)
    formula = right(scene.question)
    yield from added(scene, formula, output)
    yield from smoothed(scene, formula, output)


def _where(scene):
    """The sizes of a run, and what kind of numbers it has where they are not ordinary."""
    regime = scene.case.regime
    return at_sizes(scene.sizes) + ("" if regime == "ordinary" else f" with {IN_WORDS[regime]}")


def _least_alike(wrong, output):
    """The run whose sizes have least in common with those of the first one, or None."""
    first = wrong[0].sizes
    others = [x for x in wrong[1:] if x.fits(output)]
    return min(others, key=lambda x: sum(x.sizes[name] == first[name] for name in first), default=None)


def _again(scene, mistake, output):
    """Whether the mistake of those words explains another run too."""
    return any(scene.equal(output, value) for value in _same_mistake(scene, mistake, output))


def _contradicts(scene, mistake, output):
    """Whether the mistake of those words would give something else in a run that is right."""
    found = list(_same_mistake(scene, mistake, output)) if scene.fits(output) else []
    return bool(found) and not any(scene.equal(output, value) for value in found)


def _ratio_again(scene, mistake, output):
    """How many times the mistake's result another run's is, or None."""
    found = (ratio(scene, output, value) for value in _same_mistake(scene, mistake, output))
    return next((x for x in found if x is not None), None)


def _same_mistake(scene, mistake, output):
    """What the mistake of those words gives in a run."""
    for candidate in [mistake] if mistake.fitted else _all_mistakes(scene, output):
        if (candidate.id, candidate.words) == (mistake.id, mistake.words):
            value = _value(scene, candidate.formula, output)
            if value is not None and value.shape == scene.got[output].shape:
                yield value


def _value(scene, formula, output):
    """The candidate's array, None where it divides by zero or does not fit the sizes."""
    if isinstance(formula, np.ndarray):
        return formula
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
