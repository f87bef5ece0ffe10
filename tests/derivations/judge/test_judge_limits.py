"""Right passes whose numbers once took exact arithmetic out of time or memory, and what comes of its own failures."""

import numpy as np
import pytest

from derivations import verify
from derivations.judge import exactly
from tests.derivations.judge.judge_passes import softmax


def shifted(constant):
    def softmax_with_a_constant(o):
        e = np.exp(o - o.max(axis=1, keepdims=True) + constant)
        return e / e.sum(axis=1, keepdims=True)

    return softmax_with_a_constant


def at_temperature(tau):
    return lambda o, y: (softmax(o / tau) - y) / tau / len(o)


def smoothed(epsilon):
    return lambda o, y: (softmax(o) - y + epsilon * (y - 1 / o.shape[1])) / len(o)


def padded(constant):
    def softmax_of_two_classes_more(o):
        pad = np.full((len(o), 2), constant)
        return softmax(np.concatenate([o, pad], axis=1))[:, :-2]

    return softmax_of_two_classes_more


@pytest.mark.parametrize("constant", [0.01, 0.123, 1e-7])
def test_a_constant_added_to_all_logits_is_no_matter(constant):
    assert verify("softmax", value=shifted(constant)).status == "proved"


@pytest.mark.parametrize("tau", [0.07, 1 / 3])
def test_a_low_temperature_is_proved(tau):
    assert verify("temperature", gradient=at_temperature(tau), tau=tau).status == "proved"


@pytest.mark.parametrize("epsilon", [1 / 3, 0.123456789])
def test_a_parameter_is_read_as_the_same_number_in_the_code_is(epsilon):
    assert verify("label-smoothing", gradient=smoothed(epsilon), epsilon=epsilon).status == "proved"


@pytest.mark.parametrize("constant", [-1e9, -1e30])
def test_padding_that_floats_do_not_see_is_not_refuted(constant):
    found = verify("softmax", value=padded(constant))
    assert found.status == "verified"
    assert any("could not be decided" in note for note in found.notes)


def test_a_number_of_millions_of_digits_is_left_to_floats():
    def softmax_times_one(o):
        factor = np.full((len(o), 1), 1.0000001) ** 1e7
        return softmax(o) * (factor / factor)

    found = verify("softmax", value=softmax_times_one)
    assert found.status == "verified"
    assert any("too many digits" in note for note in found.notes)


@pytest.mark.parametrize("error", [OverflowError("cannot fit"), MemoryError(), RecursionError("too deep"), KeyError(3)])
def test_a_failure_of_exact_arithmetic_is_not_the_codes(monkeypatch, error):
    def failing(case, call, subject):
        raise error

    monkeypatch.setattr(exactly, "judge", failing)
    found = verify("softmax", value=softmax)
    assert found.status == "verified"
    assert any(f"no end: {type(error).__name__}" in note for note in found.notes)
