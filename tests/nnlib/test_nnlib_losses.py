"""Mean squared error, cross entropy on probabilities and on their logarithms, against 350 digits."""

import numpy as np
import pytest

from nnlib import CategoricalCrossEntropy, LogSoftmax, MeanSquaredError, NegativeLogLikelihood, SoftmaxCrossEntropy
from tests.nnlib.nnlib_oracle import DTYPES, assert_within, cross_entropy_rows, exact, rows_of, soft_targets

FEW = 5  # roundings on the way to an entry; every sum here is of terms of one sign
CLASSES = np.array([0, 3, 2, 2, 1])
SHAPE = (5, 4)
TARGETS = {
    "classes": lambda dtype: CLASSES,
    "one_hot": lambda dtype: np.eye(4, dtype=dtype)[CLASSES],
    "soft": lambda dtype: soft_targets(SHAPE, dtype, seed=3),
}
by_dtype = pytest.mark.parametrize("dtype", DTYPES)
by_target = pytest.mark.parametrize("target", TARGETS)
by_reduction = pytest.mark.parametrize("reduction", ("mean", "sum"))


@by_dtype
@by_reduction
def test_mean_squared_error(dtype, reduction):
    p, y = np.random.default_rng(0).normal(size=(2, *SHAPE)).astype(dtype)
    difference = exact(p) - exact(y)
    count = 20 if reduction == "mean" else 1
    value, gradient = MeanSquaredError(reduction).value_and_gradient(p, y)
    truth = (difference**2).sum() / 2 / count
    assert_within(value, truth, truth * FEW, dtype)
    assert_within(gradient, difference / count, abs(difference) / count * FEW, dtype)


@by_dtype
@by_target
@by_reduction
def test_categorical_cross_entropy(dtype, target, reduction):
    p, y = soft_targets(SHAPE, dtype), TARGETS[target](dtype)
    q, count = rows_of(y, 4), 5 if reduction == "mean" else 1
    value, gradient = CategoricalCrossEntropy(reduction).value_and_gradient(p, y)
    truth = cross_entropy_rows(exact(p), q).sum() / count
    assert_within(value, truth, truth * FEW, dtype)
    assert_within(gradient, -q / exact(p) / count, q / exact(p) / count * FEW, dtype)


@by_dtype
@by_target
@by_reduction
def test_negative_log_likelihood(dtype, target, reduction):
    log_p, y = np.log(soft_targets(SHAPE, dtype)), TARGETS[target](dtype)
    q, count = rows_of(y, 4), 5 if reduction == "mean" else 1
    value, gradient = NegativeLogLikelihood(reduction).value_and_gradient(log_p, y)
    truth = -(q * exact(log_p)).sum() / count
    assert_within(value, truth, truth * FEW, dtype)
    assert_within(gradient, -q / count, q / count * FEW, dtype)


@by_target
def test_log_softmax_then_likelihood_is_the_fused_loss(target):
    o, y = np.random.default_rng(5).normal(size=SHAPE), TARGETS[target](float)
    apart, fused = NegativeLogLikelihood(), SoftmaxCrossEntropy()
    log_p = LogSoftmax().forward(o)
    value, gradient = fused.value_and_gradient(o, y)
    assert apart.forward(log_p, y) == pytest.approx(
        value, rel=1e-14, abs=0
    )  # log Z is of size 1 and has an error of eps
    np.testing.assert_allclose(LogSoftmax().backward(o, apart.backward(log_p, y)), gradient, rtol=0, atol=1e-15)


ZERO = np.array([[0.0, 1.0]])


@pytest.mark.parametrize("y", (np.array([1]), ZERO), ids=("class", "row"))
def test_an_impossible_outcome_that_never_happens_costs_nothing(y):
    for loss, pred in ((CategoricalCrossEntropy(), ZERO), (NegativeLogLikelihood(), np.array([[-np.inf, 0.0]]))):
        value, gradient = loss.value_and_gradient(pred, y)
        assert value == 0 and gradient.tolist() == [[0, -1]]


@pytest.mark.parametrize("y", (np.array([0]), 1 - ZERO, np.array([[0.5, 0.5]])), ids=("class", "one_hot", "soft"))
def test_an_impossible_outcome_that_happens_costs_infinitely_much(y):
    assert CategoricalCrossEntropy().forward(ZERO, y) == np.inf
    assert CategoricalCrossEntropy().backward(ZERO, y)[0, 0] == -np.inf
    assert NegativeLogLikelihood().forward(np.array([[-np.inf, 0.0]]), y) == np.inf


def test_the_half_of_the_squared_error():
    assert MeanSquaredError().forward(np.array([[3.0]]), np.array([[1.0]])) == 2
