"""Backward passes through softmax that are wrong: the mathematics."""

import numpy as np

from .forward import softmax
from .registry import wrong


@wrong("softmax", kind="vjp", diagnosis="diagonal-only",
       link="https://github.com/SebLague/Neural-Network-Experiments/pull/5")
def softmax_backward_diagonal_only(o, g):
    """Takes p(1 − p) for the derivative, as for a sigmoid, and forgets that every output depends on every logit."""
    p = softmax(o)
    return g * p * (1 - p)


@wrong("softmax", kind="vjp", diagnosis="gradient-constant", link="https://github.com/pjreddie/darknet/pull/96")
def softmax_backward_copies_upstream(o, g):
    """Hands the upstream gradient on unchanged, as if the Jacobian were the identity."""
    return g.copy()


@wrong("softmax", kind="vjp", diagnosis="missing-term")
def softmax_backward_without_dot_product(o, g):
    """p g alone: the term −p Σ_k g_k p_k is missing."""
    return softmax(o) * g


@wrong("softmax", kind="vjp", diagnosis="operator-swapped",
       link="https://github.com/harvard-edge/cs249r_book/pull/2053")
def softmax_backward_plus(o, g):
    """p (g + Σ g p): a plus where the minus belongs."""
    p = softmax(o)
    return p * (g + np.sum(g * p, axis=1, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="operator-swapped")
def softmax_backward_times(o, g):
    """Multiplies g by Σ g p instead of subtracting it."""
    p = softmax(o)
    return p * (g * (g * p).sum(axis=1, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="missing-term")
def softmax_backward_unweighted_sum(o, g):
    """Subtracts Σ_k g_k where Σ_k g_k p_k belongs."""
    p = softmax(o)
    return p * (g - g.sum(axis=1, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="mean-for-sum")
def softmax_backward_mean(o, g):
    """Subtracts the mean of g p over the classes where the sum belongs."""
    p = softmax(o)
    return p * (g - np.mean(g * p, axis=1, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="wrong-axis")
def softmax_backward_sum_over_the_batch(o, g):
    """The inner sum runs over the batch, so rows leak into each other."""
    p = softmax(o)
    return p * (g - np.sum(g * p, axis=0, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="wrong-axis", link="https://github.com/uTensor/uTensor/pull/171")
def softmax_backward_sum_over_everything(o, g):
    """The inner sum runs over the whole batch, which is right for a single row only."""
    p = softmax(o)
    return p * (g - np.sum(g * p))


@wrong("softmax", kind="vjp", diagnosis="wrong-axis")
def softmax_backward_without_keepdims(o, g):
    """The row sums lie along the wrong axis: an error for B ≠ n, silently wrong numbers for B = n."""
    p = softmax(o)
    return p * (g - np.sum(g * p, axis=1))


@wrong("softmax", kind="vjp", diagnosis="wrong-axis")
def softmax_backward_through_batch_softmax(o, g):
    """Forward and backward both run over axis 0, so they agree with each other and with nothing else."""
    e = np.exp(o - o.max(axis=0))
    p = e / e.sum(axis=0)
    return p * (g - (g * p).sum(axis=0))


@wrong("softmax", kind="vjp", diagnosis="sign")
def softmax_backward_negated(o, g):
    """The difference is taken the wrong way round."""
    p = softmax(o)
    return p * ((g * p).sum(axis=1)[:, None] - g)


@wrong("softmax", kind="vjp", diagnosis="upstream-ignored")
def softmax_backward_column_sums(o, g):
    """Adds up the Jacobian over the outputs, which is the answer for g = 1 and for no other upstream gradient."""
    p = softmax(o)
    J = np.einsum("bi,ij->bij", p, np.eye(p.shape[1])) - np.einsum("bi,bj->bij", p, p)
    return J.sum(axis=1)


@wrong("softmax", kind="vjp", diagnosis="upstream-clipped", shows="large-upstream")
def softmax_backward_clips_upstream(o, g):
    """Clips the upstream gradient to [−1, 1] on the way through."""
    g = np.clip(g, -1, 1)
    p = softmax(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="upstream-sign")
def softmax_backward_magnitudes(o, g):
    """Weighs |g| in the inner sum, which is right as long as no upstream gradient is negative."""
    p = softmax(o)
    return p * (g - np.sum(np.abs(g) * p, axis=1, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="softmax-missing")
def softmax_backward_takes_logits_for_output(o, g):
    """Uses the logits as if they were the probabilities: the forward pass is never run."""
    return o * (g - (g * o).sum(axis=1, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="softmax-twice")
def softmax_backward_at_the_output(o, g):
    """Evaluates the derivative at the probabilities instead of at the logits."""
    p = softmax(softmax(o))
    return p * (g - (g * p).sum(axis=1, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="wrong-function")
def softmax_backward_of_log_softmax(o, g):
    """g − p Σ g is the backward pass of log-softmax."""
    p = softmax(o)
    return g - p * g.sum(axis=1, keepdims=True)


@wrong("softmax", kind="vjp", diagnosis="wrong-function")
def softmax_backward_as_if_cross_entropy(o, g):
    """Takes g for the targets and returns p − g, the gradient of softmax and cross entropy together."""
    return softmax(o) - g


@wrong("softmax", kind="vjp", diagnosis="rare-branch", shows="wide")
def softmax_backward_skips_small_classes(o, g):
    """Skips classes whose probability is below 1e-9 to save time, so their gradients are zero."""
    p = softmax(o)
    out = np.zeros(o.shape)
    for b in range(o.shape[0]):
        seen = p[b] > 1e-9
        out[b, seen] = p[b, seen] * (g[b, seen] - g[b, seen] @ p[b, seen])
    return out


@wrong("softmax", kind="vjp", diagnosis="rare-branch", shows="many-classes")
def softmax_backward_top_fifty(o, g):
    """Sums over the fifty likeliest classes only."""
    p = softmax(o)
    top = np.argsort(-p, axis=1)[:, :50]
    inner = np.take_along_axis(p * g, top, axis=1).sum(axis=1, keepdims=True)
    return p * (g - inner)


@wrong("softmax", kind="vjp", diagnosis="diagonal-only", options={"batched": False})
def softmax_backward_one_sample_diagonal(o, g):
    """For one sample, multiplies g by the diagonal of the Jacobian instead of by the Jacobian."""
    e = np.exp(o - o.max())
    p = e / e.sum()
    J = np.diag(p) - np.outer(p, p)
    return np.diag(J) * g


@wrong("softmax", kind="vjp", diagnosis="operator-swapped", options={"batched": False})
def softmax_backward_one_sample_plus_outer(o, g):
    """For one sample, adds the outer product p pᵀ to diag(p) instead of subtracting it."""
    e = np.exp(o - o.max())
    p = e / e.sum()
    return (np.diagflat(p) + np.outer(p, p)) @ g
