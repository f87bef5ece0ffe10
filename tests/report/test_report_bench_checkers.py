"""Passes of the catalogue as finite differences see them: one function and its backward pass, from fresh arrays."""

import numpy as np
import pytest

from report.bench import gradient_checkers, verdicts
from report.bench.pass_subject import PassSubject

pytestmark = pytest.mark.filterwarnings("default")  # what other packages warn of when they are imported

PASSES = {entry.name: entry for entry in verdicts.judged_passes()}
RIGHT = [entry for entry in PASSES.values() if entry.correct]


def needs(checker):
    if not gradient_checkers.present(checker):
        pytest.skip(f"{gradient_checkers.PACKAGES[checker]} is absent")


@pytest.mark.parametrize("entry", RIGHT, ids=lambda entry: entry.name)
def test_a_right_pass_is_one_function_and_its_backward_pass(entry):
    """A difference of the value along a line, against the backward pass: h² and rounding leave eight digits."""
    subject, rng, h = PassSubject(entry), np.random.default_rng(0), 1e-5
    along = [rng.normal(size=np.shape(x)) for x in subject.inputs]
    ends = [subject.forward(*(x + s * h * d for x, d in zip(subject.inputs, along, strict=True)))[0] for s in (1, -1)]
    value, made = subject.forward(*subject.inputs)
    g = np.asarray(rng.normal(size=value.shape))
    found = subject.backward(made, *subject.inputs, g)
    assert [x.shape for x in found] == [np.shape(x) for x in subject.inputs]
    want = np.sum(g * (ends[0] - ends[1]) / (2 * h))
    assert sum(np.sum(x * d) for x, d in zip(found, along, strict=True)) == pytest.approx(want, rel=1e-7, abs=1e-8)


FOUND = {  # by gradcheck, its fast mode, check_vjp
    "softmax_backward_textbook": (False, False, False),
    "network_composed_of_layers": (False, False, False),
    "CrossEntropyLossWithCache": (False, False, False),
    "softmax_with_epsilon_below": (False, False, False),  # smaller than their tolerances
    "softmax_backward_magnitudes": (False, False, True),  # the columns of the identity have no sign to lose
    "linear_backward_square_only": (True, True, True),
    "LinearAccumulates": (True, True, False),
}


@pytest.mark.parametrize(("number", "checker"), tuple(enumerate(gradient_checkers.PACKAGES)))
@pytest.mark.parametrize("name", FOUND)
def test_what_finite_differences_find(name, number, checker):
    needs(checker)
    found = gradient_checkers.checked(checker, PassSubject(PASSES[name]))
    assert (found["found"], found["why"] is not None) == (FOUND[name][number],) * 2, found["why"]


@pytest.mark.parametrize("checker", gradient_checkers.PACKAGES)
def test_every_check_starts_from_fresh_arrays(checker):
    needs(checker)
    entry = PASSES["softmax_that_shifts_its_argument"]
    before = PassSubject(entry).inputs[0].copy()
    gradient_checkers.checked(checker, PassSubject(entry))
    assert np.array_equal(PassSubject(entry).inputs[0], before)


def test_an_absent_checker_has_no_answer(monkeypatch):
    monkeypatch.setattr(gradient_checkers, "installed", lambda package: None)
    assert gradient_checkers.checks("softmax_backward_textbook") == dict.fromkeys(gradient_checkers.PACKAGES)


def test_what_an_exception_says_is_one_line_without_a_traceback():
    assert gradient_checkers.words(ValueError("first\nsecond")) == "ValueError: first"
    assert (
        gradient_checkers.words(ValueError("Traceback (most recent …)\n  File …\nIt broke")) == "ValueError: It broke"
    )
