"""FullyConnectedLayer: z = x W + β and its three gradients."""

import numpy as np
import pytest

from nnlib import FullyConnectedLayer
from tests.nnlib.nnlib_oracle import DTYPES, assert_within, exact

INPUTS, OUTPUTS, BATCH = 4, 3, 5


def layer_of(dtype, seed=0):
    rng = np.random.default_rng(seed)
    layer = FullyConnectedLayer(INPUTS, OUTPUTS)
    layer.weights, layer.bias = rng.normal(size=(INPUTS, OUTPUTS)).astype(dtype), rng.normal(size=OUTPUTS).astype(dtype)
    return layer, rng.normal(size=(BATCH, INPUTS)).astype(dtype), rng.normal(size=(BATCH, OUTPUTS)).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_forward_and_backward(dtype):
    layer, x, g = layer_of(dtype)
    exact_x, w, b, exact_g = (exact(array) for array in (x, layer.weights, layer.bias, g))
    products = [(exact_x, w), (exact_g, w.T), (exact_x.T, exact_g), (np.ones((1, BATCH)), exact_g)]
    z, grad_x, grad_w, grad_b = (left @ right for left, right in products)
    # an inner product of k terms errs by at most k eps of the sum of their magnitudes, in whatever order it is summed
    budgets = [left.shape[1] * (abs(left) @ abs(right)) for left, right in products]
    assert_within(layer.forward(x), z + b, budgets[0] + abs(z + b), dtype)
    for actual, truth, budget in zip(layer.backward(x, g)[:2], (grad_x, grad_w), budgets[1:], strict=False):
        assert_within(actual, truth, budget, dtype)
    assert_within(layer.backward(x, g)[2], grad_b[0], budgets[3][0], dtype)


@pytest.mark.parametrize("change", (np.asfortranarray, lambda w: w.astype(np.float32), lambda w: w.tolist()))
def test_weights_may_be_assigned_in_other_layouts_and_types(change):
    layer, x, _ = layer_of(np.float64)
    layer.weights = np.round(layer.weights)
    before = layer.forward(x)
    layer.weights = change(layer.weights)
    assert layer.forward(x).dtype == np.float64
    np.testing.assert_allclose(layer.forward(x), before, rtol=1e-14)  # a product may sum in another order


def test_the_input_decides_the_dtype():
    layer, x, g = layer_of(np.float64)
    x, g = x.astype(np.float32), g.astype(np.float32)
    assert {array.dtype for array in (layer.forward(x), *layer.backward(x, g))} == {np.dtype(np.float32)}


def test_integer_weights_and_a_row_for_bias():
    layer = FullyConnectedLayer(2, 1)
    layer.weights, layer.bias = [[2], [3]], np.array([[1]])
    assert layer.bias.shape == (1,)
    assert layer.forward(np.array([[1, 1]])).tolist() == [[6]]


def test_weights_can_be_stepped_in_place():
    layer, x, g = layer_of(np.float64)
    before, (_, grad_w, grad_b) = layer.weights.copy(), layer.backward(x, g)
    layer.weights -= 0.5 * grad_w
    layer.bias -= 0.5 * grad_b
    assert np.array_equal(layer.weights, before - 0.5 * grad_w)


def test_initial_parameters_are_seeded_bounded_and_without_bias():
    layer = FullyConnectedLayer(20, 30, rng=3)
    assert np.array_equal(layer.weights, FullyConnectedLayer(20, 30, rng=np.random.default_rng(3)).weights)
    assert not np.array_equal(layer.weights, FullyConnectedLayer(20, 30, rng=4).weights)
    assert 0.9 * np.sqrt(6 / 50) < abs(layer.weights).max() <= np.sqrt(6 / 50)  # the largest of 600 uniform draws
    assert not layer.bias.any()


@pytest.mark.parametrize("weights", (np.ones((3, 2)), np.ones(6), np.ones((2, 3, 1)), np.ones((0, 3))))
def test_weights_of_another_shape_are_refused(weights):
    with pytest.raises(ValueError, match=r"weights must have shape \(2, 3\)"):
        FullyConnectedLayer(2, 3).weights = weights


@pytest.mark.parametrize("bias", (np.ones(2), np.ones((3, 1)), 1.0))
def test_a_bias_of_another_shape_is_refused(bias):
    with pytest.raises(ValueError, match=r"bias must have shape \(3,\)"):
        FullyConnectedLayer(2, 3).bias = bias
