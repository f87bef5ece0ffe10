"""The hyperbolic tangent: values and backward passes that are wrong."""

import numpy as np

from .forward import sigmoid
from .registry import wrong


@wrong("tanh", kind="value", diagnosis="saturated", shows="overflow")
def tanh_by_exponentials(x):
    """(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ) is inf / inf far from zero."""
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


@wrong("tanh", kind="value", diagnosis="factor", link="https://github.com/HIPS/autograd/issues/317")
def tanh_with_half_the_slope(x):
    """(1 − e⁻ˣ) / (1 + e⁻ˣ) is tanh(x / 2): the factor 2 in the exponent is missing."""
    return (1 - np.exp(-x)) / (1 + np.exp(-x))


@wrong("tanh", kind="vjp", diagnosis="activation-missing")
def tanh_backward_takes_input_for_output(x, g):
    """1 − x² holds for the output; here x is the input."""
    return g * (1 - x ** 2)


@wrong("tanh", kind="vjp", diagnosis="derivative-at-output",
       link="https://github.com/davidrmiller/neural2d/issues/40")
def tanh_backward_at_the_output(x, g):
    """The derivative is evaluated at tanh(x) instead of at x."""
    return g * (1 - np.tanh(np.tanh(x)) ** 2)


@wrong("tanh", kind="vjp", diagnosis="derivative-at-upstream")
def tanh_backward_at_the_upstream(x, g):
    """The derivative is evaluated at the upstream gradient."""
    return (1 - np.tanh(g) ** 2) * g


@wrong("tanh", kind="vjp", diagnosis="operator-swapped",
       link="https://github.com/nicodjimenez/lstm/issues/41")
def tanh_backward_of_tan(x, g):
    """1 + t² is the rule for tan, not for tanh."""
    t = np.tanh(x)
    return g * (1 + t ** 2)


@wrong("tanh", kind="vjp", diagnosis="missing-term",
       link="https://github.com/scutan90/DeepLearning-500-questions/issues/544")
def tanh_backward_without_one(x, g):
    """−t² lacks the 1."""
    return -g * np.tanh(x) ** 2


@wrong("tanh", kind="vjp", diagnosis="missing-term")
def tanh_backward_without_square(x, g):
    """1 − t instead of 1 − t²."""
    return g * (1 - np.tanh(x))


@wrong("tanh", kind="vjp", diagnosis="wrong-function", link="https://github.com/andersbll/nnet/issues/4")
def tanh_backward_returns_tanh(x, g):
    """Multiplies by the function instead of by its derivative."""
    e = np.exp(2 * x)
    return g * (e - 1) / (e + 1)


@wrong("tanh", kind="vjp", diagnosis="wrong-function")
def tanh_backward_of_sigmoid(x, g):
    """t(1 − t) is the rule for the sigmoid."""
    t = np.tanh(x)
    return g * t * (1 - t)


@wrong("tanh", kind="vjp", diagnosis="factor")
def tanh_backward_inner_derivative_forgotten(x, g):
    """tanh x = 2σ(2x) − 1 has the derivative 4s(1 − s); one factor 2 is missing."""
    s = sigmoid(2 * x)
    return g * 2 * s * (1 - s)


@wrong("tanh", kind="vjp", diagnosis="upstream-ignored")
def tanh_backward_without_upstream(x, g):
    """Returns 1 − t² alone."""
    return 1 - np.tanh(x) ** 2


@wrong("tanh", kind="vjp", diagnosis="rare-branch", shows="overflow")
def tanh_backward_linear_tail(x, g):
    """Returns g unchanged where |x| > 100, a leftover from debugging."""
    return np.where(np.abs(x) > 100, g, g * (1 - np.tanh(x) ** 2))


@wrong("tanh", kind="vjp", diagnosis="integer-buffer", shows="integer")
def tanh_backward_into_a_buffer_like_its_input(x, g):
    """np.zeros_like of integer inputs truncates the derivative to 0 or 1."""
    slope = np.zeros_like(x)
    slope[...] = 1 - np.tanh(x) ** 2
    return g * slope


@wrong("tanh", kind="vjp", diagnosis="mutates-input", shows="mutation",
       link="https://github.com/deeplearning4j/deeplearning4j/pull/364")
def tanh_backward_overwrites_its_input(x, g):
    """Stores the activation in the array of pre-activations."""
    np.tanh(x, out=x)
    return g * (1 - x * x)


@wrong("tanh", kind="object", diagnosis="wrong-function")
class TanhWithTheDerivativeOfAnApproximation:
    """forward is the exact tanh, backward differentiates the rational approximation x(27 + x²) / (27 + 9x²)."""

    def forward(self, x):
        return np.tanh(x)

    def backward(self, x, grad):
        above, below = x * (27 + x ** 2), 27 + 9 * x ** 2
        return grad * ((27 + 3 * x ** 2) * below - above * 18 * x) / below ** 2
