"""ReLU: values and backward passes that are wrong."""

import numpy as np

from .forward import sigmoid
from .registry import wrong


@wrong("relu", kind="value", diagnosis="mutates-input", shows="mutation")
def relu_sets_negatives_to_zero(x):
    """Sets the negative entries of its argument to zero and returns a copy."""
    x[x < 0] = 0
    return x.copy()


@wrong("relu", kind="value", diagnosis="aliases-output", shows="aliasing")
def relu_hands_back_positive_input(x):
    """Returns its argument itself when nothing has to be cut, so later changes reach back."""
    if (x >= 0).all():
        return x
    return np.maximum(x, 0)


@wrong("relu", kind="value", diagnosis="clipped-value", shows="wide")
def relu_capped_at_six(x):
    """ReLU6 is another function, and only inputs above 6 tell them apart."""
    return np.minimum(np.maximum(x, 0), 6)


@wrong("relu", kind="value", diagnosis="epsilon-one-side")
def relu_smoothed(x):
    """½(x + √(x² + ε)) rounds off the kink."""
    return (x + np.sqrt(x * x + 1e-6)) / 2


@wrong("relu", kind="value", diagnosis="wrong-function")
def relu_is_leaky(x):
    """A slope of 0.01 remains below zero."""
    return np.where(x > 0, x, 0.01 * x)


@wrong("relu", kind="vjp", diagnosis="gradient-constant")
def relu_backward_is_one(x, g):
    """The derivative is taken to be 1 everywhere."""
    return g * np.ones(x.shape)


@wrong("relu", kind="vjp", diagnosis="derivative-at-upstream",
       link="https://github.com/exacity/deeplearningbook-chinese/issues/127")
def relu_backward_masks_by_upstream(x, g):
    """Zeroes the entries where the gradient is negative instead of those where the input is."""
    return np.where(g > 0, g, 0.0)


@wrong("relu", kind="vjp", diagnosis="upstream-sign")
def relu_backward_guided(x, g):
    """Lets positive gradients only through the active units: guided backpropagation, not the derivative."""
    return g * (x > 0) * (g > 0)


@wrong("relu", kind="vjp", diagnosis="mutates-upstream", shows="mutation")
def relu_backward_zeroes_upstream(x, g):
    """Writes zeros into the upstream array, which other branches of the graph still need."""
    g[x <= 0] = 0
    return g.copy()


@wrong("relu", kind="vjp", diagnosis="aliases-output", shows="aliasing")
def relu_backward_hands_on_upstream(x, g):
    """Returns the upstream array itself when every unit is active."""
    active = x > 0
    return g if active.all() else np.where(active, g, 0.0)


@wrong("relu", kind="vjp", diagnosis="wrong-function", link="https://github.com/scientific-computing/FKB/issues/15")
def relu_backward_leaky(x, g):
    """A leak of 0.01 in the backward pass that the forward pass does not have."""
    return g * np.where(x > 0, 1.0, 0.01)


@wrong("relu", kind="vjp", diagnosis="wrong-function")
def relu_backward_multiplies_by_output(x, g):
    """Multiplies by relu(x) instead of by its derivative."""
    return g * np.maximum(x, 0)


@wrong("relu", kind="vjp", diagnosis="upstream-ignored")
def relu_backward_mask_only(x, g):
    """Returns the mask of active units without the upstream gradient."""
    return (x > 0).astype(float)


@wrong("relu", kind="vjp", diagnosis="nan-at-kink", shows="kink")
def relu_backward_by_absolute_value(x, g):
    """½(1 + x / |x|) is 0 / 0 at zero."""
    return g * (1 + x / np.abs(x)) / 2


@wrong("relu", kind="vjp", diagnosis="nondeterministic", link="https://github.com/numpy/numpy/issues/17192")
def relu_backward_leaves_gaps(x, g):
    """where= without out= leaves the inactive entries uninitialised."""
    return np.multiply(g, 1.0, where=x > 0)


@wrong("relu", kind="vjp", diagnosis="nondeterministic")
def relu_backward_with_dropout(x, g):
    """Draws a fresh dropout mask in the backward pass."""
    keep = np.random.random(x.shape) < 0.5
    return g * (x > 0) * keep / 0.5


@wrong("relu", kind="vjp", diagnosis="rare-branch", shows="near-kink")
def relu_backward_with_threshold(x, g):
    """Counts inputs below 1e-6 as inactive."""
    return g * (x > 1e-6)


@wrong("relu", kind="vjp", diagnosis="wrong-function")
def relu_backward_of_softplus(x, g):
    """The sigmoid is the derivative of softplus."""
    return g * sigmoid(x)


@wrong("relu", kind="vjp", diagnosis="wrong-function")
def relu_backward_of_absolute_value(x, g):
    """sign(x) is the derivative of |x|: inactive units get −g."""
    return g * np.sign(x)


@wrong("relu", kind="vjp", diagnosis="sign")
def relu_backward_inactive_units(x, g):
    """The comparison is the wrong way round, so the inactive units learn."""
    return np.where(x < 0, g, 0.0)


@wrong("relu", kind="vjp", diagnosis="integer-buffer", shows="integer")
def relu_backward_into_a_buffer_like_its_input(x, g):
    """Integer inputs make an integer buffer, which cuts the fractions off g."""
    out = np.zeros_like(x)
    active = x > 0
    out[active] = g[active]
    return out


@wrong("relu", kind="object", diagnosis="stateful", shows="state", options={"cached": True})
class ReluSharesOneMask:
    """The mask lives in the class, but the first call fixes it for every input of the same shape."""

    masks = {}

    def forward(self, x):
        self.mask = self.masks.setdefault(x.shape, x > 0)
        return np.maximum(x, 0)

    def backward(self, grad):
        return grad * self.mask


@wrong("relu", kind="object", diagnosis="mutates-input", shows="mutation")
class ReluWorksInPlace:
    """forward overwrites the pre-activations, so whoever keeps them has lost their signs."""

    def forward(self, x):
        return np.maximum(x, 0, out=x).copy()

    def backward(self, x, grad):
        return np.where(x > 0, grad, 0.0)
