"""Softmax and categorical cross entropy in one, on logits: the gradient of the combination is p − y."""

from functools import partial

import numpy as np

from nnlib import checks, row_kernels, settings, target_checks
from nnlib.blocks import by_row_blocks
from nnlib.cross_entropy_kernels import class_rows, smoothed_class_rows, target_rows
from nnlib.losses import Loss

NAME = "SoftmaxCrossEntropy"


class SoftmaxCrossEntropy(Loss):
    """L_b = −Σ_i q_bi log p_bi  with p = softmax(o / T) and q_bi = w_i ((1 − ε) y_bi + ε/n);  gradient (p Σ q − q) / T.

    With the options left alone q = y, so L_b = log Σ_k e^{o_k} − o_c for a class c, and the gradient is p − y. The mean
    divides by B; for classes (B,) by Σ_b w_{c_b} over the rows that are not ignored.

    reduction: "mean" or "sum". label_smoothing: ε in [0, 1). class_weights: w, shape (n,), at least 0. temperature:
    T > 0. ignore_index: rows of this class have neither loss nor gradient, and are not smoothed; if that is every row,
    the mean raises ValueError and the sum is 0. It applies to classes (B,) only.
    Logits may be −∞ (a mask): p = 0 and gradient 0 there; a masked class that y wants costs +∞.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.3; the options mean what they mean in
    torch.nn.CrossEntropyLoss; temperature as in Hinton, Vinyals and Dean, Distilling the knowledge (2015).
    """

    def __init__(self, reduction="mean", label_smoothing=0.0, class_weights=None, temperature=1.0, ignore_index=None):
        """Raises: TypeError, ValueError for options out of range."""
        super().__init__(reduction)
        self.label_smoothing = settings.number(NAME, "label_smoothing", label_smoothing, 0, 1, closed=True)
        self.class_weights = target_checks.class_weights(NAME, class_weights)
        self._always_shift = target_checks.extreme(self.class_weights)
        self.temperature = settings.number(NAME, "temperature", temperature, 0, np.inf, closed=False)
        self.ignore_index = settings.ignore_index(NAME, ignore_index)

    def forward(self, pred, y, *, threads=1):
        """The loss, a scalar, of logits pred (B, n) and y, classes (B,) or rows (B, n).

        Raises: TypeError, ValueError for NaN, +∞, a row of −∞, rows of y that do not sum to 1, shapes that do not fit;
        IndexError for a class out of range.
        """
        return self._run(pred, y, threads, value=True)[0]

    def backward(self, pred, y, *, out=None, threads=1):
        """The gradient, shape (B, n), of pred's dtype, into `out` where it is given. Raises: as value_and_gradient."""
        return self._run(pred, y, threads, gradient=True, out=out)[1]

    def value_and_gradient(self, pred, y, out=None, *, threads=1):
        """(loss, gradient): a scalar and an array (B, n), in one sweep over blocks of rows.

        out: a C-contiguous array of pred's shape and dtype for the gradient, or pred itself, which is then overwritten;
        after an error its content is undefined. threads: row blocks worked on at a time.
        Raises: as forward, and for an unsuitable out.
        """
        return self._run(pred, y, threads, value=True, gradient=True, out=out)

    def _run(self, pred, y, threads, *, value=False, gradient=False, out=None):
        """(loss, gradient), where what was not asked for is None and has cost nothing."""
        logits = checks.matrix(NAME, "pred", pred)
        kernel, targets, divisor = self.plan(y, logits.shape, logits.dtype)
        losses = np.empty_like(logits[:, 0]) if value else None
        out = checks.output(NAME, out, logits, *targets) if gradient else None
        by_row_blocks(kernel, logits, losses, out, *targets, threads=threads)
        return np.add.reduce(losses) / divisor if value else None, out

    def plan(self, y, shape, dtype):
        """(kernel, targets, divisor) for logits of that shape and dtype.

        kernel(logits, losses, gradient, *targets) fills losses (B,) and the gradient of Σ_b L_b / divisor, for all
        rows or a block of them. Raises: as forward, for y.
        """
        weights = target_checks.fitting_class_weights(NAME, self.class_weights, shape[1], dtype)
        y, kept = target_checks.kept_targets(NAME, y, shape, dtype, self.ignore_index)
        kernel, targets, count = self._row_plan(y, weights) if y.ndim == 2 else self._class_plan(y, kept, weights)
        divisor = count if self.reduction == "mean" else 1
        scale = divisor if self.temperature == 1 else divisor * self.temperature
        return partial(kernel, operation=NAME, divisor=scale, temperature=self.temperature), targets, divisor

    def _row_plan(self, y, weights):
        options = {"smoothing": self.label_smoothing, "class_weights": weights, "always_shift": self._always_shift}
        return partial(target_rows, **options), (y,), len(y)

    def _class_plan(self, classes, kept, weights):
        row_weights = kept
        if weights is not None:
            row_weights = weights[classes] if kept is None else weights[classes] * kept
        count = len(classes) if row_weights is None else self._total(row_weights)
        if not self.label_smoothing:
            kernel = partial(class_rows, always_shift=self._always_shift)
            return kernel, (classes, row_weights), count
        kernel = partial(smoothed_class_rows, smoothing=self.label_smoothing, class_weights=weights)
        return kernel, (classes, kept), count

    def _total(self, row_weights):
        return target_checks.total_weight(NAME, np.add.reduce(row_weights), self.reduction)

    def hessian(self, pred):
        """∂²L_b/∂o_i∂o_j = (p_i δ_ij − p_i p_j) / T², shape (B, n, n), for each row's loss before any reduction.

        The diagonal p_i (1 − p_i) is formed as p_i Σ_{j≠i} p_j, which keeps its digits when p_i rounds to 1. It holds
        for every y and ε, since they enter the gradient as a constant.
        Raises: TypeError, ValueError as forward; ValueError with class_weights, where the Hessian depends on y.
        """
        p = self._probabilities(pred)
        hessian = -p[:, :, None] * p[:, None, :]
        diagonal = np.arange(p.shape[1])
        hessian[:, diagonal, diagonal] = 0
        hessian[:, diagonal, diagonal] = -np.add.reduce(hessian, axis=2)
        return self._untempered(hessian)

    def hessian_vector_product(self, pred, v):
        """(p_i v_i − p_i Σ_k p_k v_k) / T² for each row, shape (B, n), for v (B, n): no (n, n) matrix is formed.

        Source: Pearlmutter, Fast exact multiplication by the Hessian, Neural Computation 6 (1994). Raises: as hessian.
        """
        p = self._probabilities(pred)
        v = checks.like(NAME, "v", v, p)
        return self._untempered(p * (v - np.add.reduce(p * v, axis=1, keepdims=True)))

    def _probabilities(self, pred):
        """softmax(o / T), shape (B, n)."""
        settings.no_class_weights(NAME, self.class_weights)
        logits = checks.matrix(NAME, "pred", pred)
        p = np.empty_like(logits, order="C")
        kernel = partial(row_kernels.softmax, NAME, temperature=self.temperature)
        by_row_blocks(kernel, logits, p)
        return p

    def _untempered(self, array):
        return array if self.temperature == 1 else array / self.temperature**2
