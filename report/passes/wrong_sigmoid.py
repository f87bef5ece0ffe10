"""The sigmoid: values and backward passes that are wrong."""

import numpy as np

from .forward import sigmoid
from .registry import wrong


@wrong("sigmoid", kind="value", diagnosis="saturated", shows="overflow",
       link="https://github.com/NervanaSystems/ngraph/pull/3118")
def sigmoid_exp_over_one_plus_exp(x):
    """exp(x) / (1 + exp(x)) is inf / inf for large inputs."""
    return np.exp(x) / (1 + np.exp(x))


@wrong("sigmoid", kind="value", diagnosis="clipped-value", shows="wide")
def sigmoid_clipped(x):
    """Clips its input to ±20 against overflow, which changes every value beyond."""
    return 1 / (1 + np.exp(-np.clip(x, -20, 20)))


@wrong("sigmoid", kind="value", diagnosis="rare-branch", shows="wide")
def sigmoid_cut_off(x):
    """Sets everything beyond ±20 to 0 or 1."""
    return np.where(x > 20, 1.0, np.where(x < -20, 0.0, sigmoid(x)))


@wrong("sigmoid", kind="value", diagnosis="wrong-function")
def sigmoid_piecewise_linear(x):
    """The hard sigmoid is another function."""
    return np.clip(0.2 * x + 0.5, 0, 1)


@wrong("sigmoid", kind="value", diagnosis="factor", link="https://github.com/tenstorrent/tt-metal/issues/55349")
def sigmoid_constant_slightly_off(x):
    """The constant ½ was typed as 0.5001."""
    return 0.5001 * (1 + np.tanh(x / 2))


@wrong("sigmoid", kind="value", diagnosis="sign")
def sigmoid_of_the_negative(x):
    """exp(x) where exp(−x) belongs: 1 − σ(x)."""
    return 1 / (1 + np.exp(x))


@wrong("sigmoid", kind="vjp", diagnosis="activation-missing",
       link="https://github.com/iamtrask/iamtrask.github.io/issues/32")
def sigmoid_backward_takes_input_for_output(x, g):
    """x(1 − x) holds for the output; here x is the input."""
    return g * x * (1 - x)


@wrong("sigmoid", kind="vjp", diagnosis="derivative-at-output",
       link="https://github.com/davidrmiller/neural2d/issues/40")
def sigmoid_backward_at_the_output(x, g):
    """σ′ is evaluated at σ(x), as if the sigmoid had been applied twice."""
    s = sigmoid(sigmoid(x))
    return g * s * (1 - s)


@wrong("sigmoid", kind="vjp", diagnosis="derivative-at-upstream")
def sigmoid_backward_at_the_upstream(x, g):
    """σ′ is evaluated at the upstream gradient."""
    s = sigmoid(g)
    return s * (1 - s) * g


@wrong("sigmoid", kind="vjp", diagnosis="saturated", shows="overflow",
       link="https://github.com/jeshraghian/snntorch/issues/427")
def sigmoid_backward_exp_squared(x, g):
    """exp(−x) / (1 + exp(−x))² is inf / inf for very negative inputs."""
    return g * np.exp(-x) / (1 + np.exp(-x)) ** 2


@wrong("sigmoid", kind="vjp", diagnosis="saturated", shows="overflow",
       link="https://github.com/tracel-ai/burn/issues/1139")
def sigmoid_backward_through_log_and_exp(x, g):
    """Differentiates exp(−log(1 + exp(−x))) step by step and meets 0 · inf."""
    e = np.exp(-x)
    s = np.exp(-np.log(1 + e))
    return g * s * (1 / (1 + e)) * e


@wrong("sigmoid", kind="vjp", diagnosis="operator-swapped")
def sigmoid_backward_plus(x, g):
    """s(1 + s) instead of s(1 − s)."""
    s = sigmoid(x)
    return g * s * (1 + s)


@wrong("sigmoid", kind="vjp", diagnosis="sign")
def sigmoid_backward_minus_one(x, g):
    """s(s − 1) is negative."""
    s = sigmoid(x)
    return g * s * (s - 1)


@wrong("sigmoid", kind="vjp", diagnosis="upstream-ignored", link="https://github.com/chainer/chainer/issues/1175")
def sigmoid_backward_without_upstream(x, g):
    """Returns the derivative alone; the chain rule is not applied."""
    s = sigmoid(x)
    return s * (1 - s)


@wrong("sigmoid", kind="vjp", diagnosis="missing-term")
def sigmoid_backward_without_complement(x, g):
    """The factor 1 − s is missing."""
    return g * sigmoid(x)


@wrong("sigmoid", kind="vjp", diagnosis="wrong-function")
def sigmoid_backward_of_tanh(x, g):
    """1 − s² is the derivative of tanh in terms of its output."""
    return g * (1 - sigmoid(x) ** 2)


@wrong("sigmoid", kind="vjp", diagnosis="gradient-constant")
def sigmoid_backward_quarter(x, g):
    """Uses the slope at zero, ¼, everywhere."""
    return 0.25 * g


@wrong("sigmoid", kind="vjp", diagnosis="float32-inside")
def sigmoid_backward_single_precision(x, g):
    """Keeps the activation in float32 between the passes."""
    s = sigmoid(x).astype(np.float32).astype(float)
    return g * s * (1 - s)


@wrong("sigmoid", kind="vjp", diagnosis="rare-branch", shows="wide")
def sigmoid_backward_zero_when_saturated(x, g):
    """Calls the unit dead beyond ±20, where the derivative is still 2e-9."""
    s = sigmoid(x)
    grad = g * s * (1 - s)
    grad[np.abs(x) > 20] = 0
    return grad


@wrong("sigmoid", kind="vjp", diagnosis="mutates-upstream", shows="mutation")
def sigmoid_backward_in_place(x, g):
    """Multiplies the upstream array in place and returns the product as a new one."""
    s = sigmoid(x)
    g *= s
    return g * (1 - s)


@wrong("sigmoid", kind="vjp", diagnosis="upstream-sign")
def sigmoid_backward_positive_upstream_only(x, g):
    """Negative upstream gradients are dropped, as in guided backpropagation."""
    s = sigmoid(x)
    return np.maximum(g, 0) * s * (1 - s)


@wrong("sigmoid", kind="vjp", diagnosis="unstable")
def sigmoid_backward_by_finite_differences(x, g):
    """A central difference with a step of 1e-5 agrees to eleven digits and no more."""
    h = 1e-5
    return g * (sigmoid(x + h) - sigmoid(x - h)) / (2 * h)


@wrong("sigmoid", kind="vjp", diagnosis="factor")
def sigmoid_backward_half_angle_forgotten(x, g):
    """½(1 − tanh²(x/2)) lacks the inner derivative ½."""
    t = np.tanh(x / 2)
    return g * 0.5 * (1 - t * t)


@wrong("sigmoid", kind="vjp", diagnosis="upstream-clipped", shows="large-upstream")
def sigmoid_backward_clips_upstream(x, g):
    """Upstream gradients are limited to ±5 before they are used."""
    s = sigmoid(x)
    return np.clip(g, -5, 5) * s * (1 - s)


@wrong("sigmoid", kind="vjp", diagnosis="layout", shows="layout",
       link="https://github.com/tracel-ai/burn/issues/5304")
def sigmoid_backward_in_memory_order(x, g):
    """Flattens in memory order and reshapes in row order, which scrambles a transposed view."""
    s = sigmoid(x.ravel(order="K"))
    return g * (s * (1 - s)).reshape(x.shape)


@wrong("sigmoid", kind="object", diagnosis="derivative-at-output",
       link="https://github.com/OpenANN/OpenANN/issues/164")
class SigmoidDifferentiatesItsOutput:
    """backward calls the derivative, which expects an input, with the remembered output."""

    def prime(self, x):
        return sigmoid(x) * (1 - sigmoid(x))

    def forward(self, x):
        return sigmoid(x)

    def backward(self, x, grad):
        return grad * self.prime(self.forward(x))


@wrong("sigmoid", kind="object", diagnosis="stateful", shows="state",
       link="https://github.com/torch/nn/issues/1015")
class SigmoidRemembersLastForward:
    """backward ignores its input and uses the output of the last forward call."""

    def forward(self, x):
        self.out = sigmoid(x)
        return self.out.copy()

    def backward(self, x, grad):
        return grad * self.out * (1 - self.out)
