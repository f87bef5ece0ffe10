"""The linear layer. It holds its two parameters and nothing else: no cache, so the order of calls cannot matter."""

import numpy as np

from nnlib import checks, settings


class FullyConnectedLayer:
    """z = x W + β.

    weights W (inputs, outputs), drawn uniformly from ±√(6 / (inputs + outputs)); bias β (outputs,), zeros. Both can be
    assigned: NumPy arrays of that shape, of any real dtype; the dtype of x is the one computed in. An array of floats
    is kept and not copied, so that it can be trained in place; what is written into it later is not checked.
    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward networks, AISTATS 2010.
    """

    def __init__(self, inputs, outputs, rng=0):
        """inputs, outputs: positive integers. rng: a seed or a numpy.random.Generator.

        Raises: TypeError, ValueError for other sizes.
        """
        self.inputs = settings.size("FullyConnectedLayer", "inputs", inputs)
        self.outputs = settings.size("FullyConnectedLayer", "outputs", outputs)
        limit = np.sqrt(6 / (self.inputs + self.outputs))
        self.weights = np.random.default_rng(rng).uniform(-limit, limit, (self.inputs, self.outputs))
        self.bias = np.zeros(self.outputs)

    @property
    def weights(self):
        """W, shape (inputs, outputs). Assigning raises TypeError, ValueError for another shape or NaN or ±∞."""
        return self._weights

    @weights.setter
    def weights(self, weights):
        shape = (self.inputs, self.outputs)
        self._weights = checks.finite_matrix("FullyConnectedLayer", "weights", weights, shape)

    @property
    def bias(self):
        """β, shape (outputs,); a row (1, outputs) is taken too. Assigning raises as for the weights."""
        return self._bias

    @bias.setter
    def bias(self, bias):
        self._bias = checks.row("FullyConnectedLayer", "bias", bias, self.outputs)

    def forward(self, x):
        """x W + β, shape (B, outputs), for x (B, inputs). Raises: TypeError, ValueError for other x, NaN or ±∞."""
        x, weights, bias = self.operands(x)
        return x @ weights + bias

    def backward(self, x, grad):
        """(g Wᵀ, xᵀ g, Σ_b g_b), shapes (B, inputs), (inputs, outputs), (outputs,), for grad g (B, outputs).

        Raises: as forward, for grad too.
        """
        x, weights, _ = self.operands(x)
        grad = checks.finite_matrix("FullyConnectedLayer", "grad", grad, (len(x), self.outputs))
        grad = checks.finite_cast("FullyConnectedLayer", "grad", grad, x.dtype)
        return grad @ weights.T, x.T @ grad, np.add.reduce(grad, axis=0)

    def operands(self, x):
        """(x, W, β) as arrays of floats, all of x's dtype. Raises: as forward."""
        x = checks.finite_matrix("FullyConnectedLayer", "x", x, (None, self.inputs))
        weights = checks.finite_cast("FullyConnectedLayer", "weights", self.weights, x.dtype)
        return x, weights, checks.finite_cast("FullyConnectedLayer", "bias", self.bias, x.dtype)
