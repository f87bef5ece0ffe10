"""Softmax, right in many styles."""

import math

import numpy as np
import scipy.special

from .forward import log_softmax, softmax
from .registry import right


@right("softmax", kind="value", style="textbook")
def softmax_textbook(o):
    """Subtracts the row maximum, exponentiates, divides by the row sum."""
    e = np.exp(o - np.max(o, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


@right("softmax", kind="value", style="loop")
def softmax_loops_over_entries(o):
    """Fills its own buffer entry by entry with math.exp."""
    out = np.empty(o.shape)
    for b in range(o.shape[0]):
        m = max(o[b, k] for k in range(o.shape[1]))
        total = 0.0
        for k in range(o.shape[1]):
            out[b, k] = math.exp(o[b, k] - m)
            total += out[b, k]
        for k in range(o.shape[1]):
            out[b, k] /= total
    return out


@right("softmax", kind="value", style="scipy")
def softmax_by_scipy(o):
    """scipy.special.softmax along the last axis."""
    return scipy.special.softmax(o, axis=-1)


@right("softmax", kind="value", style="logsumexp")
def softmax_by_log_sum_exp(o):
    """exp(o − log Σ exp o)."""
    return np.exp(o - scipy.special.logsumexp(o, axis=1, keepdims=True))


@right("softmax", kind="value", style="pairwise")
def softmax_by_pairwise_differences(o):
    """1 / Σ_k exp(o_k − o_i): an overflow inside becomes the right answer 0."""
    shifted = o - o.max(axis=1, keepdims=True)
    finite = np.where(np.isneginf(shifted), -np.finfo(float).max / 4, shifted)
    return 1 / np.exp(finite[:, None, :] - finite[:, :, None]).sum(axis=2)


@right("softmax", kind="value", style="extra shift")
def softmax_with_a_further_shift(o):
    """Subtracts three more than the maximum, which cancels in the quotient."""
    e = np.exp(o - o.max(axis=1)[:, None] - 3)
    return e / e.sum(axis=1)[:, None]


@right("softmax", kind="value", style="transposed")
def softmax_transposed(o):
    """Works on columns and transposes back."""
    t = o.T
    e = np.exp(t - t.max(axis=0))
    return (e / e.sum(axis=0)).T


@right("softmax", kind="value", style="list comprehension")
def softmax_row_by_row(o):
    """A one-dimensional softmax for each row, stacked."""
    def one_row(row):
        e = np.exp(row - row.max())
        return e / e.sum()

    return np.stack([one_row(row) for row in o])


@right("softmax", kind="vjp", style="textbook")
def softmax_backward_textbook(o, g):
    """p (g − Σ g p) with keepdims."""
    p = softmax(o)
    return p * (g - np.sum(g * p, axis=1, keepdims=True))


@right("softmax", kind="vjp", style="expanded")
def softmax_backward_expanded(o, g):
    """p g − p (p · g), multiplied out and with a new axis in place of keepdims."""
    p = softmax(o)
    dot = (p * g).sum(axis=1)
    return p * g - p * dot[:, np.newaxis]


@right("softmax", kind="vjp", style="einsum")
def softmax_backward_einsum(o, g):
    """The dot product of each row by einsum."""
    p = softmax(o)
    return np.einsum("bi,bi->bi", p, g - np.einsum("bk,bk->b", p, g)[:, None])


@right("softmax", kind="vjp", style="explicit Jacobian")
def softmax_backward_jacobian_of_each_row(o, g):
    """Builds diag(p) − p pᵀ for each row and multiplies by it."""
    p = softmax(o)
    out = np.zeros(o.shape)
    for b in range(len(o)):
        J = np.diag(p[b]) - np.outer(p[b], p[b])
        out[b] = J @ g[b]
    return out


@right("softmax", kind="vjp", style="explicit Jacobian")
def softmax_backward_stacked_jacobians(o, g):
    """A (B, n, n) stack of Jacobians, contracted with the transposed one; the Jacobian is symmetric."""
    p = softmax(o)
    J = p[:, :, None] * np.eye(o.shape[1]) - p[:, :, None] * p[:, None, :]
    return np.einsum("bij,bi->bj", np.swapaxes(J, 1, 2), g)


@right("softmax", kind="vjp", style="loop over classes")
def softmax_backward_loops_over_classes(o, g):
    """Adds p_j g_j (δ_ij − p_i) for one class j after another into its own buffer."""
    p = softmax(o)
    out = np.zeros(p.shape)
    for j in range(p.shape[1]):
        weight = p[:, j] * g[:, j]
        out[:, j] += weight
        for i in range(p.shape[1]):
            out[:, i] -= weight * p[:, i]
    return out


@right("softmax", kind="vjp", style="matmul")
def softmax_backward_batched_matmul(o, g):
    """The dot product as (B, 1, n) @ (B, n, 1)."""
    p = softmax(o)
    dot = (g[:, None, :] @ p[:, :, None]).reshape(-1, 1)
    return p * (g - dot)


@right("softmax", kind="vjp", style="weighted average")
def softmax_backward_weighted_average(o, g):
    """Σ g p is the average of g under p, and np.average divides by Σ p = 1."""
    p = softmax(o)
    return p * (g - np.average(g, axis=1, weights=p)[:, None])


@right("softmax", kind="vjp", style="pairwise")
def softmax_backward_differences(o, g):
    """p_i Σ_j p_j (g_i − g_j): only differences of upstream gradients occur."""
    p = softmax(o)
    return p * np.sum(p[:, None, :] * (g[:, :, None] - g[:, None, :]), axis=2)


@right("softmax", kind="vjp", style="through log-softmax")
def softmax_backward_through_the_logarithm(o, g):
    """p = exp(lp): first the backward pass of exp, then that of log-softmax."""
    p = np.exp(log_softmax(o))
    h = g * p
    return h - p * h.sum(axis=1, keepdims=True)


@right("softmax", kind="vjp", style="in place on its own buffers")
def softmax_backward_in_its_own_buffers(o, g):
    """One buffer, reused by out=, and the upstream array left alone."""
    buffer = np.subtract(o, o.max(axis=1, keepdims=True), dtype=float)
    np.exp(buffer, out=buffer)
    buffer /= buffer.sum(axis=1, keepdims=True)
    centred = g - (g * buffer).sum(axis=1, keepdims=True)
    np.multiply(buffer, centred, out=buffer)
    return buffer


@right("softmax", kind="vjp", style="list comprehension")
def softmax_backward_row_by_row(o, g):
    """zip over rows, a dot product each, np.array at the end."""
    return np.array([p * (u - p.dot(u)) for p, u in zip(softmax(o), g, strict=True)])


@right("softmax", kind="vjp", style="centred upstream")
def softmax_backward_with_centred_upstream(o, g):
    """A constant may be subtracted from each row of g first, since the Jacobian maps it to zero."""
    p = softmax(o)
    g = g - g[:, :1]
    return p * (g - (g * p).sum(axis=1, keepdims=True))


@right("softmax", kind="vjp", style="one sample", options={"batched": False})
def softmax_backward_one_sample(o, g):
    """diag(p) − p pᵀ times g, for a single vector of logits."""
    e = np.exp(o - np.max(o))
    p = e / np.sum(e)
    return (np.diagflat(p) - np.outer(p, p)) @ g


@right("softmax", kind="vjp", style="one sample", options={"batched": False})
def softmax_backward_one_sample_column_vectors(o, g):
    """Column vectors and np.dot, as in many textbooks."""
    e = np.exp(o - np.max(o))
    p = (e / e.sum()).reshape(-1, 1)
    J = np.diagflat(p) - np.dot(p, p.T)
    return np.dot(J, g.reshape(-1, 1)).ravel()
