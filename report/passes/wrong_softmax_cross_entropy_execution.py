"""Softmax with cross entropy in one: wrong values, and gradients that are wrong only when run."""

import numpy as np

from .forward import log_softmax, softmax
from .registry import wrong


@wrong("softmax-cce", kind="gradient", diagnosis="no-shift", shows="overflow")
def fused_gradient_without_shift(o, y):
    """exp overflows before the division."""
    p = np.exp(o) / np.sum(np.exp(o), axis=1, keepdims=True)
    return (p - y) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="global-maximum", shows="row-gap",
       link="https://github.com/manassharma07/crysx_nn/issues/7")
def fused_gradient_global_maximum(o, y):
    """One maximum for the whole batch leaves low rows with 0 / 0."""
    e = np.exp(o - o.max())
    return (e / e.sum(axis=1, keepdims=True) - y) / o.shape[0]


@wrong("softmax-cce", kind="gradient", diagnosis="delta-over-p", shows="overflow")
def fused_gradient_chained_through_y_over_p(o, y):
    """Right by the chain rule, but y / p is inf or NaN once a probability underflows."""
    p = softmax(o)
    g = -y / p / len(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True))


@wrong("softmax-cce", kind="gradient", diagnosis="clipped-gradient", shows="wide")
def fused_gradient_clipped_probabilities(o, y):
    """Clips the probabilities to [1e-7, 1 − 1e-7], and unlikely classes all get the gradient 1e-7."""
    p = np.clip(softmax(o), 1e-7, 1 - 1e-7)
    return (p - y) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="rare-branch", shows="one-hot")
def fused_gradient_skips_easy_rows(o, y):
    """Rows whose target is already likelier than 0.6 get no gradient at all."""
    p = softmax(o)
    grad = (p - y) / len(o)
    grad[(p * y).sum(axis=1) > 0.6] = 0
    return grad


@wrong("softmax-cce", kind="gradient", diagnosis="float32-inside")
def fused_gradient_single_precision(o, y):
    """Casts the logits to float32 first."""
    return (softmax(o.astype("float32")) - y) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="mutates-input", shows="mutation")
def fused_gradient_shifts_its_argument(o, y):
    """Subtracts the row maximum from the caller's logits."""
    o -= np.max(o, axis=1, keepdims=True)
    e = np.exp(o)
    return (e / e.sum(axis=1, keepdims=True) - y) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="mutates-input", shows="mutation")
def fused_gradient_subtracts_in_the_targets(o, y):
    """Builds the result in the targets, which are destroyed for the next epoch."""
    y -= softmax(o)
    return -y / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="integer-buffer", shows="integer")
def fused_gradient_into_a_buffer_like_its_input(o, y):
    """Integer logits give an integer buffer, and the gradient is truncated to zero."""
    grad = np.empty_like(o)
    for row in range(len(o)):
        e = np.exp(o[row] - o[row].max())
        grad[row] = (e / e.sum() - y[row]) / len(o)
    return grad


@wrong("softmax-cce", kind="gradient", diagnosis="batch-for-classes", shows="one-row")
def fused_gradient_squeezes(o, y):
    """squeeze drops the batch axis of a single row, and len then counts the classes."""
    p = softmax(o).squeeze()
    return (p - y) / len(p)


@wrong("softmax-cce", kind="value", diagnosis="saturated", shows="overflow")
def fused_value_log_of_softmax(o, y):
    """log p is −inf once p underflows: the loss is inf or, where y is 0, NaN."""
    return -np.sum(y * np.log(softmax(o))) / len(o)


@wrong("softmax-cce", kind="value", diagnosis="mean-for-sum")
def fused_value_mean_of_all_entries(o, y):
    """Divides by B n instead of B."""
    return -np.mean(np.where(y > 0, y * log_softmax(o), 0))


@wrong("softmax-cce", kind="value", diagnosis="epsilon-one-side")
def fused_value_with_epsilon(o, y):
    """log(p + 1e-8) is not the loss whose gradient is p − y."""
    return -np.sum(y * np.log(softmax(o) + 1e-8), axis=1).mean()


@wrong("softmax-cce", kind="value", diagnosis="softmax-twice",
       link="https://github.com/tflearn/tflearn/pull/562")
def fused_value_softmax_twice(o, y):
    """The logits go through two softmaxes, so the loss never falls below about 0.7."""
    lp = log_softmax(softmax(o))
    return -np.where(y > 0, y * lp, 0).sum() / len(o)


@wrong("softmax-cce", kind="value_and_gradient", diagnosis="batch-missing",
       link="https://github.com/tensorflow/swift-apis/pull/42")
def fused_mean_value_summed_gradient(o, y):
    """The value is a mean over the batch and the gradient is that of the sum."""
    lp = log_softmax(o)
    value = -np.where(y > 0, y * lp, 0.0).sum() / len(o)
    return value, np.exp(lp) - y


@wrong("softmax-cce", kind="value_and_gradient", diagnosis="batch-missing")
def fused_both_summed(o, y):
    """Value and gradient both lack 1 / B, so checking one against the other finds nothing."""
    lp = log_softmax(o)
    return -np.where(y > 0, y * lp, 0.0).sum(), np.exp(lp) - y


@wrong("softmax-cce", kind="object", diagnosis="stateful", shows="state", options={"cached": True})
class CrossEntropyLossSubtractsFromItsCache:
    """backward subtracts the targets from the cached probabilities, so calling it again subtracts them twice."""

    def forward(self, pred, y):
        lp = log_softmax(pred)
        self.p, self.y = np.exp(lp), y
        return -np.where(y > 0, y * lp, 0.0).sum() / len(y)

    def backward(self):
        self.p -= self.y
        return self.p / len(self.y)


@wrong("softmax-cce", kind="object", diagnosis="stateful", shows="state")
class CrossEntropyLossRemembersTheBatch:
    """backward uses the probabilities of the last forward call, whichever batch it is asked about."""

    def forward(self, pred, y):
        lp = log_softmax(pred)
        self.p = np.exp(lp)
        return -np.where(y > 0, y * lp, 0.0).sum() / len(y)

    def backward(self, pred, y):
        return (self.p - y) / len(y)
