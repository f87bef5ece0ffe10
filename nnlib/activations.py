"""Activations: functions of the rows of a batch, without parameters.

`forward(x)` takes x of shape (B, n) and returns the same shape; `backward(x, grad)` takes the input of `forward` and
the gradient g = ∂L/∂(output), of the same shape, and returns ∂L/∂x. Floats of 32 bits or more keep their width, other
numbers become float64; nothing that is passed in is changed, unless it is passed as `out`.
"""

import numpy as np

from nnlib import checks, row_kernels
from nnlib.blocks import by_row_blocks


class Sigmoid:
    """σ(x) = 1 / (1 + e^−x) = min(1, e^x) / (1 + e^−|x|).

    The second form never overflows and keeps every digit on both sides of 0.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 3.10.
    """

    def forward(self, x):
        """σ(x), shape (B, n). Raises: TypeError, ValueError for anything but a finite (B, n) matrix of real numbers."""
        x = checks.finite_matrix("Sigmoid", "x", x)
        return np.exp(np.minimum(x, 0)) / (1 + np.exp(-abs(x)))

    def backward(self, x, grad):
        """g σ(x) (1 − σ(x)) = g e / (1 + e)²  with e = e^−|x|, shape (B, n). Raises: as forward, for grad too."""
        x = checks.finite_matrix("Sigmoid", "x", x)
        grad = checks.like("Sigmoid", "grad", grad, x)
        e = np.exp(-abs(x))
        total = 1 + e
        return grad * e / (total * total)


class Tanh:
    """tanh(x) = (e^x − e^−x) / (e^x + e^−x).

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.3.2.
    """

    def forward(self, x):
        """tanh(x), shape (B, n). Raises: TypeError, ValueError for anything but a finite (B, n) matrix of reals."""
        return np.tanh(checks.finite_matrix("Tanh", "x", x))

    def backward(self, x, grad):
        """g (1 − tanh²(x)), shape (B, n); its error is eps of g, not of itself. Raises: as forward, for grad too."""
        x = checks.finite_matrix("Tanh", "x", x)
        grad = checks.like("Tanh", "grad", grad, x)
        tanh = np.tanh(x)
        return grad * (1 - tanh * tanh)


class ReLU:
    """max(x, 0), with derivative [x > 0]; at the kink x = 0 the subgradient 0 is used.

    Source: Nair and Hinton, Rectified linear units improve restricted Boltzmann machines, ICML 2010.
    """

    def forward(self, x):
        """max(x, 0), shape (B, n). Raises: TypeError, ValueError for anything but a finite (B, n) matrix of reals."""
        return np.maximum(checks.finite_matrix("ReLU", "x", x), 0)

    def backward(self, x, grad):
        """g [x > 0], shape (B, n). Raises: as forward, for grad too."""
        x = checks.finite_matrix("ReLU", "x", x)
        grad = checks.like("ReLU", "grad", grad, x)
        return grad * (x > 0)


class _RowActivation:
    """A function of a whole row; its arithmetic is a pair of kernels, run block by block."""

    def forward(self, x, *, out=None, threads=1):
        """The class's formula, shape (B, n).

        out: a C-contiguous array of x's shape and dtype to write into, or x itself. threads: row blocks at a time.
        Raises: TypeError, ValueError for anything but a (B, n) matrix of real numbers below +∞ with something besides
        the mask −∞ in every row, and for an unsuitable out.
        """
        name = type(self).__name__
        x = checks.matrix(name, "x", x)
        out = checks.output(name, out, x)
        by_row_blocks(self._forward, x, out, threads=threads)
        return out

    def backward(self, x, grad, *, out=None, threads=1):
        """∂L/∂x by the class's formula, shape (B, n), from grad (B, n). Raises: as forward, for grad too, finite."""
        name = type(self).__name__
        x = checks.matrix(name, "x", x)
        grad = checks.like(name, "grad", grad, x)
        out = checks.output(name, out, x, grad)
        by_row_blocks(self._backward, x, out, grad, threads=threads)
        return out


class Softmax(_RowActivation):
    """p_i = e^{x_i} / Σ_k e^{x_k} for each row, computed from x − max x;  backward: p_i (g_i − Σ_k g_k p_k).

    A masked class, x_i = −∞, has p_i = 0 and gradient 0. No (n, n) Jacobian is ever formed.
    Source: Bridle, Probabilistic interpretation of feedforward classification network outputs (1990).
    """

    def _forward(self, x, out):
        row_kernels.softmax("Softmax", x, out)

    def _backward(self, x, out, grad):
        row_kernels.softmax_backward("Softmax", x, out, grad)


class LogSoftmax(_RowActivation):
    """log p_i = x_i − log Σ_k e^{x_k} for each row, computed from x − max x;  backward: g_i − p_i Σ_k g_k.

    A masked class, x_i = −∞, has log p_i = −∞.
    Source: Blanchard, Higham and Higham, IMA J. Numer. Anal. 41 (2021).
    """

    def _forward(self, x, out):
        row_kernels.log_softmax("LogSoftmax", x, out)

    def _backward(self, x, out, grad):
        row_kernels.log_softmax_backward("LogSoftmax", x, out, grad)
