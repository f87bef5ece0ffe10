"""Mistakes of one step, as strangers make them: another power or mean, a complement, a maximum that is forgotten."""

import numpy as np
import pytest

from derivations import verify
from tests.derivations.judge.judge_passes import softmax, softmax_backward


def off(o, c):
    d = softmax(o)
    d[np.arange(len(c)), c] -= 1
    return d


def weighted(o, c, w):
    return off(o, c) * (w[c] / w[c].sum())[:, None]


def ignored_for_kept(o, c, k):
    return off(o, c) * (1 - k)[:, None] / k.sum()


def shared_out(o, y, e):
    return (softmax(o) - ((1 - e) * y + e / (o.shape[1] - 1))) / len(o)


def half_shifted(o):
    m = o.max(axis=1, keepdims=True)
    return np.exp(o - m / 2) / np.exp(o - m).sum(axis=1, keepdims=True)


def sorted_first(o, g):
    return softmax_backward(np.sort(o, axis=1), g)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def jacobian_of(p):
    return np.diag(p) - np.outer(p, p)


def jacobian(o):
    e = np.exp(o - o.max())
    return jacobian_of(e / e.sum())


def without_the_last(o, g):
    g = g.copy()
    g[:, -1] = 0
    return softmax_backward(o, g)


def median_slope(x, g):
    return g * np.sort(sigmoid(x) * (1 - sigmoid(x)), axis=0)[len(x) // 2]


def multiplied(o, y, t):
    return -(y * np.log(softmax(o * t))).sum() / len(o)


def plain_mean(o, g):
    return softmax(o) * (g - g.mean(axis=1, keepdims=True))


def twice(o, g):
    return softmax_backward(o, softmax_backward(o, g))


def of_all_rows(o, y):
    return np.broadcast_to((softmax(o) - y).mean(axis=0) / len(o), o.shape).copy()


@pytest.mark.parametrize(
    "operation, passes, id, words",
    [
        ("class-weights", {"gradient": lambda o, c, w: weighted(o, c, w**2)}, "extra-term", "ω^2 stands for ω"),
        ("class-weights", {"gradient": lambda o, c, w: weighted(o, c, 1 / w)}, "wrong-array", "1/ω stands for ω"),
        ("ignored-rows", {"gradient": ignored_for_kept}, "wrong-array", "1 − κ[a] stands for κ[a]"),
        ("label-smoothing", {"gradient": shared_out}, "normaliser", "n − 1 stands for n"),
        ("softmax", {"value": half_shifted}, "missing-term", "exp(0.5·max) is left"),
        ("softmax", {"value": lambda o: softmax(o) + 0.1 * o.max(axis=1)[:, None]}, "extra-term", "0.1 times the larg"),
        ("softmax", {"vjp": sorted_first}, "wrong-index", "each row of o is sorted"),
        ("softmax", {"vjp": plain_mean}, "mean-for-sum", "the mean of g[b,i] stands for"),
        ("softmax", {"vjp": twice}, "extra-term", "applied twice to g"),
        ("softmax-cce", {"gradient": of_all_rows}, "mean-for-sum", "every row gets the mean of all rows"),
        ("sigmoid", {"vjp": lambda x, g: g * sigmoid(x) ** 2}, "wrong-array", "σ[b,j] stands for 1 − σ[b,j]"),
        ("nll", {"gradient": lambda ell, y: -y / np.exp(ell) / len(y)}, "delta-over-p", "divided by exp(ℓ[b,j])"),
        ("softmax", {"vjp": without_the_last}, "missing-term", "the last column of g is left out"),
        (
            "softmax",
            {"vjp": lambda o, g: g @ jacobian_of(softmax(o).mean(axis=0))},
            "mean-for-sum",
            "the mean of p over",
        ),
        (
            "softmax",
            {"vjp": lambda o, g: softmax_backward(o, g) * len(o) / o.shape[1]},
            "normaliser",
            "multiplied by B and",
        ),
        ("sigmoid", {"vjp": median_slope}, "wrong-axis", "right for a batch of one row"),
        ("temperature", {"value": multiplied}, "operator-swapped", "multiplied by instead of divided by"),
        ("mse", {"gradient": lambda p, y: (p - y) * p * (1 - p) / p.size}, "extra-term", "p[a,j] (1 − p[a,j])"),
        (
            "mse",
            {"gradient": lambda p, y: (p - y.mean(axis=0)) / p.size},
            "mean-for-sum",
            "the mean of y over the batch",
        ),
        ("mse", {"value": lambda p, y: (p - y).sum() ** 2 / p.size / 2}, "operator-swapped", "the sum of p[b,i]"),
        ("mse", {"value": lambda p, y: np.mean(p**2 - y**2) / 2}, "operator-swapped", "squared one by one"),
        ("mse", {"gradient": lambda p, y: (y - p) / len(p)}, "normaliser", "and the sign is wrong"),
        ("softmax-cce", {"gradient": lambda o, y: 2 * (softmax(o) - y)}, "batch-missing", "2 times what it should"),
    ],
)
def test_a_mistake_of_one_step_is_named(operation, passes, id, words):
    found = verify(operation, **passes).diagnosis
    assert found[0].id == id and words in found[0].sentence, found


@pytest.mark.parametrize(
    "operation, passes",
    [
        ("tanh", {"vjp": lambda x, g: g * (1 - np.tanh(x) ** 2) / 2}),
        ("cce", {"value": lambda p, y: -(y * np.log(p + 1e-10)).sum() / len(p)}),
        ("ignored-rows", {"gradient": lambda o, c, k: off(o, c) * k[:, None] / len(o)}),
        ("sigmoid", {"vjp": lambda x, g: g * sigmoid(x) ** 2}),
    ],
    ids=["a factor", "an ε", "a divisor", "a complement"],
)
def test_what_holds_in_every_run_is_the_only_explanation(operation, passes):
    """A mistake that changes nothing, or that a factor undoes, says nothing besides."""
    assert len(verify(operation, **passes).diagnosis) == 1


@pytest.mark.parametrize(
    "passes, shape, label",
    [
        ({"value": lambda o: softmax(o) * np.nan}, (1, 1), "ordinary numbers"),
        ({"value": lambda o: softmax(o) * (np.nan if (o == 2.5).any() else 1)}, (1, 2), "the largest number twice"),
        ({"jacobian": lambda o: jacobian(o) * (np.nan if o.size == 3 else 1)}, (3,), "ordinary numbers"),
    ],
)
def test_a_smaller_input_is_what_it_is_called(passes, shape, label):
    example = verify("softmax", **passes).counterexample
    assert example.regime.startswith(label) and example.inputs["o"].shape == shape, example
