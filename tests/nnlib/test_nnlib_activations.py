"""Activations against 350 digits: value, and gradient for a random signed upstream."""

import numpy as np
import pytest

from nnlib import LogSoftmax, ReLU, Sigmoid, Softmax, Tanh
from tests.nnlib.nnlib_oracle import DTYPES, REGIMES, assert_within, distance, each, exact, logits, mp, softmax

FEW = 6  # roundings on the way to an entry, with up to 2.5 eps for NumPy's exp and tanh in float32

by_dtype = pytest.mark.parametrize("dtype", DTYPES)
by_regime = pytest.mark.parametrize("regime", REGIMES)
finite_regimes = pytest.mark.parametrize("regime", [regime for regime in REGIMES if regime != "masked"])


def upstream(x):
    return np.random.default_rng(7).normal(size=x.shape).astype(x.dtype)


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


ENTRYWISE = {
    Sigmoid: (sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
    Tanh: (mp.tanh, lambda x: mp.sech(x) ** 2),
    ReLU: (lambda x: max(x, 0), lambda x: int(x > 0)),
}


@by_dtype
@finite_regimes
@pytest.mark.parametrize("activation", ENTRYWISE)
def test_entrywise_activations(dtype, regime, activation):
    x = logits(regime, dtype)
    value, slope = (each(function, exact(x)) for function in ENTRYWISE[activation])
    condition = np.minimum(abs(x), 1) if activation is Tanh else 1
    assert_within(activation().forward(x), value, abs(value) * FEW, dtype)
    # 1 − tanh² is a difference of terms of size 1, and has their error
    allowed = condition if activation is Tanh else slope
    assert_within(activation().backward(x, upstream(x)), upstream(x) * slope, abs(upstream(x)) * allowed * FEW, dtype)


@by_dtype
@by_regime
def test_softmax(dtype, regime):
    x = logits(regime, dtype)
    p, g = softmax(x), exact(upstream(x))
    assert_within(Softmax().forward(x), p, p * (distance(x) + FEW), dtype)
    truth = p * (g - (g * p).sum(axis=1, keepdims=True))
    terms = p * (abs(g) + (abs(g) * p).sum(axis=1, keepdims=True))
    assert_within(Softmax().backward(x, upstream(x)), truth, terms * (distance(x) + 2 * FEW), dtype)


@by_dtype
@by_regime
def test_log_softmax(dtype, regime):
    x = logits(regime, dtype)
    p, g = softmax(x), exact(upstream(x))
    log_p = each(lambda p: mp.log(p) if p else mp.mpf("-inf"), p)
    finite = np.isfinite(x)
    actual = LogSoftmax().forward(x)
    assert (actual[~finite] == -np.inf).all()
    # log Z has the error of Z ≥ 1, an eps or so
    assert_within(actual[finite], log_p[finite], (FEW * (1 - log_p))[finite], dtype)
    truth = g - p * g.sum(axis=1, keepdims=True)
    terms = abs(g) + p * abs(g).sum(axis=1, keepdims=True) * (distance(x) + FEW)
    assert_within(LogSoftmax().backward(x, upstream(x)), truth, terms, dtype)


def test_the_softmax_jacobian_by_rows_of_the_identity():
    x = logits("unit", np.float64, (1, 4))
    p = Softmax().forward(x)[0]
    rows = [Softmax().backward(x, unit[None])[0] for unit in np.eye(4)]
    np.testing.assert_allclose(rows, np.diag(p) - np.outer(p, p), rtol=0, atol=4 * np.finfo(float).eps)  # entries ≤ 1


def test_relu_has_slope_zero_at_its_kink():
    assert ReLU().backward(np.array([[-1.0, 0.0, -0.0, 1.0]]), np.full((1, 4), -3.0)).tolist() == [[0, 0, 0, -3]]
