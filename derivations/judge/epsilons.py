"""Small constants in the code's own formula: an ε that is added, a small factor of a term, the step of a difference."""

import numpy as np

from derivations.execution.substitute import Substitution
from derivations.judge.explanation import Explanation
from derivations.judge.shapes import at_sizes
from derivations.scalar import ZERO, Scalar, postorder

SMALL = 1e-3  # a constant below it may be an ε


def of_a_small_constant(scene, output):
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
            yield _of_what_vanishes(nodes, constants, shown)
            return
    except (ZeroDivisionError, ValueError):
        pass
    if not close(scene, output):
        return
    if any(x.kind == "const" and abs(x.args[0]) >= 1 / SMALL for x in postorder(*nodes)):
        words = f"the result is an approximation with the step {shown}, such as a finite difference"
        yield Explanation("unstable", words, "it agrees with the derivative to a few digits and no more")
    else:
        words = f"a small constant, {shown}, is added that the definition does not have"
        yield Explanation("epsilon-one-side", words, "it agrees with the derivative to a few digits and no more")


def of_few_digits(scenes, output):
    """What is right to a few digits in every run: exact numbers lose none, so that a constant is in the formula."""
    if all(close(x, output) for x in scenes if x.fits(output)):
        words, shown = "the result is right to a few digits and no more", f"seen at {at_sizes(scenes[0].sizes)}"
        if scenes[0].trace is None:
            yield Explanation("unstable", f"{words}: it is rounded, or digits are lost on the way", shown)
        else:
            yield Explanation("epsilon-one-side", f"{words}: a small constant is in it", shown)


def _of_what_vanishes(nodes, constants, shown):
    """A small constant that is added, or the factor of a term that is."""
    evidence = f"with 0 in the place of {shown} the formula is right"
    products = [x for x in postorder(*nodes) if x.kind == "mul"]
    if any(y.kind == "const" and y.args[0] in constants for x in products for y in x.args):
        return Explanation("extra-term", f"a term with the factor {shown} is added, which does not belong", evidence)
    words = f"a small constant, {shown}, is added that the definition does not have"
    return Explanation("epsilon-one-side", words, evidence)


def close(scene, output):
    """Whether every entry is right to three digits."""
    got, want = scene.got_numbers[output], scene.numbers(scene.wanted[output])
    return all(abs(x - y) <= SMALL * (abs(x) + abs(y)) for x, y in zip(got.flat, want.flat, strict=True))
