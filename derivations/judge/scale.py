"""A right formula times something: the sign, a factor, 1/B missing or doubled; or plus something that does not belong.

The number is the same for all entries, and it is named by what it is at several sizes: B, 1/B, B/n, −1, 2, …
"""

from fractions import Fraction
from math import log, prod

import numpy as np
from sympy import Rational

from derivations.judge.candidate import Mistake
from derivations.judge.scene import ZERO_IS, Formula
from derivations.notation import B, n
from derivations.printing import text
from derivations.scalar import Scalar, postorder

SAME = 1e-9  # relative, of floats; a formula that follows from a number is compared exactly
SIMPLE = 1000  # denominator of a factor that is written as a fraction
NAMED = {
    f"{sign * number:.12g}": f"{'−' * (sign < 0)}{name}"
    for sign in (1, -1)
    for number, name in (
        (1 / log(2), "1/log 2, of a logarithm with base 2,"),
        (1 / log(10), "1/log 10, of a logarithm with base 10,"),
        (log(2), "log 2, of a power of 2,"),
        (log(10), "log 10, of a power of 10,"),
    )
}
LARGEST = 10**6  # denominator of a factor


def ratio(scene, output, wanted=None):
    """got/wanted as an mpf where it is the same for all entries that are not zero, else None."""
    got = scene.got_numbers[output]
    want = scene.numbers(scene.wanted[output] if wanted is None else wanted)
    if got.shape != want.shape or not got.size:
        return None
    pairs = [(x, y) for x, y in zip(got.flat, want.flat, strict=True) if max(abs(x), abs(y)) > ZERO_IS]
    if not pairs or any(min(abs(x), abs(y)) <= ZERO_IS or x != x or y != y for x, y in pairs):
        return None
    first = pairs[0][0] / pairs[0][1]
    return first if all(abs(x / y - first) <= scene.same * abs(first) for x, y in pairs) else None


def named(ratios, question, output, same=SAME):
    """(id, words, convention, law) of a ratio; ratios: [(ratio, sizes), …] of several runs; same: relative."""
    scale = _normaliser(question)
    for id, words, law, convention in _laws(scale, question, output):
        if all(abs(float(r) - law(**sizes)) <= same * abs(law(**sizes)) for r, sizes in ratios):
            return id, words, convention, law
    first = float(ratios[0][0])
    if all(abs(float(r) - first) <= same * abs(first) for r, _ in ratios):
        if first == 1:
            return None
        shown = Fraction(first).limit_denominator(LARGEST)
        exact = abs(shown - Fraction(first)) <= same * abs(first) and shown.denominator <= SIMPLE
        half = question.operation.name in ("mse", "network") and shown in (2, Fraction(1, 2))
        return (
            "factor",
            f"the result is {shown if exact else NAMED.get(f'{first:.12g}', f'{first:.12g}')} times what it should be",
            half,
            lambda **_: first,
        )
    return None


def _normaliser(question):
    """What a mean over the batch divides by: B, or B n for a mean over all entries; "" for what is no mean."""
    if question.operation.upstream is not None or question.reduction == "sum":
        return ""
    if question.operation.name in ("mse", "network"):
        return "Bn"
    value = question.operation.specification(question.reduction, question.targets).outputs("value")
    return "B" if any(B in expression.free_symbols for _, expression in value) else ""


def _laws(scale, question, output):
    """(id, words, ratio as a function of the sizes, convention), the likeliest first."""
    upstream = question.operation.upstream is not None
    yield "sign", "the sign is wrong: the result points the other way", lambda **sizes: -1.0, False
    if scale and len(question.function.outputs[output][0]) == 1:
        yield (
            "bias-averaged",
            "averaged over the batch, although its mean is taken already",
            lambda B, **_: 1 / B,
            False,
        )
    if scale == "B":
        yield (
            "batch-missing",
            "1/B is missing: this belongs to the sum over the batch, and the loss is the mean",
            lambda B, **_: B,
            True,
        )
        yield "batch-doubled", "1/B is applied twice", lambda B, **_: 1 / B, False
        yield (
            "batch-for-classes",
            "divided by n, the number of classes, where B belongs",
            lambda B, n, **_: B / n,
            False,
        )
        yield "mean-for-sum", "divided by B n, the number of entries, where B belongs", lambda B, n, **_: 1 / n, True
        yield "normaliser", "divided by B − 1, where B belongs", lambda B, **_: _over_one_less(B), False
    if scale == "Bn":
        yield (
            "batch-missing",
            "1/(B n) is missing: this belongs to the sum over all entries",
            lambda B, n, **_: B * n,
            True,
        )
        words = "1/n is missing: the sum over the columns is divided by B alone, where B n belongs"
        yield "normaliser", words, lambda n, **_: n, True
        yield "batch-for-classes", "divided by n alone, where B n belongs", lambda B, **_: B, False
        yield "batch-doubled", "divided by B once more than B n", lambda B, **_: 1 / B, False
        yield "batch-doubled", "1/(B n) is applied twice", lambda B, n, **_: 1 / (B * n), False
        yield "normaliser", "divided by B n − 1, where B n belongs", lambda B, n, **_: _over_one_less(B * n), False
    if question.reduction == "sum":
        yield "batch-doubled", "divided by B although the loss is the sum over the batch", lambda B, **_: 1 / B, True
        yield "mean-for-sum", "divided by B n although the loss is the sum", lambda B, n, **_: 1 / (B * n), True
    if upstream:
        bias = len(question.function.outputs[output][0]) == 1
        words = "averaged over the batch; the mean is in the upstream gradient already"
        words = words if question.kind == "vjp" else "divided by B, although each row stands for itself"
        yield "bias-averaged" if bias else "mean-for-sum", words, lambda B, **_: 1 / B, False
        yield "mean-for-sum", "divided by the number of classes", lambda n, **_: 1 / n, False
    yield "batch-missing", "multiplied by B", lambda B, **_: B, False
    for size in sorted({str(x) for argument in question.function.arguments for x in getattr(argument, "shape", ())}):
        yield "factor", f"multiplied by {size}", lambda size=size, **sizes: sizes[size], False
        yield "mean-for-sum", f"divided by {size}", lambda size=size, **sizes: 1 / sizes[size], False


def _over_one_less(count):
    """count/(count − 1), NaN for 1."""
    return count / (count - 1) if count > 1 else float("nan")


def added(scene, formula, output):
    """Mistakes: the right formula times, or plus a multiple of, an input or a named array of its shape."""
    letters, expression = formula.outputs[output]
    difference = _difference(scene, output)
    if difference is None:
        return
    for words, entry in _entries(scene, formula, letters):
        values = scene.numbers(scene.value(Formula(((letters, entry),), formula.names, formula.entries), 0))
        for shown, more in _multiples(scene, _multiple(difference, values, _written_in(scene, output)), entry):
            formed = _changed(formula, output, expression + more)
            yield Mistake("extra-term", f"{shown} is added, which does not belong", formed, fitted=True)
        if entry != 1:
            formed = _changed(formula, output, expression * entry)
            yield Mistake("extra-term", f"the factor {words} does not belong", formed)


def smoothed(scene, formula, output):
    """Mistakes: the right formula plus α times an array plus a number."""
    letters, expression = formula.outputs[output]
    difference = _difference(scene, output)
    if difference is None or difference.size < 3:
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
                formed = _changed(formula, output, expression + more + constant)
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


def _multiple(difference, values, known):
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


def _changed(formula, output, expression):
    outputs = list(formula.outputs)
    outputs[output] = (outputs[output][0], expression)
    return Formula(tuple(outputs), formula.names, formula.entries)
