"""A linear layer with softmax and cross entropy, whose matrix of logits never exists as a whole.

With a vocabulary for classes the logits of a batch dwarf everything else in memory. Here they are made, turned into
their gradient and used up by one block of rows after another.
"""

import numpy as np

from nnlib import settings
from nnlib.blocks import by_row_blocks, row_blocks, rows_of, rows_per_block
from nnlib.layers import FullyConnectedLayer
from nnlib.softmax_cross_entropy import SoftmaxCrossEntropy

NAME = "LinearSoftmaxCrossEntropy"

BLOCKS = 22
"""A block holds at most 1/22 of the logits (4.5 %), unless it fits in the cache anyway. Fewer rows would slow the
matrix products down, for which W and its gradient travel from memory once a block."""

TILE = 16
"""Rows of a block are a multiple of this where they can be: matrix products work in tiles of so many rows."""


class LinearSoftmaxCrossEntropy:
    """L = cross entropy of softmax(x W + β), as SoftmaxCrossEntropy(FullyConnectedLayer(x)), B × n logits never formed.

    For a block of rows b, with G_b the gradient of L by its logits: ∂L/∂x_b = G_b Wᵀ, ∂L/∂W = Σ_b x_bᵀ G_b and
    ∂L/∂β = Σ_b 1ᵀ G_b.

    layer: the FullyConnectedLayer whose parameters are used. loss: a SoftmaxCrossEntropy, with any of its options.
    Source: Wijmans, Huval, Hertzberg, Koltun and Krähenbühl, Cut your losses in large-vocabulary language models,
    ICLR 2025, for the aim; the blocks here are of rows, so that nothing is computed twice.
    """

    def __init__(self, layer, loss=None):
        """loss: None for a plain SoftmaxCrossEntropy(). Raises: TypeError when layer or loss is something else."""
        loss = SoftmaxCrossEntropy() if loss is None else loss
        self.layer = settings.instance(NAME, "layer", layer, FullyConnectedLayer)
        self.loss = settings.instance(NAME, "loss", loss, SoftmaxCrossEntropy)

    def forward(self, x, y):
        """The loss, a scalar, for x (B, inputs) and y, classes (B,) or rows (B, n).

        Raises: as FullyConnectedLayer.forward for x, as SoftmaxCrossEntropy.forward for y.
        """
        x, weights, bias = self.layer.operands(x)
        losses = np.empty_like(x[:, 0])
        kernel, targets, divisor = self._plan(x, y)
        for rows, logits in self._logits(x, weights, bias):
            by_row_blocks(kernel, logits, losses[rows], None, *rows_of(targets, rows))
        return np.add.reduce(losses) / divisor

    def backward(self, x, y):
        """(∂L/∂x, ∂L/∂W, ∂L/∂β), shapes (B, inputs), (inputs, n), (n,). Raises: as forward."""
        return self.value_and_gradient(x, y)[1]

    def value_and_gradient(self, x, y):
        """(L, (∂L/∂x, ∂L/∂W, ∂L/∂β)) in one sweep over blocks of rows. Raises: as forward."""
        x, weights, bias = self.layer.operands(x)
        losses, grad_x = np.empty_like(x[:, 0]), np.empty_like(x, order="C")
        grad_w, grad_b = np.empty_like(weights, order="C"), np.empty_like(bias)
        kernel, targets, divisor = self._plan(x, y)
        for rows, block in self._logits(x, weights, bias):
            by_row_blocks(kernel, block, losses[rows], block, *rows_of(targets, rows))
            np.matmul(block, weights.T, out=grad_x[rows])
            _add_product(x[rows], block, grad_w, grad_b, fresh=rows.start == 0)
        return np.add.reduce(losses) / divisor, (grad_x, grad_w, grad_b)

    def _plan(self, x, y):
        return self.loss.plan(y, (len(x), self.layer.outputs), x.dtype)

    def _logits(self, x, weights, bias):
        """(rows, x[rows] W + β) for each block of rows, always in the same memory."""
        size = max(len(x) // BLOCKS // TILE * TILE, rows_per_block(self.layer.outputs * x.itemsize))
        memory = np.empty_like(weights, shape=(min(size, len(x)), self.layer.outputs), order="C")
        for rows in row_blocks(len(x), size):
            block = memory[: rows.stop - rows.start]
            np.matmul(x[rows], weights, out=block)
            yield rows, np.add(block, bias, out=block)


def _add_product(x, block, grad_w, grad_b, fresh):
    """grad_w += xᵀ G and grad_b += Σ_b G_b, or = where fresh; x (rows, inputs), G (rows, n).

    NumPy's product cannot add to its output, so it is added panel by panel while the panel is in the cache.
    """
    if fresh:
        np.matmul(x.T, block, out=grad_w)
        np.add.reduce(block, axis=0, out=grad_b)
        return
    grad_b += np.add.reduce(block, axis=0)
    for columns in row_blocks(block.shape[1], rows_per_block(x.shape[1] * x.itemsize)):
        grad_w[:, columns] += x.T @ block[:, columns]
