"""Cross entropy, on probabilities and fused with softmax, right in many styles."""

import numpy as np
import scipy.special

from .forward import log_softmax, one_hot, softmax
from .registry import right


@right("cce", kind="value", style="textbook")
def cross_entropy_textbook(p, y):
    """−mean_b Σ_k y log p."""
    return -np.mean(np.sum(y * np.log(p), axis=1))


@right("cce", kind="value", style="vdot")
def cross_entropy_by_vdot(p, y):
    """One dot product of the flattened arrays."""
    return -np.vdot(y, np.log(p)) / len(p)


@right("cce", kind="value", style="xlogy")
def cross_entropy_by_xlogy(p, y):
    """scipy.special.xlogy, which takes 0 log 0 for 0."""
    return -scipy.special.xlogy(y, p).sum() * (1 / len(y))


@right("cce", kind="value", style="indices", options={"targets": "indices"})
def cross_entropy_by_index(p, y):
    """−log of one looked-up probability for each row."""
    return -np.log(p[np.arange(len(p)), y]).mean()


@right("cce", kind="gradient", style="textbook")
def cross_entropy_gradient_textbook(p, y):
    """−y / p / B."""
    return -y / p / len(p)


@right("cce", kind="gradient", style="loop")
def cross_entropy_gradient_loops(p, y):
    """Entry by entry into its own zeros, skipping targets of 0."""
    out = np.zeros(p.shape)
    rows, n = p.shape
    for b in range(rows):
        for k in range(n):
            if y[b, k] != 0:
                out[b, k] = -y[b, k] / (rows * p[b, k])
    return out


@right("cce", kind="gradient", style="where")
def cross_entropy_gradient_where(p, y):
    """np.divide with where= and with out=, so nothing is left uninitialised."""
    return -np.divide(y, p, out=np.zeros(p.shape), where=y > 0) / p.shape[0]


@right("cce", kind="gradient", style="indices", options={"targets": "indices"})
def cross_entropy_gradient_by_index(p, y):
    """Fills in one entry for each row."""
    out = np.zeros_like(p)
    rows = np.arange(len(y))
    out[rows, y] = -1 / p[rows, y]
    return out / len(y)


@right("cce", kind="gradient", style="sum", options={"reduction": "sum"})
def cross_entropy_gradient_of_the_sum(p, y):
    """−y / p, without 1 / B, because the loss is the sum."""
    return -(y / p)


@right("softmax-cce", kind="value", style="logsumexp")
def fused_value_by_log_sum_exp(o, y):
    """The mean of log Σ exp o − Σ y o, where masked logits have no target."""
    picked = np.where(y > 0, y * o, 0).sum(axis=1)
    return np.mean(scipy.special.logsumexp(o, axis=1) - picked)


@right("softmax-cce", kind="value", style="where=")
def fused_value_sum_with_where(o, y):
    """Sums only where there is a target."""
    return -np.sum(y * log_softmax(o), where=y > 0) / len(o)


@right("softmax-cce", kind="value", style="indices", options={"targets": "indices"})
def fused_value_by_index(o, y):
    """One log-probability for each row."""
    return -np.mean(log_softmax(o)[np.arange(len(y)), y])


@right("softmax-cce", kind="gradient", style="textbook")
def fused_gradient_textbook(o, y):
    """(p − y) / B, which loses digits at confident targets and is no mistake."""
    return (softmax(o) - y) / len(o)


@right("softmax-cce", kind="gradient", style="general targets")
def fused_gradient_with_target_sums(o, y):
    """p Σ y − y, the form that does not rely on Σ y = 1."""
    return (softmax(o) * y.sum(axis=1, keepdims=True) - y) / len(y)


@right("softmax-cce", kind="gradient", style="target sums as normaliser")
def fused_gradient_over_the_sum_of_targets(o, y):
    """Divides by Σ y over the whole batch, which is B because every row of targets sums to one."""
    return (softmax(o) - y) / y.sum()


@right("softmax-cce", kind="gradient", style="chain rule")
def fused_gradient_through_log_softmax(o, y):
    """The gradient of the likelihood, then the backward pass of log-softmax."""
    g = -y / len(y)
    return g - np.exp(log_softmax(o)) * g.sum(axis=1, keepdims=True)


@right("softmax-cce", kind="gradient", style="explicit Jacobian")
def fused_gradient_through_the_jacobian(o, y):
    """Multiplies −y by the Jacobian of log p, row by row."""
    n = o.shape[1]
    rows = [(np.eye(n) - np.outer(np.ones(n), p)).T @ -t for p, t in zip(softmax(o), y, strict=True)]
    return np.stack(rows) / len(o)


@right("softmax-cce", kind="gradient", style="pairwise")
def fused_gradient_without_cancellation(o, y):
    """Σ_k (p_i y_k − p_k y_i) over k ≠ i: for a sure and right prediction no digit is lost."""
    p = softmax(o)
    out = np.zeros(p.shape)
    for i in range(p.shape[1]):
        for k in range(p.shape[1]):
            if k != i:
                out[:, i] += p[:, i] * y[:, k] - p[:, k] * y[:, i]
    return out / len(p)


@right("softmax-cce", kind="gradient", style="loop")
def fused_gradient_loops(o, y):
    """Row by row into np.empty."""
    out = np.empty(o.shape)
    for b in range(len(o)):
        e = np.exp(o[b] - o[b].max())
        out[b] = (e / e.sum() - y[b]) / len(o)
    return out


@right("softmax-cce", kind="gradient", style="tensor of ones")
def fused_gradient_row_sums_by_matmul(o, y):
    """Row sums as a product with a column of ones."""
    e = np.exp(o - o.max(axis=1, keepdims=True))
    p = e / (e @ np.ones((o.shape[1], 1)))
    return np.subtract(p, y) / p.shape[0]


@right("softmax-cce", kind="gradient", style="indices", options={"targets": "indices"})
def fused_gradient_subtracts_one(o, y):
    """Subtracts one at the target, in an array of its own."""
    grad = softmax(o)
    grad[np.arange(len(y)), y] -= 1
    return grad / len(y)


@right("softmax-cce", kind="gradient", style="one-hot", options={"targets": "indices"})
def fused_gradient_by_identity_rows(o, y):
    """Makes one-hot rows from the identity first."""
    return (softmax(o) - one_hot(y, o.shape[1])) / y.shape[0]


@right("softmax-cce", kind="gradient", style="comparison", options={"targets": "indices"})
def fused_gradient_by_comparison(o, y):
    """The comparison of labels with class numbers is the one-hot matrix."""
    return (softmax(o) - (y[:, None] == np.arange(o.shape[1]))) / len(y)


@right("softmax-cce", kind="gradient", style="sum", options={"reduction": "sum"})
def fused_gradient_of_the_sum(o, y):
    """p − y, without 1 / B, because the loss is the sum."""
    return softmax(o) - y


@right("softmax-cce", kind="gradient", style="weights", options={"weights": "rows"})
def fused_gradient_weighted_rows(o, y, w):
    """w_b (p − y) / B."""
    return (w / len(w))[:, None] * (softmax(o) - y)


@right("softmax-cce", kind="gradient", style="one sample", options={"batched": False})
def fused_gradient_one_sample(o, y):
    """p − y for a single vector."""
    e = np.exp(o - o.max())
    return e / e.sum() - y


@right("softmax-cce", kind="value_and_gradient", style="shared exponentials")
def fused_value_and_gradient(o, y):
    """One exponential serves both results."""
    z = o - o.max(axis=1, keepdims=True)
    e = np.exp(z)
    total = e.sum(axis=1, keepdims=True)
    value = (np.log(total[:, 0]) - np.where(y > 0, y * z, 0).sum(axis=1)).mean()
    return value, (e / total - y) / len(o)


@right("softmax-cce", kind="object", style="class")
class CrossEntropyLoss:
    """forward and backward on logits, nothing remembered."""

    def forward(self, pred, y):
        return -np.where(y > 0, y * log_softmax(pred), 0.0).sum(axis=1).mean()

    def backward(self, pred, y):
        return (np.exp(log_softmax(pred)) - y) / len(y)


@right("softmax-cce", kind="object", style="cached forward", options={"cached": True})
class CrossEntropyLossWithCache:
    """Remembers probabilities and targets and leaves them as they are."""

    def forward(self, pred, y):
        lp = log_softmax(pred)
        self.p, self.y = np.exp(lp), y
        return -np.sum(np.where(y > 0, y * lp, 0.0)) / len(y)

    def backward(self):
        return (self.p - self.y) / len(self.y)
