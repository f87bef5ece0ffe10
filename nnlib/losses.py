"""Losses: how far a prediction is from its target, as one number.

`forward(pred, y)` returns the value, `backward(pred, y)` its gradient by pred, of pred's shape (B, n), and
`value_and_gradient(pred, y)` both. A loss is a mean over the batch, or its sum with `reduction="sum"`. The dtype of
pred is the dtype of everything. Targets of a classification are classes (B,) or rows of probabilities (B, n).
"""

import numpy as np

from nnlib import checks, settings, target_checks


class Loss:
    """L = (1/B) Σ_b L_b, or Σ_b L_b with reduction="sum"."""

    def __init__(self, reduction="mean"):
        """Raises: ValueError when reduction is neither "mean" nor "sum"."""
        self.reduction = settings.reduction(type(self).__name__, reduction)

    def value_and_gradient(self, pred, y):
        """(L, ∂L/∂pred), a scalar and shape (B, n). Raises: as forward."""
        return self.forward(pred, y), self.backward(pred, y)

    def _reduce(self, losses):
        """Σ_b L_b / B, or Σ_b L_b, of losses (B,)."""
        total = np.add.reduce(losses)
        return total / len(losses) if self.reduction == "mean" else total

    def _per_row(self, gradient):
        """gradient / B, or gradient, of shape (B, n) or (B,)."""
        return gradient / len(gradient) if self.reduction == "mean" else gradient


class MeanSquaredError(Loss):
    """L = 1/(B n) Σ_bi ½ (p_bi − y_bi)², a mean over all entries, or the sum of them with reduction="sum".

    Source: the ½ as in Bishop, Pattern Recognition and Machine Learning (2006), equation 5.14.
    """

    def forward(self, pred, y):
        """Σ (p − y)² / (2 B n), a scalar; pred, y (B, n). Raises: TypeError, ValueError unless both are finite."""
        return self._value(self._difference(pred, y))

    def backward(self, pred, y):
        """(p − y) / (B n), shape (B, n). Raises: as forward."""
        return self._gradient(self._difference(pred, y))

    def value_and_gradient(self, pred, y):
        """Both of a single difference p − y. Raises: as forward."""
        difference = self._difference(pred, y)
        return self._value(difference), self._gradient(difference)

    def _value(self, difference):
        return np.add.reduce(difference * difference, axis=None) / (2 * self._count(difference))

    def _gradient(self, difference):
        return difference if self.reduction == "sum" else difference / self._count(difference)

    def _difference(self, pred, y):
        pred = checks.finite_matrix("MeanSquaredError", "pred", pred)
        return pred - checks.like("MeanSquaredError", "y", y, pred)

    def _count(self, difference):
        return difference.size if self.reduction == "mean" else 1


class CategoricalCrossEntropy(Loss):
    """L_b = −Σ_i y_bi log p_bi of probabilities p, which for a class c is −log p_bc.

    An outcome with y = 0 contributes nothing even where p = 0; with y > 0 and p = 0 the loss is +∞.
    Source: the assignment's L_CE and L_CCE; Goodfellow, Bengio and Courville, Deep Learning (2016), section 3.13.
    """

    def forward(self, pred, y):
        """−Σ_i y_i log p_i over the batch, a scalar; pred (B, n); y classes (B,) or rows (B, n).

        Raises: TypeError, ValueError unless pred lies in [0, 1] and the rows of y sum to 1; IndexError for a class
        out of range.
        """
        p, y = self._arguments(pred, y)
        with np.errstate(divide="ignore"):  # log 0 = −∞ is the right answer where y > 0
            if y.ndim == 1:
                return self._reduce(-np.log(p[np.arange(len(p)), y]))
            return self._reduce(-np.add.reduce(y * np.log(p), axis=1))

    def backward(self, pred, y):
        """−y / p (/ B), shape (B, n): 0 but for −1/p_c at the target of a class. Raises: as forward."""
        p, y = self._arguments(pred, y)
        with np.errstate(divide="ignore", over="ignore"):
            if y.ndim == 2:
                return self._per_row(-y / p)
            at = np.arange(len(p)), y
            gradient = np.zeros_like(p)
            gradient[at] = self._per_row(-1 / p[at])
            return gradient

    def _arguments(self, pred, y):
        p = checks.probabilities("CategoricalCrossEntropy", pred)
        y = target_checks.targets("CategoricalCrossEntropy", y, p.shape)
        if y.ndim == 2:
            y, *_ = target_checks.probability_rows("CategoricalCrossEntropy", y, p.dtype)
            p = checks.without_idle_zeros(p, y)
        return p, y


class NegativeLogLikelihood(Loss):
    """L_b = −Σ_i y_bi l_bi of log-probabilities l, which for a class c is −l_bc; linear in l.

    Source: PyTorch, torch.nn.NLLLoss; with LogSoftmax before it, it is the cross entropy of logits.
    """

    def forward(self, pred, y):
        """−Σ_i y_i l_i over the batch, a scalar; pred (B, n), −∞ allowed; y classes (B,) or rows (B, n).

        Raises: TypeError, ValueError unless pred is below +∞ and the rows of y sum to 1; IndexError for a class out
        of range.
        """
        log_p, y = self._arguments(pred, y)
        if y.ndim == 1:
            return self._reduce(-log_p[np.arange(len(log_p)), y])
        log_p = checks.without_idle_zeros(log_p, y, zero=-np.inf, harmless=0)
        return self._reduce(-np.add.reduce(y * log_p, axis=1))

    def backward(self, pred, y):
        """−y (/ B), shape (B, n). Raises: as forward."""
        log_p, y = self._arguments(pred, y)
        if y.ndim == 2:
            return self._per_row(-y)
        gradient = np.zeros_like(log_p)
        gradient[np.arange(len(log_p)), y] = self._per_row(-np.ones_like(log_p[:, 0]))
        return gradient

    def _arguments(self, pred, y):
        log_p = checks.log_probabilities("NegativeLogLikelihood", pred)
        y = target_checks.targets("NegativeLogLikelihood", y, log_p.shape)
        if y.ndim == 2:
            y, *_ = target_checks.probability_rows("NegativeLogLikelihood", y, log_p.dtype)
        return log_p, y
