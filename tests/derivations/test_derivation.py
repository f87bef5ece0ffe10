"""Every derivation runs, is checked and fits a terminal; without one of its hypotheses the claim fails."""

import math
from collections import Counter

import pytest
from sympy import Max, log

from derivations.concrete import Concrete
from derivations.dual import Functions
from derivations.layout import derivation_latex, derivation_text
from derivations.notation import array, canonical, distinct, i, n
from derivations.proof import Checker, check, patterns, size_choices
from derivations.registry import operations
from derivations.rules.hypotheses import OneHot, SumsToOne
from tests.derivations.every_derivation import DERIVATIONS, each_derivation, every_size

o, p = array("o", n), array("p", n, positive=True)
FLOATS = Functions(float, math.exp, math.log, math.sqrt, math.tanh, lambda number: float(number > 0), max)


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
