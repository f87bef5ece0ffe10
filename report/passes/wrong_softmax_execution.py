"""Backward passes through softmax that are right on paper and wrong when run."""

import numpy as np

from .forward import softmax
from .registry import wrong


@wrong("softmax", kind="vjp", diagnosis="no-shift", shows="overflow")
def softmax_backward_recomputes_without_shift(o, g):
    """The forward pass is stable, but here the probabilities are computed anew and without the maximum."""
    p = np.exp(o) / np.exp(o).sum(axis=1, keepdims=True)
    return p * (g - (g * p).sum(axis=1, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="mutates-upstream", shows="mutation",
       link="https://github.com/NVIDIA/apex/issues/1587")
def softmax_backward_in_place(o, g):
    """Works in the upstream array itself, so whoever else holds it sees other numbers."""
    p = softmax(o)
    g -= (g * p).sum(axis=1, keepdims=True)
    g *= p
    return g


@wrong("softmax", kind="vjp", diagnosis="float32-inside")
def softmax_backward_single_precision_probabilities(o, g):
    """Stores the probabilities in float32, as a saved activation, and loses half of the digits."""
    p = softmax(o).astype(np.float32)
    return p * (g - (g * p).sum(axis=1, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="integer-buffer", shows="integer")
def softmax_backward_into_a_buffer_like_its_input(o, g):
    """np.empty_like gives an integer buffer for integer logits and truncates the gradient."""
    p = softmax(o)
    out = np.empty_like(o)
    for b in range(len(o)):
        J = np.diag(p[b]) - np.outer(p[b], p[b])
        out[b] = J @ g[b]
    return out


@wrong("softmax", kind="vjp", diagnosis="exception", shows="one-row",
       link="https://github.com/OpenTabular/DeepTab/pull/459")
def softmax_backward_squeezes(o, g):
    """squeeze drops the batch axis too when the batch holds one row, and the next line fails."""
    p = softmax(o)
    inner = np.sum(g * p, axis=1, keepdims=True).squeeze()
    return p * (g - inner[:, None])


@wrong("softmax", kind="vjp", diagnosis="wrong-shape", shows="one-class")
def softmax_backward_squeezes_its_arguments(o, g):
    """squeeze turns a single class into a vector over the batch, and broadcasting does the rest."""
    p = softmax(o).squeeze()
    g = g.squeeze()
    return p * (g - (g * p).sum(axis=-1, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="rare-branch", shows="tiny-upstream")
def softmax_backward_constant_upstream_shortcut(o, g):
    """A constant upstream gives zero, but np.allclose also calls every small upstream gradient constant."""
    if np.allclose(g, g[:, :1]):
        return np.zeros(o.shape)
    p = softmax(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="clipped-gradient", shows="wide")
def softmax_backward_clipped_probabilities(o, g):
    """Clips the probabilities away from 0 and 1, which changes the gradient of every unlikely class."""
    p = np.clip(softmax(o), 1e-7, 1 - 1e-7)
    return p * (g - np.sum(g * p, axis=1, keepdims=True))


_workspace = {}


@wrong("softmax", kind="vjp", diagnosis="aliases-output", shows="state")
def softmax_backward_reuses_its_workspace(o, g):
    """Every call of one shape returns the same array, so the next call overwrites the last result."""
    out = _workspace.setdefault(o.shape, np.empty(o.shape))
    p = softmax(o)
    np.multiply(p, g - (g * p).sum(axis=1, keepdims=True), out=out)
    return out


_probabilities = {}


@wrong("softmax", kind="vjp", diagnosis="stateful", shows="state")
def softmax_backward_remembers_probabilities(o, g):
    """Caches the probabilities under the shape of the logits, so other logits of that shape get the old ones."""
    if o.shape not in _probabilities:
        _probabilities[o.shape] = softmax(o)
    p = _probabilities[o.shape]
    return p * (g - np.sum(g * p, axis=1, keepdims=True))


@wrong("softmax", kind="vjp", diagnosis="layout", shows="layout",
       link="https://github.com/tracel-ai/burn/issues/5304")
def softmax_backward_in_memory_order(o, g):
    """Reads the entries in memory order, so a transposed view is taken apart along the wrong axis."""
    rows, n = o.shape
    logits, upstream = o.ravel(order="K"), g.ravel(order="K")
    out = np.zeros(rows * n)
    for b in range(rows):
        span = slice(b * n, (b + 1) * n)
        e = np.exp(logits[span] - logits[span].max())
        p = e / e.sum()
        out[span] = p * (upstream[span] - upstream[span] @ p)
    return out.reshape(rows, n)


@wrong("softmax", kind="vjp", diagnosis="nondeterministic")
def softmax_backward_with_jitter(o, g):
    """Adds noise to the logits to break ties, so no two calls agree."""
    p = softmax(o + 1e-6 * np.random.standard_normal(o.shape))
    return p * (g - (g * p).sum(axis=1, keepdims=True))


@wrong("softmax", kind="object", diagnosis="stateful", shows="state",
       link="https://github.com/torch/nn/issues/1015")
class SoftmaxRemembersLastForward:
    """backward uses the output of the last forward call whatever input it is given."""

    def forward(self, x):
        self.p = softmax(x)
        return self.p.copy()

    def backward(self, x, grad):
        return self.p * (grad - (grad * self.p).sum(axis=1, keepdims=True))


@wrong("softmax", kind="object", diagnosis="stateful", shows="state", options={"cached": True})
class SoftmaxWorksInItsCache:
    """backward multiplies into the cached output, so the second backward pass starts from another one."""

    def forward(self, x):
        self.p = softmax(x)
        return self.p.copy()

    def backward(self, grad):
        inner = np.sum(grad * self.p, axis=1, keepdims=True)
        self.p *= grad - inner
        return self.p.copy()
