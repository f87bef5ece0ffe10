"""Log-softmax: values and backward passes that are wrong."""

import numpy as np

from .forward import log_softmax, softmax
from .registry import wrong


@wrong("log-softmax", kind="value", diagnosis="saturated", shows="overflow",
       link="https://github.com/FluxML/NNlib.jl/issues/21")
def log_softmax_log_of_softmax(o):
    """Takes the logarithm of probabilities that have already underflowed to 0."""
    return np.log(softmax(o))


@wrong("log-softmax", kind="value", diagnosis="epsilon-one-side")
def log_softmax_with_epsilon(o):
    """Adds a small constant before the logarithm, which bounds the loss and shifts every entry."""
    return np.log(softmax(o) + 1e-12)


@wrong("log-softmax", kind="value", diagnosis="no-shift", shows="overflow")
def log_softmax_without_shift(o):
    """log Σ exp(o) overflows for large logits and is log 0 for small ones."""
    return o - np.log(np.exp(o).sum(axis=1, keepdims=True))


@wrong("log-softmax", kind="value", diagnosis="global-maximum", shows="row-gap",
       link="https://github.com/twitter-archive/torch-autograd/issues/166")
def log_softmax_global_maximum(o):
    """One maximum for the whole batch: the sum of a row far below it underflows and its logarithm is −inf."""
    m = o.max()
    return o - (np.log(np.exp(o - m).sum(axis=1)) + m)[:, None]


@wrong("log-softmax", kind="value", diagnosis="missing-term")
def log_softmax_forgets_the_maximum(o):
    """The maximum is subtracted inside the sum and never added back."""
    m = o.max(axis=1, keepdims=True)
    return o - np.log(np.sum(np.exp(o - m), axis=1, keepdims=True))


@wrong("log-softmax", kind="value", diagnosis="factor")
def log_softmax_to_base_two(o):
    """Logarithms to base 2 measure bits where nats are asked for."""
    return np.log2(np.exp(log_softmax(o)))


@wrong("log-softmax", kind="value", diagnosis="wrong-axis",
       link="https://github.com/twitter-archive/torch-autograd/issues/166")
def log_softmax_over_everything(o):
    """One log-sum-exp for the whole batch."""
    m = np.max(o)
    return o - m - np.log(np.sum(np.exp(o - m)))


@wrong("log-softmax", kind="vjp", diagnosis="delta-over-p", shows="overflow",
       link="https://github.com/FluxML/NNlib.jl/pull/126")
def log_softmax_backward_divides_by_p(o, g):
    """Goes through softmax with g / p: right on paper, 0 / 0 as soon as a probability underflows."""
    p = softmax(o)
    g = g / p
    return p * (g - (g * p).sum(axis=1, keepdims=True))


@wrong("log-softmax", kind="vjp", diagnosis="delta-over-p", shows="overflow",
       link="https://github.com/clab/dynet/issues/218")
def log_softmax_backward_weighted_error(o, g):
    """Writes Σ g as Σ exp(lp) g / exp(lp), which is NaN where exp(lp) is 0."""
    lp = log_softmax(o)
    total = np.zeros(len(o))
    for k in range(o.shape[1]):
        total += np.exp(lp[:, k]) * g[:, k] / np.exp(lp[:, k])
    return g - np.exp(lp) * total[:, None]


@wrong("log-softmax", kind="vjp", diagnosis="wrong-function",
       link="https://github.com/FluxML/NNlib.jl/pull/194")
def log_softmax_backward_of_softmax(o, g):
    """p (g − Σ g p) is the backward pass of softmax without the logarithm."""
    p = softmax(o)
    return p * (g - np.sum(g * p, axis=1, keepdims=True))


@wrong("log-softmax", kind="vjp", diagnosis="mean-for-sum")
def log_softmax_backward_mean(o, g):
    """Subtracts p times the mean of g where the sum belongs."""
    return g - softmax(o) * g.mean(axis=1, keepdims=True)


@wrong("log-softmax", kind="vjp", diagnosis="missing-term")
def log_softmax_backward_unit_upstream(o, g):
    """g − p holds only if each row of g sums to one."""
    return g - softmax(o)


@wrong("log-softmax", kind="vjp", diagnosis="missing-term")
def log_softmax_backward_identity(o, g):
    """Takes the normaliser for a constant and passes g through."""
    return 1.0 * g


@wrong("log-softmax", kind="vjp", diagnosis="operator-swapped",
       link="https://github.com/mlpack/mlpack/issues/2360")
def log_softmax_backward_plus(o, g):
    """Adds p Σ g instead of subtracting it."""
    return g + softmax(o) * g.sum(axis=1, keepdims=True)


@wrong("log-softmax", kind="vjp", diagnosis="sign")
def log_softmax_backward_negated(o, g):
    """p Σ g − g has the opposite sign."""
    return softmax(o) * g.sum(axis=1)[:, None] - g


@wrong("log-softmax", kind="vjp", diagnosis="wrong-axis")
def log_softmax_backward_sum_over_the_batch(o, g):
    """Sums the upstream gradient over the batch instead of the classes."""
    return g - softmax(o) * g.sum(axis=0)


@wrong("log-softmax", kind="vjp", diagnosis="softmax-missing")
def log_softmax_backward_takes_logits_for_output(o, g):
    """exp of the logits stands where the probabilities belong: the argument was taken for the output."""
    return g - np.exp(o) * g.sum(axis=1, keepdims=True)


@wrong("log-softmax", kind="vjp", diagnosis="mutates-upstream", shows="mutation")
def log_softmax_backward_in_place(o, g):
    """Subtracts from the upstream array itself and returns a copy of it."""
    g -= softmax(o) * g.sum(axis=1, keepdims=True)
    return g.copy()


@wrong("log-softmax", kind="object", diagnosis="stateful", shows="state", options={"cached": True})
class LogSoftmaxOverwritesItsOutput:
    """backward turns the cached log-probabilities into probabilities in place, so it can be called once only."""

    def forward(self, x):
        self.lp = log_softmax(x)
        return self.lp.copy()

    def backward(self, grad):
        np.exp(self.lp, out=self.lp)
        return grad - self.lp * grad.sum(axis=1, keepdims=True)


@wrong("log-softmax", kind="jacobian", diagnosis="transpose")
def log_softmax_jacobian_transposed(o):
    """The Jacobian δ_ij − p_j is not symmetric, and here it is transposed."""
    p = softmax(o)
    return np.array([np.eye(len(row)) - np.outer(row, np.ones(len(row))) for row in p])
