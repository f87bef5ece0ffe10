"""SoftmaxCrossEntropy's options: q_i = w_i ((1 − ε) y_i + ε/n), p = softmax(o / T), and what the mean divides by."""

from itertools import product

import numpy as np
import pytest

from nnlib import SoftmaxCrossEntropy
from tests.nnlib.nnlib_oracle import (
    DTYPES,
    assert_within,
    cross_entropy_rows,
    distance,
    exact,
    logits,
    mp,
    soft_targets,
    softmax,
)

WEIGHTS = np.array([0.5, 2, 1, 0, 3, 1.5, 0.25])
CLASSES = np.array([0, 4, 4, 1, 6])
IGNORED = np.array([0, -100, 4, 1, -100])
OPTIONS = list(product((0, 0.1), (None, WEIGHTS), (1, 2.5), ("mean", "sum")))
TARGETS = {
    "classes": lambda dtype: CLASSES,
    "ignored": lambda dtype: IGNORED,
    "one_hot": lambda dtype: np.eye(7, dtype=dtype)[CLASSES],
    "mixed": lambda dtype: np.vstack([np.eye(7, dtype=dtype)[CLASSES[:2]], soft_targets((3, 7), dtype)]),
    "soft": lambda dtype: soft_targets((5, 7), dtype),
}
# Beside those of the plain pass: y is smoothed, weighted and summed, p multiplied by the sum, and T divides twice.
FEW = 10


def definition(y, smoothing, weights, reduction):
    """(q, divisor) as torch.nn.CrossEntropyLoss has it: the mean over classes is weighted, over rows it is not."""
    kept = y >= 0 if y.ndim == 1 else np.ones(5, bool)
    rows = np.eye(7)[np.where(kept, y, 0)] if y.ndim == 1 else y
    smoothing, weights = mp.mpf(smoothing), exact(np.ones(7) if weights is None else weights)
    q = weights * ((1 - smoothing) * exact(rows) + smoothing / 7) * kept[:, None]
    divisor = weights[y[kept]].sum() if y.ndim == 1 else 5
    return q, divisor if reduction == "mean" else 1


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("smoothing", "weights", "temperature", "reduction"), OPTIONS)
def test_every_combination(dtype, target, smoothing, weights, temperature, reduction):
    o, y = logits("moderate", dtype), TARGETS[target](dtype)
    loss = SoftmaxCrossEntropy(reduction, smoothing, weights, temperature, ignore_index=-100 if y.ndim == 1 else None)
    value, gradient = loss.value_and_gradient(o, y)
    q, divisor = definition(y, smoothing, weights, reduction)
    p, mass, condition = softmax(o, temperature), q.sum(axis=1, keepdims=True), distance(o) / temperature + FEW
    assert_within(value, cross_entropy_rows(p, q).sum() / divisor, FEW * (q * condition).sum() / divisor, dtype)
    scale = temperature * divisor
    assert_within(gradient, (p * mass - q) / scale, (p * mass * condition + q * FEW) / scale, dtype)
    assert value == loss.forward(o, y) and np.array_equal(gradient, loss.backward(o, y))


def test_a_weighted_confident_class_keeps_every_digit():
    o = np.array([[40.0, 0.0, 1.0]])
    q = np.array([[2.0, 0.0, 0.0]])
    loss = SoftmaxCrossEntropy("sum", class_weights=[2, 1, 1])
    p = softmax(o)
    for y in (np.array([0]), np.array([[1.0, 0.0, 0.0]])):
        value, gradient = loss.value_and_gradient(o, y)
        assert_within(value, 2 * cross_entropy_rows(p, exact(q / 2))[0], 2 * (1 - p[0, 0]) * 50, np.float64)
        assert_within(gradient[0, 0], 2 * (p[0, 0] - 1), 2 * (1 - p[0, 0]) * 50, np.float64)


def test_ignored_rows_have_no_gradient_even_where_their_logits_are_masked():
    o = logits("masked", np.float64)
    gradient = SoftmaxCrossEntropy(ignore_index=-1).backward(o, np.array([0, -1, 0, -1, 0]))
    assert not gradient[1::2].any() and gradient[::2].any(axis=1).all()


def test_a_row_of_weight_zero_costs_nothing_even_at_a_masked_target():
    o = np.array([[0.0, -np.inf], [0.0, 1.0]])
    value, gradient = SoftmaxCrossEntropy("sum", class_weights=[1.0, 0.0]).value_and_gradient(o, np.array([1, 0]))
    assert value == SoftmaxCrossEntropy("sum").forward(o[1:], np.array([0]))
    assert not gradient[0].any()


def test_when_every_row_is_ignored_the_mean_is_an_error_and_the_sum_is_zero():
    o, y = logits("unit", np.float64), np.full(5, -100)
    with pytest.raises(ValueError, match="all are ignored"):
        SoftmaxCrossEntropy(ignore_index=-100).forward(o, y)
    value, gradient = SoftmaxCrossEntropy("sum", ignore_index=-100).value_and_gradient(o, y)
    assert value == 0 and not gradient.any()


@pytest.mark.parametrize("temperature", (0.5, 3))
def test_temperature_divides_the_hessian_twice(temperature):
    o, v = logits("unit", np.float64), logits("unit", np.float64, seed=4)
    warm, plain = SoftmaxCrossEntropy(temperature=temperature), SoftmaxCrossEntropy()
    factor = 1 / temperature**2
    assert warm.hessian(o) == pytest.approx(
        plain.hessian(o / temperature) * factor, rel=1e-14, abs=0
    )  # division before shift
    expected = plain.hessian_vector_product(o / temperature, v) * factor
    assert warm.hessian_vector_product(o, v) == pytest.approx(expected, rel=1e-12, abs=0)  # cancels by up to two digits


@pytest.mark.parametrize("weight", (1e-36, 1e20, 1e30))
@pytest.mark.parametrize("level", (19, -45, 100))
@pytest.mark.parametrize("one_hot", (False, True))
def test_weights_of_any_size_scale_the_gradient_whatever_the_level_of_the_logits(weight, level, one_hot):
    loss = SoftmaxCrossEntropy("sum", class_weights=np.array([weight, 1]))
    y = np.array([[1.0, 0.0]]) if one_hot else np.array([0])
    value, gradient = loss.value_and_gradient(np.full((1, 2), level, dtype=np.float32), y)
    few = 4 * float(np.finfo(np.float32).eps)  # of the weight in float32, a product and a quotient
    assert gradient[0] == pytest.approx([-weight / 2, weight / 2], rel=few, abs=0)
    assert value == pytest.approx(weight * np.log(2), rel=few, abs=0)
