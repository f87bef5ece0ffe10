"""Mistakes held against what the code gave: in one run, in the others that are wrong, and in all that are right."""

from itertools import tee

import numpy as np

from derivations.judge.added import TELLING, added, smoothed
from derivations.judge.arrays import of_whole_arrays
from derivations.judge.candidate import right
from derivations.judge.explanation import Explanation
from derivations.judge.mistakes import mistakes
from derivations.judge.scale import ratio
from derivations.judge.shapes import where


def of_a_mistake(wrong, right_ones, output, evidence, nearly, at_times, at_sizes_only):
    """The mistakes that give the output, here, in the other runs of its kind that are wrong, and in all that are right.

    nearly: those up to a factor are added to it, with the factor; at_times: those that the code makes in some runs and
    not in others.
    """
    scene, others = wrong[0], [x for x in wrong[1:] if x.fits(output)]
    for mistake in _all_mistakes(scene, output):
        value = _value(scene, mistake.formula, output)
        if value is None or value.shape != scene.got[output].shape:
            continue
        if scene.equal(output, value):
            again = [x for x in others if x.case.regime == scene.case.regime]
            if not all(_again(x, mistake, output) for x in again):
                continue
            if not others and mistake.fitted and value.size < TELLING:  # a number that was read off that run
                continue
            against = next((x for x in right_ones if at_sizes_only or _contradicts(x, mistake, output)), None)
            if against is None:
                yield Explanation(mistake.id, mistake.words, evidence)
            else:
                shown = f"{evidence} at {where(scene)}, and it is right at {where(against)}"
                at_times.append(Explanation(mistake.id, f"for some inputs, {mistake.words}", shown))
        elif not mistake.fitted and (factor := ratio(scene, output, value)) not in (None, 1):
            nearly.append((mistake, factor))


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


def in_two_runs(wrong, mistake, factor, output):
    """[(how many times the mistake's result a run's is, its sizes), …]; none where another run is no multiple."""
    scene, other = wrong[0], _least_alike(wrong, output)
    second = None if other is None else _ratio_again(other, mistake, output)
    if other is not None and second is None:
        return []
    return [(factor, scene.sizes), *([] if other is None else [(second, other.sizes)])]


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
