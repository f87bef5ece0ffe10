"""Every declared hypothesis is needed: dropping it has a counterexample, and a superfluous one has none."""

from dataclasses import replace

import pytest

from derivations.concrete import Concrete, unknown
from derivations.counterexample import NoCounterexample, counterexample
from derivations.layout import derivation_text
from derivations.notation import array, delta, i, j, k, n, total
from derivations.registry import operations
from derivations.rules.hypotheses import SumsToOne
from derivations.scalar import ZERO
from derivations.softmax import JACOBIAN
from derivations.softmax_cross_entropy_row import P_MINUS_Y

NEEDED = [
    (derivation, hypothesis)
    for operation in operations().values()
    for derivation in operation.derivations
    for hypothesis in derivation.hypotheses
]


@pytest.mark.parametrize(("derivation", "hypothesis"), NEEDED, ids=lambda value: value.name)
def test_every_hypothesis_is_needed(derivation, hypothesis):
    found = counterexample(derivation, hypothesis)
    assert found.before != found.after
    assert hypothesis.text in found.words


def test_unnormalised_targets_give_p_sum_y_minus_y():
    found = counterexample(P_MINUS_Y, P_MINUS_Y.hypotheses[0])
    assert found.sizes == {"n": 1}
    assert (found.entries["y[1]"], found.before, found.after) == ("2", "0", "−1")
    assert "p[j]·Σ_i y[i] − y[j]" in found.instead


def test_every_hypothesis_of_a_step_is_declared_and_every_declared_one_is_used():
    for operation in operations().values():
        for derivation in operation.derivations:
            used = {hypothesis for rule in derivation.steps for hypothesis in rule.hypotheses}
            assert used == set(derivation.hypotheses), derivation.name


def test_a_superfluous_hypothesis_is_found_out():
    spare = SumsToOne(array("y", n)[k])
    first, *others = JACOBIAN.steps
    derivation = replace(JACOBIAN, steps=(first.under(spare), *others), hypotheses=(spare,))
    with pytest.raises(NoCounterexample, match="Jacobian"):
        counterexample(derivation, spare)


def test_outside_its_range_a_letter_is_not_sifted():
    """Why 1 ≤ j ≤ n is assumed of every free letter: at j = n + 1 the sum has no term to sift out."""
    o = array("o", n)
    world = Concrete({n: 2}, unknown)
    summed, sifted = total(o[k] * delta(k, j), k), o[j]
    assert world.value(summed, {j: 2}) is world.value(sifted, {j: 2})
    assert world.value(summed, {j: 3}) is ZERO
    assert world.value(sifted, {j: 3}) is not ZERO
    assert JACOBIAN.ranges == {n: [i, j]}
    assert "for    1 ≤ i, j ≤ n" in derivation_text(JACOBIAN)
