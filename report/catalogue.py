"""Which nnlib class computes which derived operation: one row an operation.

From its row alone an operation is derived, proved, matched with nnlib, counted and printed. A row's `calls` have the
keys and the arguments of the operation's derived NumPy functions, so that the two can be called side by side.
"""

from collections.abc import Callable
from dataclasses import dataclass

import nnlib
from derivations.operation import Operation
from derivations.registry import operation


@dataclass(frozen=True)
class Row:
    """name: of the operation; classes: of nnlib that it is about; calls: {kind of function: nnlib's computation}."""

    name: str
    classes: tuple[type, ...]
    calls: dict[str, Callable]

    @property
    def operation(self) -> Operation:
        return operation(self.name)


def activation(name, module):
    """A row for a module with forward(x) and backward(x, grad)."""
    return Row(name, (module,), {"value": module().forward, "vjp": module().backward})


def loss(name, module, indices=True):
    """A row for a loss with the reductions mean and sum, and targets as rows and perhaps as class indices."""
    calls = {}
    for reduction in ("mean", "sum"):
        for targets in ("", " indices") if indices else ("",):
            suffix = (" sum" if reduction == "sum" else "") + targets
            calls |= _loss_calls(module(reduction=reduction), suffix)
    return Row(name, (module,), calls)


def _loss_calls(module, suffix=""):
    return {
        f"value{suffix}": module.forward,
        f"gradient{suffix}": module.backward,
        f"value_and_gradient{suffix}": module.value_and_gradient,
    }


def with_options(name, module, options):
    """A row for a loss whose last input is a parameter; options: that input -> (keyword arguments, targets)."""

    def call(method):
        def run(pred, y, parameter):
            keywords, targets = options(parameter, y)
            return getattr(module(**keywords), method)(pred, targets)

        return run

    methods = {"value": "forward", "gradient": "backward", "value_and_gradient": "value_and_gradient"}
    return Row(name, (module,), {kind: call(method) for kind, method in methods.items()})


def layer(weights, bias):
    """A FullyConnectedLayer with those parameters."""
    made = nnlib.FullyConnectedLayer(*weights.shape)
    made.weights, made.bias = weights, bias
    return made


def network(W, beta, V, gamma):
    """A NeuralNetwork with one hidden layer, sigmoid, and those parameters."""
    made = nnlib.NeuralNetwork(len(W), len(gamma), [len(beta)], nnlib.Sigmoid)
    for part, weights, bias in zip(made.layers, (W, V), (beta, gamma), strict=True):
        part.weights, part.bias = weights, bias
    return made


def _network_value(x, W, beta, V, gamma, y):
    return nnlib.MeanSquaredError().forward(network(W, beta, V, gamma).forward(x), y)


def _network_gradient(x, W, beta, V, gamma, y):
    made = network(W, beta, V, gamma)
    behind = nnlib.MeanSquaredError().backward(made.forward(x), y)
    grad_x, (grad_W, grad_V), (grad_beta, grad_gamma) = made.backward(x, behind)
    return grad_x, grad_W, grad_beta, grad_V, grad_gamma


def _linear_loss(method):
    def run(x, W, beta, y):
        found = getattr(nnlib.LinearSoftmaxCrossEntropy(layer(W, beta)), method)(x, y)
        return (found[0], *found[1]) if method == "value_and_gradient" else found

    return run


def _linear_loss_calls(suffix):
    return {
        f"value{suffix}": _linear_loss("forward"),
        f"gradient{suffix}": _linear_loss("backward"),
        f"value_and_gradient{suffix}": _linear_loss("value_and_gradient"),
    }


FUSED = nnlib.SoftmaxCrossEntropy
IGNORED = -100

ROWS = (
    activation("softmax", nnlib.Softmax),
    loss("cce", nnlib.CategoricalCrossEntropy),
    loss("softmax-cce", FUSED),
    Row(
        "linear",
        (nnlib.FullyConnectedLayer,),
        {
            "value": lambda x, W, beta: layer(W, beta).forward(x),
            "vjp": lambda x, W, beta, g: layer(W, beta).backward(x, g),
        },
    ),
    activation("sigmoid", nnlib.Sigmoid),
    activation("tanh", nnlib.Tanh),
    activation("relu", nnlib.ReLU),
    loss("mse", nnlib.MeanSquaredError, indices=False),
    Row(
        "network",
        (nnlib.NeuralNetwork, nnlib.MeanSquaredError),
        {
            "value": _network_value,
            "gradient": _network_gradient,
            "value_and_gradient": lambda *args: (_network_value(*args), *_network_gradient(*args)),
        },
    ),
    activation("log-softmax", nnlib.LogSoftmax),
    loss("nll", nnlib.NegativeLogLikelihood),
    Row(
        "softmax-cce-hessian",
        (FUSED,),
        {"hessian": FUSED().hessian, "hvp": FUSED().hessian_vector_product},
    ),
    with_options("label-smoothing", FUSED, lambda epsilon, y: ({"label_smoothing": float(epsilon)}, y)),
    with_options("temperature", FUSED, lambda tau, y: ({"temperature": float(tau)}, y)),
    with_options("class-weights", FUSED, lambda omega, c: ({"class_weights": omega}, c)),
    with_options(
        "ignored-rows", FUSED, lambda kappa, c: ({"ignore_index": IGNORED}, c * (kappa > 0) + IGNORED * (kappa == 0))
    ),
    Row(
        "linear-softmax-cce",
        (nnlib.LinearSoftmaxCrossEntropy,),
        {**_linear_loss_calls(""), **_linear_loss_calls(" indices")},
    ),
)


def row(name):
    """The row of that operation; LookupError lists the names there are."""
    for candidate in ROWS:
        if candidate.name == name:
            return candidate
    operation(name)  # which says what there is
    raise LookupError(f"{name}: nnlib has no such operation")
