"""NeuralNetwork: the assignment's program, the chain of layers, and its gradients by differences in 350 digits."""

import numpy as np
import pytest

from nnlib import MeanSquaredError, NeuralNetwork, ReLU, Sigmoid, Softmax, Tanh
from tests.nnlib.nnlib_oracle import assert_within, each, exact, mp


def test_the_program_of_the_assignment():
    net = NeuralNetwork(2, 1, [2], Sigmoid)
    net.layers[0].weights = np.array([[0.5, 0.75], [0.25, 0.25]])
    net.layers[1].weights = np.array([[0.5], [0.5]])
    loss_function = MeanSquaredError()
    x = np.array([[1, 1]])
    y = np.array([[0]])
    pred = net.forward(x)
    loss = loss_function.forward(pred, y)
    grad = loss_function.backward(pred, y)
    grad, W_grads, b_grads = net.backward(x, grad)

    h = [1 / (1 + np.exp(-0.75)), 1 / (1 + np.exp(-1.0))]  # by hand: z = (0.75, 1), out = (h1 + h2) / 2
    out = sum(h) / 2
    delta = [out * 0.5 * unit * (1 - unit) for unit in h]
    assert pred.item() == pytest.approx(out, rel=1e-15, abs=0) and loss == pytest.approx(out**2 / 2, rel=1e-15, abs=0)
    tight = {"rtol": 1e-14}  # a dozen roundings
    np.testing.assert_allclose(W_grads[1], np.array([h]).T * out, **tight)
    np.testing.assert_allclose(b_grads[1], [out], **tight)
    np.testing.assert_allclose(W_grads[0], [delta, delta], **tight)
    np.testing.assert_allclose(b_grads[0], delta, **tight)
    np.testing.assert_allclose(grad, [[0.5 * delta[0] + 0.75 * delta[1], 0.25 * sum(delta)]], **tight)


EXACT_ACTIVATION = {
    Sigmoid: lambda z: 1 / (1 + mp.exp(-z)),
    Tanh: mp.tanh,
    ReLU: lambda z: max(z, mp.mpf(0)),
}


def objective(parameters, activation, g):
    """Σ g · network(x), by the definition; parameters x, W_1, β_1, W_2, β_2 … in mpmath numbers."""
    a, *rest = parameters
    for depth in range(0, len(rest), 2):
        z = a @ rest[depth] + rest[depth + 1]
        a = z if depth + 2 == len(rest) else each(EXACT_ACTIVATION[activation], z)
    return (a * g).sum()


def slope(parameters, which, index, activation, g):
    """Central difference with a step of 1e-60, which errs by 1e-120."""
    step, values = mp.mpf(10) ** -60, []
    for sign in (1, -1):
        moved = [array.copy() for array in parameters]
        moved[which][index] += sign * step
        values.append(objective(moved, activation, g))
    return (values[0] - values[1]) / (2 * step)


@pytest.mark.parametrize("activation", EXACT_ACTIVATION)
@pytest.mark.parametrize("hidden", ([], [3], [3, 2]))
def test_gradients_of_every_parameter(activation, hidden):
    rng = np.random.default_rng(2)
    net = NeuralNetwork(2, 3, hidden, activation, rng=1)
    for layer in net.layers:
        layer.bias = rng.normal(size=layer.outputs)
    x, g = rng.normal(size=(2, 2)), rng.normal(size=(2, 3))
    grad, weight_grads, bias_grads = net.backward(x, g)
    actual = [grad] + [array for pair in zip(weight_grads, bias_grads, strict=True) for array in pair]
    given = [x] + [array for layer in net.layers for array in (layer.weights, layer.bias)]
    parameters = [exact(array) for array in given]
    for which, array in enumerate(actual):
        truth = np.empty(array.shape, object)
        for index in np.ndindex(array.shape):
            truth[index] = slope(parameters, which, index, activation, exact(g))
        assert_within(array, truth, 50, np.float64)  # three layers of inner products of terms of size 1


def test_the_activation_may_be_a_class_or_an_object_and_the_last_layer_is_linear():
    x = np.array([[0.3, -0.2]])
    for activation in (Softmax, Softmax()):
        net = NeuralNetwork(2, 3, [4], activation, rng=5)
        hidden = Softmax().forward(net.layers[0].forward(x))
        assert np.array_equal(net.forward(x), net.layers[1].forward(hidden))


def test_layers_are_drawn_from_one_generator():
    net = NeuralNetwork(3, 3, [3], Tanh, rng=0)
    assert [(layer.inputs, layer.outputs) for layer in net.layers] == [(3, 3), (3, 3)]
    assert not np.array_equal(net.layers[0].weights, net.layers[1].weights)


def test_training_lowers_the_loss():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20, 2))
    y, net, loss = x[:, :1] * x[:, 1:], NeuralNetwork(2, 1, [8], Tanh), MeanSquaredError()
    start = loss.forward(net.forward(x), y)
    for _ in range(200):
        _, weight_grads, bias_grads = net.backward(x, loss.backward(net.forward(x), y))
        for layer, weight_grad, bias_grad in zip(net.layers, weight_grads, bias_grads, strict=True):
            layer.weights -= 0.3 * weight_grad
            layer.bias -= 0.3 * bias_grad
    assert loss.forward(net.forward(x), y) < start / 4
