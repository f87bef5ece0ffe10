"""Passes of people who did not know the catalogue: each of these once got a false alarm, or a crash."""

import json

import numpy as np
import pytest

from derivations import verify
from derivations.judge.verdict import Verdict
from tests.derivations.judge.judge_passes import softmax, softmax_backward


def cross_entropy(o, y):
    d = o - o.max(axis=1, keepdims=True)
    return -(y * (d - np.log(np.exp(d).sum(axis=1, keepdims=True)))).sum() / len(o)


class Static:
    @staticmethod
    def forward(x):
        return softmax(x)

    @staticmethod
    def backward(x, grad):
        return softmax_backward(x, grad)


class OnceOnly:
    """Frees what it keeps after one backward, as PyTorch does."""

    def forward(self, x):
        self.p = softmax(x)
        return self.p.copy()

    def backward(self, grad):
        p, self.p = self.p, None
        return p * (grad - (grad * p).sum(axis=1, keepdims=True))


def weighted(o, c):
    w = np.array([1.0, 2.0, 0.5])[c]
    return (softmax(o) - np.eye(3)[c]) * w[:, None] / w.sum()


@pytest.mark.parametrize(
    "call",
    [
        lambda: verify("tanh", value=np.tanh),
        lambda: verify(Static, against="softmax"),
        lambda: verify(OnceOnly, against="softmax"),
        lambda: verify("class-weights", gradient=weighted, omega=np.array([1.0, 2.0, 0.5])),
        lambda: verify(
            "softmax-cce",
            value_and_gradient=lambda o, y: [cross_entropy(o, y), ((softmax(o) - y) / len(o)).tolist()],
        ),
    ],
    ids=["a ufunc", "static methods", "one backward only", "a fixed size", "nested lists"],
)
def test_right_code_of_any_form_is_proved(call):
    found = call()
    assert found.status == "proved", str(found)


class OneCacheForAll:
    cache = None

    def forward(self, x):
        OneCacheForAll.cache = softmax(x)
        return softmax(x)

    def backward(self, grad):
        p = OneCacheForAll.cache
        return p * (grad - (grad * p).sum(axis=1, keepdims=True))


class FirstInFirstOut:
    def __init__(self):
        self.waiting = []

    def forward(self, x):
        self.waiting.append(softmax(x))
        return softmax(x)

    def backward(self, grad):
        p = self.waiting.pop(0)
        return p * (grad - (grad * p).sum(axis=1, keepdims=True))


@pytest.mark.parametrize("subject", [OneCacheForAll, FirstInFirstOut])
def test_what_two_forwards_leave_behind_is_seen(subject):
    found = verify(subject, against="softmax")
    assert found.status == "refuted" and found.diagnosis[0].id == "stateful", str(found)


def test_complex_numbers_are_a_wrong_type_and_survive_json():
    found = verify("softmax", value=lambda o: softmax(o) + 0j)
    assert found.diagnosis[0].id == "wrong-shape" and "complex128" in found.diagnosis[0].sentence
    assert str(Verdict.from_dict(json.loads(json.dumps(found.as_dict())))) == str(found)


def test_whoever_asks_is_not_the_subject():
    """What is computed with, is told without the line that called verify, and without an address in memory."""
    found = verify("softmax", value=lambda o: memoryview(np.ascontiguousarray(softmax(o))))
    assert found.status == "verified" and __file__ not in str(found) and " 0x" not in str(found)


def test_a_refusal_that_the_code_passes_on_is_no_exception_of_its_own():
    found = verify("sigmoid", value=lambda x: np.vectorize(lambda v: 1 / (1 + np.exp(-v)), otypes=[float])(x))
    assert not any("the code raises makes" in note for note in found.notes), str(found)


def test_what_is_zero_is_shown_as_zero():
    """Sixty digits leave 1e-62 where terms cancel; people see 0."""

    def summed(x, W, b, y):
        G = softmax(x @ W + b) - y
        return G @ W.T, x.T @ G, G.sum(axis=0)

    want = verify("linear-softmax-cce", gradient=summed).counterexample.want
    assert not ((want != 0) & (abs(want) < 1e-40)).any()


def test_a_result_of_zeros_is_told_to_be_0():
    found = verify("softmax", vjp=lambda o, g: np.zeros(o.shape))
    assert [x.id for x in found.diagnosis] == ["upstream-ignored"]
    assert found.diagnosis[0].sentence.startswith("the result is 0 everywhere")


def test_each_wrong_place_is_told_and_one_other_reading():
    found = verify("linear", vjp=lambda x, W, b, g: (2 * g @ W.T, -x.T @ g, g.mean(axis=0)))
    told = [line for line in found.text().splitlines() if line.startswith(("wrong ", "also "))]
    places = [next(name for name in ("by x", "by W", "by beta") if name in line) for line in told]
    assert set(places) == {"by x", "by W", "by beta"} and len(places) <= 4
