"""Mistakes in passes of people who did not know the catalogue, and the name that each is called by."""

import numpy as np
import pytest

from derivations import verify
from tests.derivations.judge.judge_passes import softmax, softmax_backward


def every_seventh_call(o, calls=[0]):  # noqa: B006 (the mistake)
    calls[0] += 1
    return softmax(o) * (1.01 if calls[0] % 7 == 0 else 1)


def never_written(o, g):
    found, right = np.empty(o.shape), softmax_backward(o, g)
    found[:, :-1] = right[:, :-1]
    return found


def memory_order(o):
    return softmax(np.frombuffer(o.tobytes("A"), dtype=o.dtype).reshape(o.shape))


def half_precision(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True, dtype=np.float16)


def last_row_again(o):
    p = softmax(o)
    if len(o) > 1:
        p[-1] = p[-2]
    return p


def without_the_first_term(o, g):
    p = softmax(o)
    return p * (g - (g[:, 1:] * p[:, 1:]).sum(axis=1, keepdims=True))


def factor_on_one_term(o, g):
    p = softmax(o)
    return g - p * (g * p).sum(axis=1, keepdims=True)


def ignores_class_0(o, c):
    d = softmax(o)
    d[np.arange(len(c)), c] -= 1
    d[c == 0] = 0
    return d / len(c)


def damped_where_negative(x, g):
    s = 1 / (1 + np.exp(-x))
    return np.where(g < 0, 0.5, 1) * g * s * (1 - s)


def expanded_square(p, y):
    return (np.mean(p * p) - 2 * np.mean(p * y) + np.mean(y * y)) / 2


def huber(p, y):
    d = np.abs(p - y)
    return np.where(d < 1, d * d / 2, d - 0.5).mean()


def clipped(p, y):
    return -(y * np.log(np.maximum(p, 1e-15))).sum() / len(p)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def labels_from_one(o, c):
    d = softmax(o)
    d[np.arange(len(c)), c - 1] -= 1
    return d / len(c)


def label_counts(o, c):
    d = softmax(o)
    d[np.arange(len(c)), c] -= 1
    return d / len(set(c.tolist()))


def weights_of_columns(o, c, w):
    d = softmax(o)
    d[np.arange(len(c)), c] -= 1
    return d * w / w[c].sum()


def by_all_rows(o, c, keep):
    d = softmax(o)
    d[np.arange(len(c)), c] -= 1
    return d * keep[:, None] / len(o)


INDICES = {"targets": "indices"}


def off_the_diagonal(o, g):
    p = softmax(o)
    return -p * ((g * p).sum(axis=1, keepdims=True) - g * p)


def p_too_often(o, g):
    p = softmax(o)
    return p * (g - p * (g * p).sum(axis=1, keepdims=True))


def weighted_sum(o, g):
    p = softmax(o)
    return g - p * (g * p).sum(axis=1, keepdims=True)


def squared_error(o, y):
    return softmax_backward(o, softmax(o) - y) / len(o)


def predicted(o):
    return np.eye(o.shape[1])[o.argmax(axis=1)]


def without_the_maximum(o, y):
    return np.mean(np.log(np.exp(o - o.max(axis=1, keepdims=True)).sum(axis=1)) - (o * y).sum(axis=1))


@pytest.mark.parametrize(
    "operation, passes, id, words",
    [
        ("softmax", {"value": every_seventh_call}, "stateful", "earlier calls"),
        ("softmax", {"vjp": never_written}, "nondeterministic", "whatever was in memory"),
        ("softmax", {"value": memory_order}, "layout", "lie in memory"),
        ("softmax", {"value": half_precision}, "float32-inside", "float16"),
        ("softmax", {"value": last_row_again}, "wrong-index", "in the last row"),
        ("softmax", {"value": lambda o: softmax(o)[:, ::-1]}, "wrong-index", "other places"),
        ("softmax", {"value": lambda o: np.clip(softmax(o), 1e-7, 1 - 1e-7)}, "clipped-value", "0.9999999"),
        ("softmax", {"vjp": without_the_first_term}, "missing-term", "left out"),
        ("softmax", {"vjp": factor_on_one_term}, "missing-term", "missing from the term"),
        ("softmax-cce", {"gradient": ignores_class_0, **INDICES}, "rare-branch", "label 0"),
        ("softmax-cce", {"gradient": label_counts, **INDICES}, "normaliser", "right for some inputs"),
        ("softmax-cce", {"gradient": labels_from_one, **INDICES}, "wrong-index", "off by one"),
        ("sigmoid", {"vjp": lambda x, g: g * (sigmoid(x) * (1 - sigmoid(x)) + 1e-9)}, "extra-term", "1e-09·g"),
        ("tanh", {"vjp": lambda x, g: g * (abs(x) < 1)}, "wrong-function", "another function"),
        ("mse", {"gradient": lambda p, y: (p - y) / len(p) / 2}, "normaliser", "1/2 times"),
        ("softmax", {"value": lambda o: softmax(o) / len(o)}, "mean-for-sum", "stands for itself"),
        ("sigmoid", {"vjp": damped_where_negative}, "upstream-sign", "where g is negative"),
        ("relu", {"vjp": lambda x, g: g * ((x >= 0) * 1.0 + (x == 0))}, "nan-at-kink", "where x is 0"),
        ("tanh", {"value": lambda x: np.where(abs(x) < 1e-3, x, np.tanh(x))}, "rare-branch", "1/1000"),
        ("tanh", {"value": lambda x: 2 / (1 + np.exp(-2 * x)) - 1}, "unstable", "subtracted"),
        ("tanh", {"vjp": lambda x, g: g * (1 - np.tanh(x) ** 2) * 1.0000001}, "factor", "1.0000001"),
        ("mse", {"value": expanded_square}, "unstable", "subtracted"),
        ("mse", {"value": huber}, "rare-branch", "another formula"),
        ("mse", {"value": lambda p, y: np.mean((p[:, None] - y) ** 2) / 2}, "wrong-index", "every other row"),
        ("cce", {"value": clipped}, "clipped-value", "1e-15"),
        ("log-softmax", {"value": lambda o: np.log2(softmax(o))}, "factor", "base 2"),
        ("linear", {"vjp": lambda x, W, b, g: (x.T @ g, g.sum(axis=0), g @ W.T)}, "wrong-shape", "another order"),
        ("label-smoothing", {"gradient": lambda o, y, e: (softmax(o) - y) / len(o)}, "missing-term", "ignored"),
        ("temperature", {"gradient": lambda o, y, t: (softmax(o) - y) / t / len(o)}, "missing-term", "τ is left out"),
        ("class-weights", {"gradient": weights_of_columns}, "wrong-index", "columns are not labels"),
        ("ignored-rows", {"gradient": by_all_rows}, "normaliser", "B stands for"),
        ("softmax", {"vjp": lambda o, g: softmax_backward(g, o)}, "wrong-array", "exchanged"),
        ("softmax", {"vjp": lambda o, g: softmax_backward(o, np.sign(g))}, "upstream-clipped", "only the sign"),
        ("softmax", {"vjp": off_the_diagonal}, "missing-term", "the diagonal of the Jacobian is left out"),
        ("softmax", {"vjp": p_too_often}, "extra-term", "p[b,j] does not belong in the term"),
        ("softmax", {"value": lambda o: softmax(o * np.log(2))}, "factor", "powers of 2"),
        ("log-softmax", {"vjp": weighted_sum}, "extra-term", "p[b,i] does not belong in the sum"),
        ("sigmoid", {"vjp": lambda x, g: g * (1 - sigmoid(x) ** 2)}, "wrong-function", "the slope of tanh"),
        ("tanh", {"vjp": lambda x, g: g * np.tanh(x) * (1 - np.tanh(x))}, "wrong-function", "the slope of the sigmoid"),
        ("sigmoid", {"value": lambda x: np.clip(0.2 * x + 0.5, 0, 1)}, "wrong-function", "hard sigmoid"),
        ("softmax-cce", {"gradient": squared_error}, "wrong-function", "half the squared error"),
        ("softmax-cce", {"gradient": lambda o, y: (predicted(o) - y) / len(o)}, "wrong-function", "largest logit"),
        ("softmax-cce", {"gradient": lambda o, y: (softmax(o) - y) / (len(o) - 1)}, "normaliser", "B − 1"),
        ("softmax-cce", {"value": lambda o, y: -(y * softmax(o)).sum() / len(o)}, "missing-term", "the logarithm"),
        ("softmax-cce", {"value": without_the_maximum}, "missing-term", "not added back"),
        ("mse", {"value": lambda p, y: np.sqrt(np.mean((p - y) ** 2))}, "wrong-function", "the root"),
        ("mse", {"gradient": lambda p, y: np.abs(p - y) / p.size}, "sign", "absolute value"),
        ("mse", {"gradient": lambda p, y: np.sign(p - y) / p.size}, "wrong-function", "mean absolute error"),
        ("temperature", {"gradient": lambda o, y, t: (softmax(o / t) - y) / t**2 / len(o)}, "extra-term", "twice"),
        ("softmax-cce-hessian", {"hvp": lambda o, v: softmax_backward(o, softmax(o))}, "wrong-array", "stands for v"),
        (
            "softmax-cce-hessian",
            {"hessian": lambda o: np.eye(o.shape[1]) * (softmax(o) * (1 - softmax(o)))[:, None]},
            "diagonal-only",
            "diagonal",
        ),
    ],
)
def test_a_mistake_is_called_by_its_name(operation, passes, id, words):
    found = verify(operation, **passes)
    assert found.status == "refuted" and found.diagnosis[0].id == id, str(found)
    assert words in found.diagnosis[0].sentence, str(found)
    assert max(map(len, found.text().splitlines())) <= 80
