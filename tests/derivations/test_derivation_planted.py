"""Planted errors: every line of every derivation, spoiled in every way of the list, is refused unless it is as true.

`make test` takes one gradient of the operations with the longest formulas, `make campaign` all.
"""

import re
from functools import wraps

import numpy as np
from mpmath import mp, mpf
from sympy import Add, Integer, KroneckerDelta, Mul, Pow, exp
from sympy.tensor.indexed import Indexed

from derivations.concrete import Concrete, coincidences
from derivations.derivation import DerivationError, Line
from derivations.notation import Index, IndexSum, canonical, free_indices, n, substitute
from derivations.proof import Checker, check_step, mp_functions
from tests.derivations.every_derivation import every_size, thinned_derivations


def doubled(line):
    yield 2 * line


def negated(line):
    yield -line


def one_added(line):
    yield line + 1


def changed_inside(change):
    """A planting that changes one subexpression at a time; `change` yields what to write for it."""

    @wraps(change)
    def plantings(line):
        yield from change(line)
        if not isinstance(line, Index | Indexed):
            for position, part in enumerate(line.args):
                if isinstance(part, Index):
                    continue
                for new in plantings(part):
                    yield line.func(*line.args[:position], new, *line.args[position + 1 :])

    return plantings


@changed_inside
def term_dropped(part):
    if isinstance(part, Add):
        for term in part.args:
            yield Add(*(other for other in part.args if other != term))


@changed_inside
def factor_dropped(part):
    if isinstance(part, Mul):
        for factor in part.args:
            yield Mul(*(other for other in part.args if other != factor))


@changed_inside
def delta_replaced_by_one(part):
    if isinstance(part, KroneckerDelta):
        yield Integer(1)


@changed_inside
def exponent_changed(part):
    if isinstance(part, Pow) and part.exp.is_Integer:
        yield part.base ** (part.exp + 1)
    if isinstance(part, exp):
        yield exp(2 * part.args[0])


@changed_inside
def sum_dropped(part):
    if isinstance(part, IndexSum):
        yield substitute(part.function, {part.index: Integer(1)})


@changed_inside
def sign_changed(part):
    if isinstance(part, Add):
        for term in part.args:
            yield part - 2 * term


def letter_exchanged(line):
    """Each entry and each δ in turn with one of its letters exchanged for another of that size in the line."""
    letters = sorted(line.atoms(Index), key=str)

    @changed_inside
    def plantings(part):
        if isinstance(part, Indexed | KroneckerDelta):
            for old in part.args:
                for new in letters:
                    if isinstance(old, Index) and old.size == new.size and new not in part.args:
                        yield part.func(*(new if other == old else other for other in part.args))

    return plantings(line)


PLANTINGS = (
    doubled,
    negated,
    one_added,
    delta_replaced_by_one,
    term_dropped,
    factor_dropped,
    sign_changed,
    exponent_changed,
    sum_dropped,
    letter_exchanged,
)


def planted(line):
    """[(kind, wrong line), …], each wrong line once and none that is the line itself."""
    found = {canonical(line): "unchanged"}
    for plant in PLANTINGS:
        for wrong in plant(line):
            found.setdefault(canonical(wrong), plant.__name__)
    return [(kind, wrong) for wrong, kind in found.items() if kind != "unchanged"]


def numerically_equal(derivation, first, second, hypotheses):
    """Whether two lines agree at random numbers, n = 4 and the other sizes 2: evidence without the exact machinery."""
    rng, known = np.random.default_rng(5), {}
    sizes = {size: 4 if size == n else 2 for size in every_size(derivation, first, second)}

    def entry(name, position):
        for hypothesis in hypotheses:
            if (meaning := hypothesis.impose(name, position, sizes)) is not None:
                return world.value(meaning, letters)
        number = 1 + position[0] if name == "c" else mpf(rng.uniform(0.5, 1.5))
        return known.setdefault((name, position), number)

    for letters in coincidences(free_indices(first) | free_indices(second), sizes):
        world = Concrete(sizes, entry, derivation.names, mp_functions())
        # Forty digits are computed and no term is larger than about 10^4.
        if abs(world.value(first, letters) - world.value(second, letters)) > mpf(10) ** -30:
            return False
    return True


def refusal(checker, derivation, number, wrong):
    """The message with which the check refuses a wrong line behind the step of that number; None if it does not."""
    before, line = derivation.lines[number - 1], derivation.lines[number]
    try:
        check_step(checker, derivation, number, before.expression, Line(wrong, line.rule), most=2)
    except DerivationError as error:
        return str(error)
    return None


@thinned_derivations
def test_every_planted_error_is_refused_and_named(derivation):
    checker = Checker(derivation.names)
    for number, line in enumerate(derivation.lines[1:], start=1):
        refused, place = 0, f"{derivation.name}, step {number} ({line.rule.name}): the line "
        for kind, wrong in planted(line.expression):
            message = refusal(checker, derivation, number, wrong)
            if message is None:
                with mp.workdps(40):
                    assert numerically_equal(derivation, line.expression, wrong, line.rule.hypotheses), (kind, wrong)
            else:
                refused += 1
                assert message.startswith(place) and "could not be shown" not in message, message
                assert re.search(r" at (\w+ = \d+, )*\w.* = \d+: ", message), message
        assert refused >= 2
