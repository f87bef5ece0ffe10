"""SoftmaxCrossEntropy: L_b = −Σ_i y_i log p_i of p = softmax(o), gradient p − y, against 350 digits."""

from fractions import Fraction

import numpy as np
import pytest

from nnlib import SoftmaxCrossEntropy
from tests.nnlib.nnlib_oracle import (
    DTYPES,
    REGIMES,
    assert_within,
    cross_entropy_rows,
    distance,
    each,
    exact,
    logits,
    mp,
    rows_of,
    soft_targets,
    softmax,
)

LOSS = SoftmaxCrossEntropy()
SUM = SoftmaxCrossEntropy("sum")

# An entry passes through a subtraction, exp, a sum, a division and the scaling by 1/B, of about an eps each; what
# exp's condition |o_k − max| adds is counted apart.
FEW = 4


def free_classes(o):
    rng = np.random.default_rng(2)
    return np.array([rng.choice(np.flatnonzero(np.isfinite(row))) for row in o])


CLASSES = {
    "any": free_classes,
    "likeliest": lambda o: o.argmax(axis=1),
    "unlikeliest": lambda o: np.where(np.isinf(o), np.inf, o).argmin(axis=1),
}
by_class = pytest.mark.parametrize("choice", CLASSES.values(), ids=CLASSES.keys())
by_dtype = pytest.mark.parametrize("dtype", DTYPES)
by_regime = pytest.mark.parametrize("regime", REGIMES)


def one_hot(classes, o):
    return np.eye(o.shape[1], dtype=o.dtype)[classes]


def class_gradient_budget(o, classes):
    """(|o_k − max| + few) p_k; at the target the gradient is the sum of the other p_k, and so is its budget."""
    budget = softmax(o) * (distance(o) + FEW)
    at = np.arange(len(o)), classes
    budget[at] = 0
    budget[at] = budget.sum(axis=1)
    return budget / len(o)


@by_dtype
@by_regime
@by_class
@pytest.mark.parametrize("notation", (lambda classes, o: classes, one_hot), ids=("classes", "one_hot"))
def test_gradient_for_classes_keeps_every_digit(dtype, regime, choice, notation):
    o = logits(regime, dtype)
    classes = choice(o)
    truth = (softmax(o) - rows_of(classes, o.shape[1])) / len(o)
    assert_within(LOSS.backward(o, notation(classes, o)), truth, class_gradient_budget(o, classes), dtype)


@by_dtype
@pytest.mark.parametrize("n", (2, 15, 16, 17, 39, 63, 87, 95, 127, 387, 999, 1023, 2047, 4623))
def test_the_roundings_of_equal_entries_do_not_pile_up(dtype, n):
    """Sums of equal terms are rounded to the same side again and again; p = 1/n whatever the logit is."""
    o = np.repeat(np.random.default_rng(0).uniform(-3, 5, (300, 1)), n, axis=1).astype(dtype)
    gradient = LOSS.backward(o, np.zeros(len(o), dtype=int))
    for k, truth in ((0, Fraction(1 - n, n * len(o))), (1, Fraction(1, n * len(o)))):
        error = max(abs(Fraction(float(entry)) / truth - 1) for entry in set(gradient[:, k]))
        assert error <= FEW * Fraction(float(np.finfo(dtype).eps))


@by_dtype
@by_regime
@by_class
@pytest.mark.parametrize("notation", (lambda classes, o: classes, one_hot), ids=("classes", "one_hot"))
def test_loss_of_each_row_keeps_every_digit(dtype, regime, choice, notation):
    o = logits(regime, dtype)
    classes = choice(o)
    truths = cross_entropy_rows(softmax(o), rows_of(classes, o.shape[1]))
    nearest = np.sort(distance(o), axis=1)[:, 1]  # the largest of the other exponentials makes up most of the loss
    for row, y, truth, d in zip(o, notation(classes, o), truths, nearest, strict=True):
        assert_within(LOSS.forward(row[None], y[None]), truth, truth * (d + FEW), dtype)


def test_the_loss_of_a_batch_is_the_mean_or_the_sum_of_its_rows():
    o, y = logits("unit", np.float64), np.array([0, 3, 6, 2, 2])
    rows = [SUM.forward(o[b : b + 1], y[b : b + 1]) for b in range(len(o))]
    assert SUM.forward(o, y) == pytest.approx(sum(rows), rel=1e-15, abs=0)  # five terms, added in another order
    assert LOSS.forward(o, y) == pytest.approx(sum(rows) / 5, rel=1e-15, abs=0)


def soft_loss_budget(o, y):
    """Σ y_i (log Z + |o_i − max| + 1), few eps of it: no term is negative, and log Z has the error of Z ≥ 1."""
    log_total = -each(mp.log, softmax(o).max(axis=1, keepdims=True))
    return FEW * (exact(y) * (log_total + distance(o) + 1)).sum()


@by_dtype
@by_regime
def test_soft_targets(dtype, regime):
    o = logits(regime, dtype)
    y = soft_targets(o.shape, dtype)
    y[np.isinf(o)] = 0
    y /= y.sum(axis=1, keepdims=True)
    p = softmax(o)
    value, gradient = LOSS.value_and_gradient(o, y)
    assert_within(gradient, (p - exact(y)) / len(o), (p * (distance(o) + FEW) + y) / len(o), dtype)
    assert_within(value, cross_entropy_rows(p, exact(y)).sum() / len(o), soft_loss_budget(o, y) / len(o), dtype)


@by_dtype
def test_one_hot_rows_among_soft_rows_keep_every_digit(dtype):
    o = logits("confident", dtype)
    classes = o.argmax(axis=1)
    y = soft_targets(o.shape, dtype)
    y[::2] = one_hot(classes, o)[::2]
    gradient = LOSS.backward(o, y)
    truth = (softmax(o) - exact(y)) / len(o)
    assert_within(gradient[::2], truth[::2], class_gradient_budget(o, classes)[::2], dtype)
    assert_within(gradient[1::2], truth[1::2], FEW * np.ones((2, 1)), dtype)
    assert_within(SUM.forward(o, y), cross_entropy_rows(softmax(o), exact(y)).sum(), soft_loss_budget(o, y), dtype)


@by_dtype
def test_parts_equal_the_whole(dtype):
    o = logits("moderate", dtype)
    for y in (free_classes(o), soft_targets(o.shape, dtype)):
        value, gradient = LOSS.value_and_gradient(o, y)
        assert value == LOSS.forward(o, y)
        assert np.array_equal(gradient, LOSS.backward(o, y))


@by_dtype
@by_regime
def test_over_the_logits_the_results_are_the_same(dtype, regime):
    o = logits(regime, dtype)
    y = np.where(np.isinf(o), 0, soft_targets(o.shape, dtype))
    for targets in (o.argmin(axis=1), free_classes(o), y / y.sum(axis=1, keepdims=True)):
        value, gradient = LOSS.value_and_gradient(o, targets)
        over = o.copy()
        assert LOSS.value_and_gradient(over, targets, out=over)[0] == value
        assert np.array_equal(over, gradient)


MIXED_ROWS = {  # by what they are to the pass that does not shift them
    "right": ((-45, 0.2), 1),
    "right, and masked": ((-np.inf, 0.3), 1),
    "right, and large": ((40, 39.5), 0),
    "exp overflows": ((1000, 0), 0),
    "the sum is too large": ((45, 44), 1),
    "the sum is too small": ((-100, -100.3), 1),
    "the sum vanishes": ((-1000, -1001), 0),
    "the target is too small": ((0, -95), 1),
    "the target vanishes": ((0, -1000), 1),
}


@by_dtype
def test_a_row_is_shifted_where_it_must_be_and_whatever_is_beside_it(dtype):
    o = np.array([row for row, _ in MIXED_ROWS.values()], dtype)
    classes = np.array([c for _, c in MIXED_ROWS.values()])
    truth = softmax(o) - rows_of(classes, 2)
    together, over = SUM.backward(o, classes), o.copy()
    assert_within(together, truth, class_gradient_budget(o, classes) * len(o), dtype)
    value = SUM.value_and_gradient(over, classes, out=over)[0]
    assert np.array_equal(over, together)
    alone = [SUM.value_and_gradient(o[b : b + 1], classes[b : b + 1]) for b in range(len(o))]
    assert np.array_equal(np.concatenate([gradient for _, gradient in alone]), together)
    losses = cross_entropy_rows(softmax(o), rows_of(classes, 2))
    assert value == np.sum([loss for loss, _ in alone], dtype=dtype)
    for (loss, _), true in zip(alone, losses, strict=True):
        assert_within(loss, true, FEW * true, dtype)


@by_dtype
def test_wide_rows_keep_every_digit(dtype):
    o = logits("moderate", dtype, shape=(2, 2 * 256 + 11))
    for classes in (o.argmax(axis=1), o.argmin(axis=1)):
        value, gradient = SUM.value_and_gradient(o, classes)
        truth = softmax(o) - rows_of(classes, o.shape[1])
        assert_within(gradient, truth, class_gradient_budget(o, classes) * len(o), dtype)
        losses = cross_entropy_rows(softmax(o), rows_of(classes, o.shape[1]))
        assert_within(value, losses.sum(), (losses * (distance(o).min(axis=1) + FEW)).sum(), dtype)


def test_a_masked_class_has_no_gradient_and_a_masked_target_an_infinite_loss():
    o = np.array([[0.0, -np.inf, 1.0]])
    assert LOSS.backward(o, np.array([0]))[0, 1] == 0
    assert LOSS.backward(o, np.array([[0.5, 0, 0.5]]))[0, 1] == 0
    for y in (np.array([1]), np.array([[0, 1.0, 0]]), np.array([[0.5, 0.5, 0]])):
        assert LOSS.forward(o, y) == np.inf
        assert np.isfinite(LOSS.backward(o, y)).all()


def test_a_single_class_costs_nothing():
    value, gradient = LOSS.value_and_gradient(np.array([[3.0], [-7.0]]), np.array([0, 0]))
    assert value == 0 and not gradient.any()


def test_the_gradient_of_a_row_sums_to_zero():
    gradient = LOSS.backward(logits("moderate", np.float64), np.array([0, 1, 2, 3, 4]))
    assert abs(gradient.sum(axis=1)).max() <= 7 * np.finfo(float).eps  # seven terms of at most 1/B, with their errors


@by_dtype
@by_regime
def test_hessian_keeps_every_digit(dtype, regime):
    o = logits(regime, dtype)
    p = softmax(o)
    truth = np.array([np.diag(row) - np.outer(row, row) for row in p])
    condition = distance(o) + 2 * FEW  # two probabilities in each product
    condition = condition[:, :, None] + condition[:, None, :]
    budget = p[:, :, None] * p[:, None, :] * condition
    diagonal = np.arange(o.shape[1])
    budget[:, diagonal, diagonal] = 0
    budget[:, diagonal, diagonal] = budget.sum(axis=2)
    assert_within(LOSS.hessian(o), truth, budget, dtype)


@by_dtype
def test_hessian_vector_product(dtype):
    o = logits("moderate", dtype)
    v = np.random.default_rng(3).normal(size=o.shape).astype(dtype)
    p = softmax(o)
    truth = np.array([(np.diag(row) - np.outer(row, row)) @ exact(u) for row, u in zip(p, v, strict=True)])
    budget = p * (abs(v) + (p * abs(v)).sum(axis=1, keepdims=True)) * (distance(o) + 2 * FEW)
    assert_within(LOSS.hessian_vector_product(o, v), truth, budget, dtype)


@pytest.mark.parametrize("others", ([], [[0.5, 0.5]], [[1.0, 0.0]]), ids=("alone", "among_soft", "among_one_hot"))
def test_a_row_that_is_only_nearly_one_hot_is_not_taken_for_a_class(others):
    y = np.array([[1.0, 1e-20], *others])
    gradient = SUM.backward(np.array([[0.0, -100.0]] * len(y)), y)
    assert gradient[0, 1] == pytest.approx(-1e-20, rel=1e-15, abs=0)


@by_dtype
def test_the_largest_floats_give_probabilities(dtype):
    largest = np.finfo(dtype).max
    o = np.array([[largest, -largest, 0, largest]], dtype=dtype)
    for y, expected in ((np.array([0]), [-0.5, 0, 0, 0.5]), (np.array([[0, 0.5, 0, 0.5]]), [0.5, -0.5, 0, 0])):
        with np.errstate(over="ignore"):  # o − max is −∞ here, and NumPy may say so
            assert LOSS.backward(o, y).tolist() == [expected]
