"""ReLU, right in many styles: every subgradient between 0 and 1 is right at the kink."""

import numpy as np

from .registry import right


@right("relu", kind="value", style="textbook")
def relu_textbook(x):
    """np.maximum(x, 0)."""
    return np.maximum(x, 0)


@right("relu", kind="value", style="absolute value")
def relu_by_absolute_value(x):
    """(x + |x|) / 2."""
    return (x + np.abs(x)) / 2


@right("relu", kind="value", style="clip")
def relu_by_clip(x):
    """np.clip without an upper bound is a maximum with zero."""
    return np.clip(x, 0, None)


@right("relu", kind="value", style="mask")
def relu_by_mask(x):
    """x times the mask of positive entries."""
    return x * (x > 0)


@right("relu", kind="vjp", style="where")
def relu_backward_where(x, g):
    """np.where(x > 0, g, 0): the subgradient 0 at the kink."""
    return np.where(x > 0, g, 0.0)


@right("relu", kind="vjp", style="where")
def relu_backward_where_including_zero(x, g):
    """np.where(x >= 0, g, 0): the subgradient 1 at the kink."""
    return np.where(x >= 0, g, 0.0)


@right("relu", kind="vjp", style="mask")
def relu_backward_mask_of_the_same_type(x, g):
    """The mask is cast to the type of the input, also for integers."""
    return g * (x > 0).astype(x.dtype)


@right("relu", kind="vjp", style="heaviside")
def relu_backward_heaviside(x, g):
    """np.heaviside with the subgradient ½ at the kink."""
    return np.heaviside(x, 0.5) * g


@right("relu", kind="vjp", style="sign")
def relu_backward_by_sign(x, g):
    """½(1 + sign x), the subgradient ½ at the kink."""
    return g * (1 + np.sign(x)) / 2


@right("relu", kind="vjp", style="copy")
def relu_backward_zeroes_a_copy(x, g):
    """Writes its zeros into a copy of the upstream gradient."""
    grad = np.array(g, copy=True)
    grad[x <= 0] = 0
    return grad


@right("relu", kind="vjp", style="from the output")
def relu_backward_from_its_output(x, g):
    """The output is positive exactly where the input is."""
    return g * (np.maximum(x, 0) > 0)


@right("relu", kind="object", style="cached forward", options={"cached": True})
class ReluWithMask:
    """Remembers which entries were positive."""

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, grad):
        out = grad.copy()
        out[self.mask] = 0
        return out
