"""verify on code that raises, remembers, refuses types or answers with no numbers, and at the kinks of a function."""

import json
from typing import NamedTuple

import numpy as np
import pytest

from derivations import verify
from tests.derivations.judge.judge_passes import diagonal_only, softmax, softmax_backward


@pytest.mark.parametrize(
    ("slope", "words"),
    [
        (lambda x: x > 0, "takes the left one"),
        (lambda x: x >= 0, "takes the right one"),
        (lambda x: 0.5 * (np.sign(x) + 1), "takes their mean"),
        (lambda x: (x > 0) + 0.25 * (x == 0), "0.25 of the way"),
        (lambda x: (x > 0) - 0.25 * (x == 0), None),
    ],
)
def test_the_derivative_at_a_kink_is_reported(slope, words):
    found = verify("relu", vjp=lambda x, g: g * slope(x))
    assert found.accepted == bool(words)
    assert not words or any(words in note for note in found.notes)


def test_code_that_never_returns_an_answer_is_refuted():
    def raises(o, g):
        raise RuntimeError("not today")

    found = verify("softmax", vjp=raises)
    assert found.status == "refuted" and found.diagnosis[0].id == "exception"
    assert "not today" in str(found)
    assert verify("softmax", vjp=lambda o, g: None).status == "refuted"
    assert verify("softmax", vjp=lambda o, g: exit(0)).status == "refuted"


def test_code_that_cannot_be_run_exactly_is_verified_at_best():
    def compiled(o, g):
        if type(o) is not np.ndarray:
            raise TypeError("floats only")
        return softmax_backward(np.array(o, dtype=o.dtype), g)

    found = verify("softmax", vjp=compiled)
    assert found.status == "verified" and any("not proved" in note for note in found.notes)


def test_text_is_no_array_of_numbers():
    found = verify("softmax", vjp=lambda o, g: [["0.1"] * o.shape[1]] * o.shape[0])
    assert found.status == "refuted" and found.diagnosis[0].id == "exception"
    assert "where numbers are expected" in found.counterexample.raised


def test_integers_may_be_refused_but_not_misread():
    def floats_alone(o, g):
        if o.dtype.kind != "f":
            raise TypeError("floats, please")
        return softmax_backward(o, g)

    def truncating(o, g):
        result = np.zeros_like(o)
        result[...] = softmax_backward(o, g)
        return result

    found = verify("softmax", vjp=floats_alone)
    assert found.accepted and any("floats, please" in note for note in found.notes if note.startswith("not tried"))
    assert verify("softmax", vjp=truncating).diagnosis[0].id == "integer-buffer"


def test_an_exception_for_another_layout_is_told_as_one():
    def contiguous_alone(o, g):
        if not o.flags.c_contiguous:
            raise ValueError("rows, please")
        return softmax_backward(o, g)

    found = verify("softmax", vjp=contiguous_alone)
    assert found.status == "refuted" and found.diagnosis[0].id == "exception"


def test_the_code_is_left_as_it_was():
    """Its module's names, and whatever it keeps, are those from before."""
    names = diagonal_only.__globals__
    before = dict(names)
    verify("softmax", vjp=diagonal_only)
    assert {name: names.get(name) for name in before} == before


class Unspeakable(Exception):
    def __str__(self):
        raise self


@pytest.mark.parametrize("error", [Unspeakable(), ValueError("no " * 10**6), ValueError("two\nlines")])
def test_whatever_is_raised_is_told_in_a_line(error):
    def raising(o, g):
        raise error

    found = verify("softmax", vjp=raising)
    assert found.status == "refuted" and found.diagnosis[0].id == "exception"
    assert len(found.counterexample.raised) <= len("raises ") + 300 and "\n" not in found.counterexample.raised


@pytest.mark.parametrize("size", [(2, 10**6), (6000, 6000)])
def test_a_result_of_millions_of_numbers_is_a_wrong_shape(size):
    calls = []
    found = verify("softmax", vjp=lambda o, g: np.zeros(size) if calls.append(1) is None else None)
    assert found.status == "refuted" and [x.id for x in found.diagnosis] == ["wrong-shape"]
    assert f"got {size}" in found.diagnosis[0].sentence
    assert len(calls) < 5 and len(json.dumps(found.as_dict())) < 10**5


def test_what_is_remembered_is_shown_with_the_call_before():
    kept = {}

    def first_of_its_shape(o, g):
        p = kept.setdefault(o.shape, softmax(o))
        return p * (g - (g * p).sum(axis=1, keepdims=True))

    found = verify("softmax", vjp=first_of_its_shape)
    example = found.counterexample
    assert [x.id for x in found.diagnosis] == ["stateful"]
    assert set(example.before) == {"o", "g"} and example.inputs["o"].size == example.before["o"].size == 2
    kept.clear()
    first_of_its_shape(*example.before.values())
    assert np.array_equal(first_of_its_shape(*example.inputs.values()), example.got)
    assert np.allclose(softmax_backward(*example.inputs.values()), example.want)
    assert "after a call with" in found.text()


def test_a_changed_argument_is_shown_before_and_after():
    def shifts(o, g):
        o -= o.max(axis=1, keepdims=True)
        return softmax_backward(o, g)

    found = verify("softmax", vjp=shifts)
    example = found.counterexample
    assert found.diagnosis[0].id == "mutates-input" and "another call" not in found.diagnosis[0].evidence
    assert example.output == "o after the call" and np.array_equal(example.want, example.inputs["o"])
    shifts(*(x := [y.copy() for y in example.inputs.values()]))
    assert np.array_equal(x[0], example.got)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (lambda g: None, "nothing is returned"),
        (lambda g: ..., "the code returns an ellipsis where"),
        (lambda g: np.array([None, 1.0]), "the code returns a ndarray of other things where"),
        (lambda g: "0.5", "the code returns text where numbers are expected"),
        (lambda g: {1, 2}, "the code returns a set where an array of numbers is expected"),
        (lambda g: np.array([{}]), "the code returns a ndarray of other things where"),
        (lambda g: [[1.0], [1.0, 2.0]], "has shape"),
    ],
)
def test_what_is_no_answer_is_named(result, words):
    found = verify("softmax", vjp=lambda o, g: result(g))
    assert found.status == "refuted" and words in found.diagnosis[0].sentence, str(found)
    assert "raises" not in str(found)


class Gradients(NamedTuple):
    x: np.ndarray
    W: np.ndarray
    b: np.ndarray


@pytest.mark.parametrize("made", [Gradients, lambda x, W, b: [x, W, b], lambda x, W, b: {"x": x, "W": W, "b": b}])
def test_several_results_in_any_container(made):
    assert verify("linear", vjp=lambda x, W, b, g: made(g @ W.T, x.T @ g, g.sum(axis=0))).status == "proved"


class Endless(list):
    def __init__(self):
        super().__init__([self])


class Answering:
    """A callable that has no attribute and is asked for all of them."""

    def __call__(self, o, g):
        return softmax_backward(o, g)

    def __getattr__(self, name):
        raise RuntimeError(name)


@pytest.mark.parametrize(
    "passes",
    [
        {"jacobian": lambda o: exit(3)},
        {"jacobian": lambda o: pytest.fail("no")},
        {"value": lambda o: pytest.fail("no")},
        {"vjp": lambda o, g: Endless()},
    ],
)
def test_whatever_ends_the_code_is_a_finding(passes):
    found = verify("softmax", **passes)
    assert found.status == "refuted" and found.diagnosis[0].id in ("exception", "wrong-shape"), str(found)


def test_an_object_that_refuses_every_attribute_is_judged():
    assert verify("softmax", vjp=Answering()).accepted


def test_looking_whether_a_jacobian_is_of_one_sample_prints_and_leaves_nothing(capsys):
    calls = []

    def jacobian(o):
        print("asked")
        calls.append(o.shape)
        p = softmax(o)
        return np.eye(o.shape[1]) * p[:, None] - p[:, :, None] * p[:, None]

    assert verify("softmax", jacobian=jacobian).accepted
    assert capsys.readouterr().out == "" and (3, 2) not in calls
