"""Log-softmax and the likelihood on its output, right in several styles."""

import math

import numpy as np
import scipy.special

from .forward import softmax
from .registry import right


@right("log-softmax", kind="value", style="textbook")
def log_softmax_textbook(o):
    """o − max o − log Σ exp(o − max o)."""
    z = o - o.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


@right("log-softmax", kind="value", style="scipy")
def log_softmax_by_scipy(o):
    """scipy.special.log_softmax."""
    return scipy.special.log_softmax(o, axis=1)


@right("log-softmax", kind="value", style="logaddexp")
def log_softmax_by_logaddexp(o):
    """np.logaddexp.reduce is a log-sum-exp that needs no shift."""
    return o - np.logaddexp.reduce(o, axis=1)[:, None]


@right("log-softmax", kind="value", style="loop")
def log_softmax_loops(o):
    """math.fsum over math.exp for each row."""
    out = np.zeros(o.shape)
    for b, row in enumerate(o):
        m = max(row)
        out[b] = row - (m + math.log(math.fsum(math.exp(v - m) for v in row)))
    return out


@right("log-softmax", kind="vjp", style="textbook")
def log_softmax_backward_textbook(o, g):
    """g − p Σ g."""
    return g - softmax(o) * np.sum(g, axis=1, keepdims=True)


@right("log-softmax", kind="vjp", style="einsum")
def log_softmax_backward_einsum(o, g):
    """The row sums by an einsum that drops an index."""
    return g - np.einsum("bi,bk->bi", softmax(o), g)


@right("log-softmax", kind="vjp", style="explicit Jacobian")
def log_softmax_backward_jacobian(o, g):
    """(I − 1 pᵀ)ᵀ g, row by row; this Jacobian is not symmetric."""
    n = o.shape[1]
    return np.stack([(np.eye(n) - np.outer(np.ones(n), p)).T @ u for p, u in zip(softmax(o), g, strict=True)])


@right("log-softmax", kind="vjp", style="from the output")
def log_softmax_backward_from_its_output(o, g):
    """exp of the output gives the probabilities back."""
    z = o - o.max(axis=1, keepdims=True)
    out = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return g - np.exp(out) * g.sum(axis=1)[:, None]


@right("log-softmax", kind="vjp", style="loop over classes")
def log_softmax_backward_loops(o, g):
    """Adds up the row sums class by class before anything is subtracted."""
    p = softmax(o)
    total = np.zeros(len(o))
    for k in range(o.shape[1]):
        total += g[:, k]
    out = np.empty(p.shape)
    for k in range(o.shape[1]):
        out[:, k] = g[:, k] - total * p[:, k]
    return out


@right("log-softmax", kind="jacobian", style="broadcast")
def log_softmax_jacobian_broadcast(o):
    """δ_ij − p_j: every row of the matrix subtracts the same probabilities."""
    return np.eye(o.shape[1]) - softmax(o)[:, None, :]


@right("nll", kind="value", style="where")
def likelihood_skips_zero_targets(lp, y):
    """Targets of 0 contribute nothing, also where the log-probability is −inf."""
    return -np.where(y > 0, y * lp, 0.0).sum() / len(lp)


@right("nll", kind="value", style="indices", options={"targets": "indices"})
def likelihood_by_index(lp, y):
    """Looks up one log-probability for each row."""
    return -lp[np.arange(len(y)), y].mean()


@right("nll", kind="gradient", style="textbook")
def likelihood_gradient_textbook(lp, y):
    """−y / B."""
    return -y / len(y)


@right("nll", kind="gradient", style="indices", options={"targets": "indices"})
def likelihood_gradient_add_at(lp, y):
    """np.add.at into its own zeros."""
    grad = np.zeros(lp.shape)
    np.add.at(grad, (np.arange(len(y)), y), -1 / len(y))
    return grad


@right("nll", kind="gradient", style="flat index", options={"targets": "indices"})
def likelihood_gradient_flat_index_with_offset(lp, y):
    """A flat index with the row offset hits one entry in each row."""
    grad = np.zeros(lp.size)
    grad[np.arange(len(y)) * lp.shape[1] + y] = -1
    return grad.reshape(lp.shape) / len(y)


@right("nll", kind="gradient", style="weights", options={"targets": "indices", "weights": "rows"})
def likelihood_gradient_weighted_rows(lp, y, w):
    """−w_b / B at the target of row b."""
    grad = np.zeros(lp.shape)
    grad[np.arange(len(y)), y] = -w / len(y)
    return grad


@right("nll", kind="gradient", style="sum", options={"reduction": "sum"})
def likelihood_gradient_of_the_sum(lp, y):
    """−y, without 1 / B, because the loss is the sum."""
    return -1.0 * y
