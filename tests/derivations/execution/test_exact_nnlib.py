"""nnlib runs exactly, unchanged, and equals the definitions: every class, kind, reduction and kind of targets."""

import inspect

import numpy as np
import pytest

import nnlib
from derivations.execution.compare import compare, paths
from derivations.registry import operation

SHAPES = [{"B": 1, "n": 1}, {"B": 1, "n": 2}, {"B": 2, "n": 3}, {"B": 3, "n": 2}]
INNER = {"m": 2, "h": 2}
LOSS = {"value": "forward", "gradient": "backward", "value_and_gradient": "value_and_gradient"}


def activation(module):
    return {"value": module().forward, "vjp": module().backward}


def loss(module, *targets):
    made = {reduction: module(reduction=reduction) for reduction in ("mean", "sum")}
    return {
        f"{kind}{' sum' if reduction == 'sum' else ''}{of}": getattr(made[reduction], method)
        for kind, method in LOSS.items()
        for reduction in made
        for of in ("", *targets)
    }


def optional(call):
    """The calls of SoftmaxCrossEntropy with options; call(parameter, y) gives the keyword arguments and the targets."""

    def with_method(method):
        def run(o, y, parameter):
            keywords, targets = call(parameter, y)
            return getattr(nnlib.SoftmaxCrossEntropy(**keywords), method)(o, targets)

        return run

    return {kind: with_method(method) for kind, method in LOSS.items()}


def layer(W, beta):
    made = nnlib.FullyConnectedLayer(*W.shape)
    made.weights, made.bias = W, beta
    return made


def network(W, beta, V, gamma):
    made = nnlib.NeuralNetwork(len(W), len(gamma), [len(beta)], nnlib.Sigmoid)
    for part, weights, bias in zip(made.layers, (W, V), (beta, gamma), strict=True):
        part.weights, part.bias = weights, bias
    return made


def network_value(x, W, beta, V, gamma, y):
    return nnlib.MeanSquaredError().forward(network(W, beta, V, gamma).forward(x), y)


def network_gradient(x, W, beta, V, gamma, y):
    made = network(W, beta, V, gamma)
    grad_x, weights, biases = made.backward(x, nnlib.MeanSquaredError().backward(made.forward(x), y))
    return grad_x, weights[0], biases[0], weights[1], biases[1]


def linear_loss(method):
    return lambda x, W, beta, y: getattr(nnlib.LinearSoftmaxCrossEntropy(layer(W, beta)), method)(x, y)


CALLS = {
    "softmax": activation(nnlib.Softmax),
    "log-softmax": activation(nnlib.LogSoftmax),
    "sigmoid": activation(nnlib.Sigmoid),
    "tanh": activation(nnlib.Tanh),
    "relu": activation(nnlib.ReLU),
    "cce": loss(nnlib.CategoricalCrossEntropy, " indices"),
    "nll": loss(nnlib.NegativeLogLikelihood, " indices"),
    "softmax-cce": loss(nnlib.SoftmaxCrossEntropy, " indices"),
    "mse": loss(nnlib.MeanSquaredError),
    "linear": {
        "value": lambda x, W, beta: layer(W, beta).forward(x),
        "vjp": lambda x, W, beta, g: layer(W, beta).backward(x, g),
    },
    "network": {"value": network_value, "gradient": network_gradient},
    "softmax-cce-hessian": {
        "hessian": nnlib.SoftmaxCrossEntropy().hessian,
        "hvp": nnlib.SoftmaxCrossEntropy().hessian_vector_product,
    },
    "label-smoothing": optional(lambda epsilon, y: ({"label_smoothing": float(epsilon)}, y)),
    "temperature": optional(lambda tau, y: ({"temperature": tau.item()}, y)),
    "class-weights": optional(lambda omega, c: ({"class_weights": omega}, c)),
    "ignored-rows": optional(lambda kappa, c: ({"ignore_index": -100}, np.where(kappa > 0, c, -100))),
    "linear-softmax-cce": {
        f"{kind}{of}": linear_loss(method) for kind, method in LOSS.items() for of in ("", " indices")
    },
}
EVERY = [(name, key) for name, calls in CALLS.items() for key in calls]


def options(key):
    kind = key.split()[0]
    return {
        "kind": kind,
        "reduction": "sum" if " sum" in key else "mean",
        "targets": "indices" if " indices" in key else "rows",
    }


@pytest.mark.parametrize("sizes", SHAPES, ids=str)
@pytest.mark.parametrize("name, key", EVERY)
def test_equals_the_definition(name, key, sizes):
    result = compare(operation(name), call=CALLS[name][key], sizes={**sizes, **INNER}, **options(key))
    assert result.verdict == "equal", result.differences
    assert not result.events and not result.mutated and not result.aliased and not result.identifications


@pytest.mark.parametrize("name, key", [pair for pair in EVERY if " sum" not in pair[1] and "and" not in pair[1]])
def test_equals_the_definition_on_every_path_found(name, key):
    found = paths(operation(name), call=CALLS[name][key], sizes={"B": 2, "n": 2, **INNER}, seeds=(0,), **options(key))
    assert {result.verdict for result in found} == {"equal"}


@pytest.mark.parametrize(
    "name, key", [("softmax", "vjp"), ("cce", "gradient"), ("network", "gradient"), ("temperature", "value")]
)
def test_float32_stays_float32(name, key):
    sizes = {"B": 2, "n": 3, **INNER}
    result = compare(operation(name), call=CALLS[name][key], sizes=sizes, dtype="float32", **options(key))
    assert result.verdict == "equal" and not result.events


def test_softmax_is_proved_without_conditions():
    """Whatever is subtracted from the logits, it is softmax: that the largest was subtracted never matters."""
    result = compare(operation("softmax"), "vjp", nnlib.Softmax().backward, {"B": 2, "n": 3})
    assert result.verdict == "equal" and result.conditions == ()


def test_relu_is_proved_on_both_sides_of_its_kink():
    found = paths(operation("relu"), "vjp", nnlib.ReLU().backward, {"B": 1, "n": 1})
    assert {result.conditions for result in found} == {("x[1,1] > 0",), ("x[1,1] < 0",)}


def test_the_network_has_a_path_of_its_own_for_each_sign():
    found = paths(operation("network"), "gradient", network_gradient, {"B": 1, "n": 1, "m": 1, "h": 1})
    assert {result.conditions for result in found} == {
        ("x[1,1]·W[1,1] + beta[1] ≥ 0",),
        ("x[1,1]·W[1,1] + beta[1] ≤ 0",),
    }


def test_every_public_class_is_run():
    used = " ".join(inspect.getsource(inspect.getmodule(test_every_public_class_is_run)).split())
    assert all(f"nnlib.{name}" in used for name in nnlib.__all__)
