"""Sigmoid and tanh, right in many styles."""

import math

import numpy as np
import scipy.special

from .forward import sigmoid
from .registry import right


@right("sigmoid", kind="value", style="textbook")
def sigmoid_textbook(x):
    """1 / (1 + exp(−x)): the overflow far below zero ends in the right answer 0."""
    return 1 / (1 + np.exp(-x))


@right("sigmoid", kind="value", style="mask")
def sigmoid_two_branches(x):
    """Never exponentiates a positive number."""
    out = np.empty(x.shape)
    positive = x >= 0
    out[positive] = 1 / (1 + np.exp(-x[positive]))
    e = np.exp(x[~positive])
    out[~positive] = e / (1 + e)
    return out


@right("sigmoid", kind="value", style="where")
def sigmoid_by_absolute_value(x):
    """exp(−|x|) serves both branches of a where."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


@right("sigmoid", kind="value", style="tanh")
def sigmoid_by_tanh(x):
    """½(1 + tanh(x / 2))."""
    return 0.5 * (1 + np.tanh(0.5 * x))


@right("sigmoid", kind="value", style="scipy")
def sigmoid_by_expit(x):
    """scipy.special.expit."""
    return scipy.special.expit(x)


@right("sigmoid", kind="value", style="logaddexp")
def sigmoid_by_logaddexp(x):
    """exp(−log(1 + exp(−x)))."""
    return np.exp(-np.logaddexp(0, -x))


@right("sigmoid", kind="vjp", style="textbook")
def sigmoid_backward_textbook(x, g):
    """g s (1 − s)."""
    s = sigmoid(x)
    return g * s * (1 - s)


@right("sigmoid", kind="vjp", style="tanh")
def sigmoid_backward_by_tanh(x, g):
    """¼(1 − tanh²(x / 2))."""
    return g * (1 - np.tanh(x / 2) ** 2) / 4


@right("sigmoid", kind="vjp", style="symmetric")
def sigmoid_backward_by_symmetry(x, g):
    """σ(x) σ(−x) is accurate on both sides."""
    return g * scipy.special.expit(x) * scipy.special.expit(-x)


@right("sigmoid", kind="vjp", style="exponentials")
def sigmoid_backward_by_exponentials(x, g):
    """1 / (2 + eˣ + e⁻ˣ): the overflow ends in the right answer 0."""
    return g / (2 + np.exp(x) + np.exp(-x))


@right("sigmoid", kind="vjp", style="loop")
def sigmoid_backward_loops(x, g):
    """Entry by entry with math.exp of −|x|."""
    out = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        e = math.exp(-abs(x[index]))
        out[index] = g[index] * e / (1 + e) ** 2
    return out


@right("sigmoid", kind="vjp", style="difference of squares")
def sigmoid_backward_s_minus_s_squared(x, g):
    """s − s²."""
    s = sigmoid(x)
    return (s - s * s) * g


@right("sigmoid", kind="object", style="class")
class Sigmoid:
    """The derivative from the output of forward."""

    def forward(self, x):
        return 1 / (1 + np.exp(-x))

    def backward(self, x, grad):
        out = self.forward(x)
        return grad * out * (1 - out)


@right("sigmoid", kind="object", style="cached forward", options={"cached": True})
class SigmoidWithCachedOutput:
    """σ′ = s(1 − s) on the remembered output, which is not σ′ of the output."""

    @staticmethod
    def derivative(out):
        return out * (1 - out)

    def forward(self, x):
        self.out = sigmoid(x)
        return self.out.copy()

    def backward(self, grad):
        return grad * self.derivative(self.out)


@right("tanh", kind="value", style="textbook")
def tanh_textbook(x):
    """np.tanh."""
    return np.tanh(x)


@right("tanh", kind="value", style="expm1")
def tanh_by_expm1(x):
    """sign(x) · (−m) / (2 + m) with m = expm1(−2|x|), which never overflows."""
    m = np.expm1(-2.0 * np.abs(x))
    return np.sign(x) * -m / (2 + m)


@right("tanh", kind="vjp", style="textbook")
def tanh_backward_textbook(x, g):
    """g (1 − t²)."""
    return g * (1 - np.tanh(x) ** 2)


@right("tanh", kind="vjp", style="factored")
def tanh_backward_factored(x, g):
    """(1 − t)(1 + t)."""
    t = np.tanh(x)
    return g * (1 - t) * (1 + t)


@right("tanh", kind="vjp", style="cosh")
def tanh_backward_by_cosh(x, g):
    """1 / cosh²: the overflow ends in the right answer 0."""
    return g / np.cosh(x) ** 2


@right("tanh", kind="vjp", style="exponentials")
def tanh_backward_by_exponentials(x, g):
    """4 / (eˣ + e⁻ˣ)²."""
    return 4 * g / (np.exp(x) + np.exp(-x)) ** 2


@right("tanh", kind="vjp", style="sigmoid")
def tanh_backward_by_sigmoid(x, g):
    """4 s(1 − s) at 2x."""
    s = sigmoid(2 * x)
    return g * 4 * s * (1 - s)


@right("tanh", kind="object", style="cached forward", options={"cached": True})
class TanhWithCachedOutput:
    """1 − t² on the remembered output."""

    def forward(self, x):
        self.t = np.tanh(x)
        return self.t.copy()

    def backward(self, grad):
        return grad - grad * self.t ** 2
