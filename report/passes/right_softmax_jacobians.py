"""Softmax Jacobians and classes, right in several styles."""

import numpy as np

from .forward import softmax
from .registry import right


@right("softmax", kind="jacobian", style="outer product")
def softmax_jacobian_diag_minus_outer(o):
    """diag(p) − p pᵀ for each row."""
    return np.stack([np.diag(p) - np.outer(p, p) for p in softmax(o)])


@right("softmax", kind="jacobian", style="loop")
def softmax_jacobian_two_cases(o):
    """p_i (1 − p_i) on the diagonal and −p_i p_j beside it."""
    p = softmax(o)
    J = np.empty(p.shape + p.shape[1:])
    for b in range(len(p)):
        for i in range(p.shape[1]):
            for j in range(p.shape[1]):
                J[b, i, j] = p[b, i] * (1 - p[b, i]) if i == j else -p[b, i] * p[b, j]
    return J


@right("softmax", kind="jacobian", style="broadcast")
def softmax_jacobian_broadcast(o):
    """p_i (δ_ij − p_j) by broadcasting over a new axis."""
    p = softmax(o)
    return p[..., None] * (np.eye(o.shape[1]) - p[..., None, :])


@right("softmax", kind="jacobian", style="accurate diagonal")
def softmax_jacobian_without_cancellation(o):
    """1 − p_i is the sum of the other probabilities, so no digit is lost."""
    p = softmax(o)
    J = -np.einsum("bi,bj->bij", p, p)
    for i in range(p.shape[1]):
        J[:, i, i] = p[:, i] * np.delete(p, i, axis=1).sum(axis=1)
    return J


@right("softmax", kind="jacobian", style="complex step")
def softmax_jacobian_by_complex_step(o):
    """Im p(o + ih) / h has no cancellation: exact to rounding for a small h, unlike a finite difference."""
    h = 1e-12
    shifted = (o - o.max(axis=1, keepdims=True)).astype(complex)
    columns = []
    for j in range(o.shape[1]):
        stepped = shifted.copy()
        stepped[:, j] += 1j * h
        e = np.exp(stepped)
        columns.append((e / e.sum(axis=1, keepdims=True)).imag / h)
    return np.stack(columns, axis=2)


@right("softmax", kind="object", style="class")
class Softmax:
    """forward and backward, nothing remembered."""

    def forward(self, x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def backward(self, x, grad):
        p = self.forward(x)
        return p * (grad - (grad * p).sum(axis=1, keepdims=True))


@right("softmax", kind="object", style="cached forward", options={"cached": True})
class SoftmaxWithCachedOutput:
    """Remembers its output and computes the derivative from it."""

    def forward(self, x):
        self.out = softmax(x)
        return self.out.copy()

    def backward(self, grad):
        return self.out * (grad - np.sum(grad * self.out, axis=1, keepdims=True))
