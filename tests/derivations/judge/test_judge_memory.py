"""What code remembers: harmless where it belongs to the input, found and reproduced where it does not."""

import functools

import numpy as np
import pytest

from derivations import verify
from tests.derivations.judge.judge_passes import softmax


def slope(x, g):
    return g * (1 - np.tanh(x) ** 2)


@functools.lru_cache
def identity(n):
    return np.eye(n)


def jacobian(o):
    p = softmax(o)
    return p[:, :, None] * (identity(o.shape[1]) - p[:, None, :])


class LastInFirstOut:
    def __init__(self):
        self.waiting = []

    def forward(self, x):
        self.waiting.append(softmax(x))
        return softmax(x)

    def backward(self, grad):
        p = self.waiting.pop()
        return p * (grad - (grad * p).sum(axis=1, keepdims=True))


@pytest.mark.parametrize("subject", [LastInFirstOut, LastInFirstOut()], ids=["class", "object"])
def test_an_object_and_its_class_have_one_verdict(subject):
    found = verify(subject, against="softmax")
    assert found.status == "proved", str(found)


def test_a_cache_that_is_right_stays_usable():
    assert verify("softmax", jacobian=jacobian).status == "proved"
    assert jacobian(np.zeros((1, 2))).tolist() == [[[0.25, -0.25], [-0.25, 0.25]]]


summed, known, counted = [], {}, []
last = p_of_last = None


def sums_all(x, g):
    summed.append(slope(x, g))
    return sum(found for found in summed if found.shape == g.shape)


def by_shape_and_sign(x, g):
    y = known.setdefault((x.shape, bool(x.flat[0] > 0)), np.tanh(x))
    return g * (1 - y**2)


def divides_by_calls(x, g):
    counted.append(0)
    return slope(x, g) / len(counted)


@pytest.mark.parametrize("vjp", [sums_all, by_shape_and_sign, divides_by_calls])
def test_the_call_before_is_shown_and_makes_the_difference(vjp):
    example = verify("tanh", vjp=vjp).counterexample
    inputs, before = example.inputs.values(), example.before.values()
    assert not summed and not known and not counted and before
    assert np.allclose(vjp(*inputs), example.want, rtol=1e-12, atol=0)
    for kept in (summed, known, counted):
        kept.clear()
    vjp(*before)
    assert np.array_equal(vjp(*inputs), example.got) and not np.array_equal(example.got, example.want)
    for kept in (summed, known, counted):
        kept.clear()


class FirstOutput:
    out = None

    def forward(self, x):
        y = 1 / (1 + np.exp(-x))
        if FirstOutput.out is None or FirstOutput.out.shape != y.shape:
            FirstOutput.out = y
        return y

    def backward(self, grad):
        return grad * FirstOutput.out * (1 - FirstOutput.out)


class FirstWeights:
    weights = None

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        if FirstWeights.weights is None or FirstWeights.weights.shape != self.W.shape:
            FirstWeights.weights = self.W.copy()
        return x @ self.W + self.b

    def backward(self, grad):
        return grad @ FirstWeights.weights.T, self.x.T @ grad, grad.sum(axis=0)


class FirstScale:
    def __init__(self):
        self.scale = None

    def forward(self, p, y):
        return ((p - y) ** 2).mean() / 2

    def backward(self, p, y):
        if self.scale is None:
            self.scale = 1 / p.size
        return (p - y) * self.scale


class Accumulates:
    def __init__(self):
        self.grad = 0.0

    def forward(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, grad):
        self.grad = slope(self.x, grad) + (self.grad if np.shape(self.grad) == grad.shape else 0)
        return self.grad


@pytest.mark.parametrize(
    ("subject", "operation"),
    [(FirstOutput, "sigmoid"), (FirstWeights, "linear"), (FirstScale(), "mse"), (Accumulates(), "tanh")],
    ids=["class attribute", "weights of a class", "scale of the first batch", "sum of gradients"],
)
def test_what_belongs_to_another_call_is_state_and_nothing_else(subject, operation):
    found = verify(subject, against=operation)
    assert {x.id for x in found.diagnosis} == {"stateful"} and found.counterexample.before, str(found)


def by_identity(o, g):
    global last, p_of_last
    if last is not o:
        last, p_of_last = o, softmax(o)
    return p_of_last * (g - (g * p_of_last).sum(axis=1, keepdims=True))


def test_an_array_that_is_overwritten_in_place_is_a_new_input():
    found = verify("softmax", vjp=by_identity)
    assert [x.id for x in found.diagnosis] == ["stateful"] and "have changed" in found.diagnosis[0].sentence, str(found)


shapes = []


def takes_the_first_shape_only(x, g):
    shapes.append(x.shape)
    if x.shape != shapes[0]:
        raise ValueError(f"expected {shapes[0]}")
    return slope(x, g)


def test_an_exception_that_an_earlier_call_causes_is_shown_with_it():
    found = verify("tanh", vjp=takes_the_first_shape_only)
    assert [x.id for x in found.diagnosis] == ["stateful"] and found.counterexample.before, str(found)
    assert found.counterexample.raised.startswith("raises ValueError")


@pytest.mark.parametrize("sign", [1, -1])
def test_a_function_that_remembers_nothing_is_not_stateful(sign):
    """Whichever of the first two inputs it is wrong on."""
    found = verify("tanh", vjp=lambda x, g: slope(x, g) / (2 if x.shape == (3, 4) and sign * x.sum() > 0 else 1))
    assert found.refuted and "stateful" not in [x.id for x in found.diagnosis], str(found)


def keeping():
    """A generator that gives back the first value that it was sent: nobody can look into it."""
    first = sent = yield
    while True:
        sent = yield first if sent is not None else None


def test_a_number_that_the_judge_left_behind_is_not_the_fault_of_the_code():
    generator = keeping()
    next(generator)
    found = verify("softmax", value=lambda o: softmax(o) + 0 * generator.send(o).max())
    assert found.status == "abstained" and "exact number" in str(found.notes), str(found)
