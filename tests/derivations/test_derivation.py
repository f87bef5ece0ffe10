"""Every derivation runs, is checked and fits a terminal; what does not follow is refused with its place and reason."""

import math
import re
from collections import Counter
from dataclasses import replace
from functools import wraps

import numpy as np
import pytest
from mpmath import mp, mpf
from sympy import Add, Integer, KroneckerDelta, Max, Mul, Pow, exp, log
from sympy.tensor.indexed import Indexed

from derivations.concrete import Concrete, coincidences
from derivations.derivation import Derivation, DerivationError, Line
from derivations.dual import Functions
from derivations.layout import derivation_latex, derivation_text
from derivations.notation import (
    B,
    Index,
    IndexSum,
    Partial,
    a,
    array,
    canonical,
    delta,
    distinct,
    free_indices,
    i,
    j,
    k,
    n,
    substitute,
    total,
)
from derivations.proof import Checker, check, check_step, mp_functions, patterns, size_choices, sizes_of
from derivations.registry import operations
from derivations.rules.calculus import coordinates, exp_rule, log_rule, maximum_rule
from derivations.rules.hypotheses import AwayFromKink, OneHot, Positive, SumsToOne
from derivations.rules.rule import Rule
from derivations.rules.sums import sift, sums_to_one

o, p, y, pB = array("o", n), array("p", n, positive=True), array("y", n), array("p", B, n)
classes = array("c", B, integer=True)
Z = total(exp(o[k]), k)
DERIVATIONS = {d.name: d for operation in operations().values() for d in operation.derivations}
each_derivation = pytest.mark.parametrize("derivation", DERIVATIONS.values(), ids=DERIVATIONS)


def test_derivations_are_found_and_their_names_are_unique():
    assert len(DERIVATIONS) == len({id(d) for o in operations().values() for d in o.derivations}) >= 38


@each_derivation
def test_a_derivation_ends_in_its_claim_and_every_line_holds(derivation):
    assert canonical(derivation.lines[-1].expression) == canonical(derivation.claim)
    checks = check(derivation, most=3)
    assert [found.rule for found in checks] == [rule.name for rule in derivation.steps]
    assert all(found.cases >= len(found.sizes) > 0 for found in checks)


@each_derivation
def test_no_letter_of_a_line_is_read_as_another(derivation):
    assert all(distinct(line.expression) == line.expression for line in derivation.lines)


@each_derivation
def test_start_and_claim_are_equal_under_the_declared_hypotheses_alone(derivation):
    assert different(derivation, derivation.hypotheses) is None


@each_derivation
def test_declared_hypotheses_are_those_that_the_steps_use(derivation):
    used = {hypothesis.name for rule in derivation.steps for hypothesis in rule.hypotheses}
    assert {hypothesis.name for hypothesis in derivation.hypotheses} == used


@each_derivation
def test_the_text_fits_a_terminal_and_names_every_rule(derivation):
    rows = derivation_text(derivation).splitlines()
    assert max(map(len, rows)) <= 80
    assert rows[0] == derivation.name
    ends = Counter(rule.name for rule in derivation.steps)
    assert all(sum(row.endswith(name) for row in rows) >= times for name, times in ends.items())


@each_derivation
def test_the_latex_has_a_row_for_every_line(derivation):
    shown = derivation_latex(derivation)
    assert shown.count("&&") == shown.count("={}&") == shown.count(r" \\") == len(derivation.steps)


def every_size(derivation, *expressions):
    return set().union(*map(sizes_of, expressions), *(sizes_of(name.meaning) for name in derivation.names))


def different(derivation, hypotheses, most=3):
    """Where start and claim differ: (sizes, letters); None where nowhere up to that size."""
    checker, equation = Checker(derivation.names), (derivation.start, derivation.claim)
    for choice in size_choices(every_size(derivation, *equation), most):
        for pattern in patterns(equation, derivation.names, choice):
            if checker.difference(*equation, choice, pattern, hypotheses) is not None:
                return choice, pattern
    return None


IMPOSED = [
    pytest.param(derivation, hypothesis, id=f"{derivation.name}: {hypothesis.name}")
    for derivation in DERIVATIONS.values()
    for hypothesis in derivation.hypotheses
    if isinstance(hypothesis, SumsToOne | OneHot)
]


@pytest.mark.parametrize(("derivation", "hypothesis"), IMPOSED)
def test_without_a_hypothesis_the_claim_fails(derivation, hypothesis):
    assert different(derivation, tuple(h for h in derivation.hypotheses if h != hypothesis)) is not None


def test_without_positivity_there_is_no_logarithm():
    with pytest.raises(ValueError, match="domain"):
        Concrete({n: 1}, lambda name, position: -1.0, functions=FLOATS).value(log(p[i]), {i: 1})


def test_at_the_kink_the_two_sides_have_different_slopes():
    def slope(step):
        return Concrete({n: 1}, lambda name, position: step, functions=FLOATS).value(Max(0, o[i]), {i: 1}) / step

    assert (slope(1e-6), slope(-1e-6)) == (1, 0)


FLOATS = Functions(float, math.exp, math.log, math.sqrt, math.tanh, lambda number: float(number > 0), max)

# What a derivation refuses to be.

SLOPE = Derivation("exp: slope", Partial(exp(o[i]), o[j]), (exp_rule, coordinates), exp(o[i]) * delta(i, j))
normalised = sums_to_one(y[k])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"claim": exp(o[i])}, r"exp: slope: the last line is exp\(o\[i\]\)·δ\[i,j\], the claim is exp\(o\[i\]\)$"),
        ({"steps": (exp_rule,)}, r"exp: slope: the last line is exp\(o\[i\]\)·∂o\[i\]/∂o\[j\], the claim is"),
        ({"steps": (exp_rule, sift, coordinates)}, r"exp: slope, step 2 \(sift\): .*finds nothing to rewrite"),
        ({"steps": (log_rule, coordinates)}, r"exp: slope, step 1 \(chain rule, log\): .*finds nothing"),
        (
            {"start": total(y[k], k), "steps": (normalised,), "claim": Integer(1)},
            r"exp: slope, step 1 \(y sums to one\): uses the hypothesis Σ_k y\[k\] = 1, which .* not declare",
        ),
        (
            {"steps": (exp_rule, coordinates.under(Positive(p[i])))},
            r"exp: slope, step 2 \(independent coordinates\): uses the hypothesis p\[i\] > 0",
        ),
        (
            {"start": Partial(Max(0, o[i]), o[j]), "steps": (maximum_rule.under(AwayFromKink(o[i])), coordinates)},
            r"step 1 \(chain rule, max\): uses the hypothesis o\[i\] ≠ 0",
        ),
    ],
)
def test_a_derivation_that_does_not_run_says_where(changes, message):
    with pytest.raises(DerivationError, match=message):
        replace(SLOPE, **changes).lines  # noqa: B018  (the lines are executed when they are asked for)


def test_a_declared_hypothesis_lets_the_same_step_pass():
    sums = Derivation("sum", o[i] * total(y[k], k), (normalised,), o[i], hypotheses=normalised.hypotheses)
    assert len(check(sums)) == 1


def test_two_lines_that_differ_in_bound_letters_alone_are_one_line():
    assert replace(SLOPE, start=total(SLOPE.start, i), steps=SLOPE.steps, claim=total(SLOPE.claim, i)).lines


WRONG_RULES = {
    "sign": (o[i] - y[i], o[i] + y[i], "n = 1"),
    "diagonal only": (Partial(exp(o[i]) / Z, o[j]), exp(o[i]) / Z * (1 - exp(o[j]) / Z) * delta(i, j), "n = 2"),
    "off the diagonal": (Partial(exp(o[i]) / Z, o[j]), -exp(o[i]) * exp(o[j]) / Z**2, "n = 1, i = 1, j = 1"),
    "right at n = 1 only": (Z, exp(o[i]), "n = 2"),
    "right at n ≤ 3 only": ((n - 1) * (n - 2) * (n - 3) + o[i], o[i], "n = 4"),
    "a class is no constant": (pB[a, j] - delta(j, classes[a]), pB[a, j], "c[1] = 1"),
    "an entry of another class": (pB[a, classes[a]], pB[a, j], "c[1] = 1, j = 2"),
    "the class of another row": (total(pB[a, classes[a]], a), total(pB[a, j], a), "n = 2"),
}


@pytest.mark.parametrize("name", WRONG_RULES)
def test_a_wrong_rule_is_refused_at_the_first_sizes_that_show_it(name):
    start, claim, where = WRONG_RULES[name]
    wrong = Derivation("wrong", start, (Rule(name, "", lambda expression, names: claim),), claim)
    with pytest.raises(DerivationError) as caught:
        check(wrong)
    message = str(caught.value)
    assert message.startswith(f"wrong, step 1 ({name}): the line does not follow at ")
    assert where in message and "for example" in message


def test_a_hypothesis_holds_in_its_own_step_only():
    """Σy may be 1 where a step says so; the step before it is checked for any y."""
    wrong = Derivation(
        "early",
        o[i] * total(y[k], k) * y[j],
        (Rule("cheat", "", lambda expression, names: total(y[k], k) ** 2 * o[i] * y[j]), normalised),
        o[i] * y[j],
        hypotheses=normalised.hypotheses,
    )
    with pytest.raises(DerivationError, match=r"early, step 1 \(cheat\)"):
        check(wrong)


# Planted errors: every line of every derivation, spoiled in every way of the list, must be refused.


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


@each_derivation
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
