"""A right formula times something: the sign, a factor, 1/B missing or doubled.

The number is the same for all entries, and it is named by what it is at several sizes: B, 1/B, B/n, −1, 2, …
"""

from fractions import Fraction
from functools import partial
from itertools import permutations
from math import log

from derivations.judge.scene import ZERO_IS
from derivations.notation import B

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
BESIDES = (-1, 2, Fraction(1, 2), -2, Fraction(-1, 2))  # what a law of the sizes may be multiplied by


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
        return (
            "factor",
            f"the result is {shown if exact else NAMED.get(f'{first:.12g}', f'{first:.12g}')} times what it should be",
            _half(question, shown),
            lambda **_: first,
        )
    return _twice_wrong(ratios, question, output, same)


def _twice_wrong(ratios, question, output, same):
    """`named` for a law and a number besides: the sign too, or the ½ of the squared error."""
    for id, words, law, convention in _laws(_normaliser(question), question, output):
        for number in BESIDES:
            if all(abs(float(r) - number * law(**sizes)) <= same * abs(law(**sizes)) for r, sizes in ratios):
                more = "the sign is wrong" if number == -1 else f"the result is {number} times what it should be"
                both = convention and _half(question, number)
                return id, f"{words}; and {more}", both, partial(_times, number, law)
    return None


def _times(number, law, **sizes):
    return float(number) * law(**sizes)


def _half(question, factor):
    """Whether a factor is the ½ of the squared error, which is a convention."""
    return question.operation.name in ("mse", "network") and factor in (2, Fraction(1, 2))


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
    sizes = sorted({str(x) for argument in question.function.arguments for x in getattr(argument, "shape", ())})
    for size in sizes:
        yield "factor", f"multiplied by {size}", lambda size=size, **sizes: sizes[size], False
        yield "mean-for-sum", f"divided by {size}", lambda size=size, **sizes: 1 / sizes[size], False
    for over, under in permutations(sizes, 2):
        words = f"multiplied by {over} and divided by {under}"
        yield "normaliser", words, lambda over=over, under=under, **sizes: sizes[over] / sizes[under], False


def _over_one_less(count):
    """count/(count − 1), NaN for 1."""
    return count / (count - 1) if count > 1 else float("nan")
