"""Mistakes that are made with whole arrays: a reshape for a transpose, a maximum that is forgotten, a step left out."""

import numpy as np

from derivations.judge.added import TELLING, multiple_of
from derivations.judge.candidate import Mistake, right
from derivations.judge.scale import SIMPLE
from derivations.judge.scene import Formula
from derivations.printing import text
from derivations.scalar import constant


def of_whole_arrays(scene, output):
    """Mistake after Mistake."""
    want = scene.wanted[output]
    if want.ndim == 2 and min(want.shape) > 1:
        words = "the result is reshaped where it should be transposed: its entries are in the wrong order"
        if want.shape[0] == want.shape[1]:  # there the transpose and no more
            words = "the result is transposed"
        for turned in (want.T.reshape(want.shape), want.reshape(want.shape[::-1]).T):
            yield Mistake("transpose", words, turned)
    yield from _of_an_input(scene, output)
    yield from _of_the_maximum(scene, output)
    yield from unfinished_step(scene)


def _of_an_input(scene, output):
    """An input that is reshaped instead of transposed."""
    formula = right(scene.question)
    for name, entries in scene.case.entries.items():
        if entries.ndim == 2 and entries.dtype == object and entries.shape[0] != entries.shape[1]:
            turned = entries.reshape(entries.shape[::-1]).T
            formed = Formula(formula.outputs, formula.names, ((name, turned),))
            yield Mistake("transpose", f"{name} is reshaped where it should be transposed", formed)


def _of_the_maximum(scene, output):
    """The largest entry of each row, subtracted and never added back, or the other way round."""
    logits, want = scene.case.entries.get(scene.question.names[0]), scene.wanted[output]
    if scene.question.kind != "value" or logits is None or logits.ndim != 2:
        return
    rows = np.arange(len(logits))
    largest = logits[rows, scene.numbers(logits).argmax(axis=1)][:, None]
    if want.ndim == 0:
        largest = np.asarray(largest.sum() / (1 if scene.question.reduction == "sum" else len(logits)), dtype=object)
    elif want.shape != logits.shape:
        return
    words = "the largest entry of each row is subtracted in one place and not added back in the other"
    for sign in (1, -1):
        yield Mistake("missing-term", words, np.asarray(want + sign * largest, dtype=object))
    if want.ndim == 2 and scene.fits(output):
        yield from _of_its_multiples(scene, output, largest)


def _of_its_multiples(scene, output, largest):
    """c times the largest entry of each row, added, or left in an exponent: a factor e^{c max}."""
    got, want = scene.got_numbers[output], scene.numbers(scene.wanted[output])
    each = scene.numbers(np.broadcast_to(largest, want.shape))
    multiple = _simple(multiple_of(got - want, each), want)
    if multiple not in (None, 1, -1):
        more = np.asarray(largest * constant(multiple), dtype=object)
        words = f"{float(multiple):.6g} times the largest entry of each row is added"
        yield Mistake("extra-term", words, np.asarray(scene.wanted[output] + more, dtype=object))
    if not all(x * y > 0 for x, y in zip(got.flat, want.flat, strict=True)):
        return
    multiple = _simple(multiple_of(np.frompyfunc(scene.log, 1, 1)(got / want), each), want)
    if multiple:
        left = np.asarray([[(entry * constant(multiple)).exp()] for entry in largest.flat], dtype=object)
        words = "the largest entry of each row is subtracted in one place and not in the other: "
        words += f"a factor exp({float(multiple):.6g}·max) is left"
        yield Mistake("missing-term", words, np.asarray(scene.wanted[output] * left, dtype=object))


def _simple(multiple, entries):
    """The multiple, None where few entries have one that nobody writes."""
    return None if multiple and entries.size < TELLING and multiple.denominator > SIMPLE else multiple


def unfinished_step(scene):
    """The result is an intermediate of the derivation."""
    formula = right(scene.question)
    for definition in formula.names:
        named = Formula(((definition.letters, definition.symbol),), formula.names)
        if str(definition.base) == "d" or scene.question.kind == "value":  # the shift is arbitrary
            continue
        words = f"the result is {text(definition.symbol)}, {definition.called}: the last step is missing"
        yield Mistake("missing-term", words, scene.value(named, 0))
