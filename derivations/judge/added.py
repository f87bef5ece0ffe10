"""A right formula plus something that does not belong, or times an array: the number in it is read off the run."""

from fractions import Fraction
from math import prod

import numpy as np
from sympy import Rational

from derivations.judge.candidate import Mistake, with_output
from derivations.judge.scale import LARGEST, SAME
from derivations.judge.scene import Formula
from derivations.notation import B, n
from derivations.printing import text
from derivations.scalar import Scalar, postorder

TELLING = 3  # entries from which one number that is the same for all of them is no coincidence


def added(scene, formula, output):
    """Mistakes: the right formula times, or plus a multiple of, an input or a named array of its shape."""
    letters, expression = formula.outputs[output]
    difference = _difference(scene, output)
    if difference is None:
        return
    for words, entry in _entries(scene, formula, letters):
        values = scene.numbers(scene.value(Formula(((letters, entry),), formula.names, formula.entries), 0))
        for shown, more in _multiples(scene, multiple_of(difference, values, _written_in(scene, output)), entry):
            formed = with_output(formula, output, expression + more)
            yield Mistake("extra-term", f"{shown} is added, which does not belong", formed, fitted=True)
        if entry != 1:
            formed = with_output(formula, output, expression * entry)
            yield Mistake("extra-term", f"the factor {words} does not belong", formed)


def smoothed(scene, formula, output):
    """Mistakes: the right formula plus α times an array plus a number."""
    letters, expression = formula.outputs[output]
    difference = _difference(scene, output)
    if difference is None or difference.size < TELLING:
        return
    difference = list(difference.flat)
    for _, entry in _entries(scene, formula, letters):
        if entry == 1:
            continue
        values = list(scene.numbers(scene.value(Formula(((letters, entry),), formula.names, formula.entries), 0)).flat)
        if values[0] == values[1]:
            continue
        known = _written_in(scene, output)
        slope = _fraction((difference[1] - difference[0]) / (values[1] - values[0]), known)
        offset = _fraction(difference[0] - (difference[1] - difference[0]) / (values[1] - values[0]) * values[0], known)
        for first, more in _multiples(scene, slope, entry):
            for second, constant in _multiples(scene, offset, Rational(1)):
                words = f"{first} + {second} is added, which does not belong".replace("+ −", "− ")
                formed = with_output(formula, output, expression + more + constant)
                yield Mistake("extra-term", words, formed, fitted=True)


def _difference(scene, output):
    """got − want, or None where they cannot be subtracted."""
    want, got = scene.numbers(scene.wanted[output]), scene.got_numbers[output]
    return np.asarray(got - want, dtype=object) if got.shape == want.shape else None


def _multiples(scene, factor, entry):
    """(words, expression) of factor · entry, the factor as it is, and as one that depends on the sizes."""
    for sizes in ((), (B,), (n,), (B, n)) if factor else ():
        if all(str(size) in scene.sizes for size in sizes):
            number = factor * prod(scene.sizes[str(size)] for size in sizes)
            more = Rational(number.numerator, number.denominator) * entry / prod(sizes)
            yield text(more) if factor.denominator <= LARGEST else f"{float(factor):.6g}·{text(entry)}", more


def _entries(scene, formula, letters):
    """(words, entry) of 1 and of every array whose axes are the output's."""
    yield "1", Rational(1)
    if not letters:
        return
    shapes = [letter.size for letter in letters]
    arrays = [getattr(x, "base", x) for x in scene.question.function.arguments]
    for base in [*arrays, *(d.base for d in formula.names if str(d.base) != "d")]:
        if list(getattr(base, "shape", None) or ()) == shapes:
            yield text(base[letters]), base[letters]


def multiple_of(difference, values, known=()):
    """The fraction c with difference = c · values, or None."""
    pairs = list(zip(difference.flat, values.flat, strict=True))
    if any(y == 0 and x != 0 for x, y in pairs):
        return None
    quotients = [x / y for x, y in pairs if y != 0]
    if not quotients or any(abs(q - quotients[0]) > SAME * abs(quotients[0]) for q in quotients):
        return None
    return _fraction(quotients[0], known)


def _written_in(scene, output):
    """The numbers in the code's own formula, and their negatives."""
    nodes = [x for x in scene.got[output].flat if isinstance(x, Scalar)]
    found = {x.args[0] for x in postorder(*nodes) if x.kind == "const"}
    return found | {-x for x in found}


def _fraction(number, known=()):
    """The number as a fraction: one that the code has in it, or one with a denominator of at most 10⁶; or None."""
    if number != number or abs(number) > LARGEST:
        return None
    candidates = [*known, Fraction(str(number)).limit_denominator(LARGEST)]
    close = [x for x in candidates if x and abs(float(number) - float(x)) <= SAME * abs(float(number))]
    return close[0] if close else None
