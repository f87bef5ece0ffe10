"""The network of nnlib on real handwritten digits, and the gradients at its real logits.

The 1,797 digits of 8 × 8 pixels that scikit-learn ships (E. Alpaydin and C. Kaynak, 1998) are split once, the network
(64 – 48 – 10, tanh) is trained by plain gradient descent, and at the trained logits the fused and the separate
gradient, derived and by nnlib, are compared entry by entry.
"""

from dataclasses import dataclass

import numpy as np

import nnlib
from derivations.registry import operation
from derivations.routes import routes

CLASSES = 10


class DigitsMissing(ImportError):
    """scikit-learn, which ships the digits, is not installed."""


@dataclass(frozen=True)
class Training:
    """accuracy: on held-out digits; losses: of every epoch; logits (B, 10) and classes (B,) of the held-out digits."""

    accuracy: float
    losses: tuple[float, ...]
    logits: np.ndarray
    classes: np.ndarray
    images: np.ndarray


@dataclass(frozen=True)
class Difference:
    """How far a route's gradient is from nnlib's fused one, at worst over all entries.

    terms: in eps of the terms p_j and y_j that p_j − y_j subtracts; entry: in eps of the entry itself, which is large
    where the terms nearly cancel; that entry is at `position`, with `want` by nnlib and `got` by the route.
    """

    route: str
    terms: float
    entry: float
    position: tuple[int, int]
    want: float
    got: float


def load():
    """(x (1797, 64) in [0, 1], classes (1797,), images (1797, 8, 8)). Raises DigitsMissing without scikit-learn."""
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise DigitsMissing("the digits come with scikit-learn: pip install 'gradproof[digits]'") from error
    digits = load_digits()
    return digits.data / 16, digits.target, digits.images


def train(epochs=120, rate=0.1, batch=32, seed=0):
    """Training on three quarters of the digits, tested on the rest."""
    x, classes, images = load()
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(x))
    train_on, test_on = np.split(order, [3 * len(x) // 4])
    net = nnlib.NeuralNetwork(x.shape[1], CLASSES, [48], nnlib.Tanh, rng=rng)
    losses = tuple(_epoch(net, x, classes, rng.permutation(train_on), rate, batch) for _ in range(epochs))
    logits = net.forward(x[test_on])
    accuracy = float(np.mean(logits.argmax(axis=1) == classes[test_on]))
    return Training(accuracy, losses, logits, classes[test_on], images[test_on])


def _epoch(net, x, classes, order, rate, batch):
    """One pass over the rows in that order; the mean loss."""
    loss, losses = nnlib.SoftmaxCrossEntropy(), []
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        value, grad = loss.value_and_gradient(net.forward(x[rows]), classes[rows])
        _, grad_W, grad_b = net.backward(x[rows], grad)
        for layer, by_weights, by_bias in zip(net.layers, grad_W, grad_b, strict=True):
            layer.weights = layer.weights - rate * by_weights
            layer.bias = layer.bias - rate * by_bias
        losses.append(value)
    return float(np.mean(losses))


def gradients(training):
    """{name: gradient (B, 10)} of the mean loss at the trained logits, by every route."""
    o, y = training.logits, np.eye(CLASSES)[training.classes]
    p = nnlib.Softmax().forward(o)
    derived = {f"derived, {title}": function(o, y) for title, function in routes(shared=False).items()}
    separate = nnlib.Softmax().backward(o, nnlib.CategoricalCrossEntropy().backward(p, y))
    fused = nnlib.SoftmaxCrossEntropy()
    return {
        "nnlib, fused, classes": fused.backward(o, training.classes),
        "derived, fused, classes": operation("softmax-cce").function("gradient", targets="indices")(
            o, training.classes
        ),
        "nnlib, separate": separate,
        **derived,
    }


def differences(training):
    """[Difference, …] of every route from nnlib's fused gradient for class indices."""
    found = gradients(training)
    first, *others = found
    y = np.eye(CLASSES)[training.classes]
    terms = np.maximum(nnlib.Softmax().forward(training.logits), y) / len(y)
    return [_difference(name, found[first], found[name], terms) for name in others]


def _difference(name, want, got, terms):
    off = np.abs(want - got) / np.finfo(want.dtype).eps
    share = off / np.abs(want)
    at = tuple(int(x) for x in np.unravel_index(share.argmax(), share.shape))
    return Difference(name, float((off / terms).max()), float(share[at]), at, float(want[at]), float(got[at]))
