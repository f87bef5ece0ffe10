"""The arithmetic of softmax on one block of rows; `blocks` drives it, `cross_entropy_kernels` builds on it.

Letters: o logits, m their row maximum, e_k = exp((o_k − m)/T), Z = Σ_k e_k, p = e/Z.
`operation` is the name an error message will use. Nothing here checks its input except through `checks`.

Source: Blanchard, Higham and Higham, Accurately computing the log-sum-exp and softmax functions, IMA J. Numer. Anal.
41 (2021), for the shift by m.
"""

import numpy as np

from nnlib import checks

NARROW = 32
"""Classes up to which a transposed copy costs less than the 50 to 100 ns that NumPy takes to begin with each row."""

SHORT = 16
"""Entries of a row that np.add.reduce sums one after another, or nearly so, to within some two eps."""

CHUNK_BYTES = 512
"""Bytes of a row that einsum sums in one go: in a chunk twice as long the roundings of equal entries, all to one side,
pile up to more than the budget of a gradient's entry, (|o_k − max| + 4) eps; a shorter one costs time."""


def row_maxima(operation, logits):
    """max_k o_k, shape (B, 1). Raises: ValueError when a row holds NaN or +∞ or nothing but −∞."""
    rows, classes = logits.shape
    if classes <= NARROW and classes < rows:
        maxima = np.maximum.reduce(logits.T.copy(), axis=0)[:, None]
    else:
        maxima = np.maximum.reduce(logits, axis=1, keepdims=True)
    checks.row_maxima(operation, maxima, logits)
    return maxima


def row_sums(e):
    """Σ_k e_k, shape (B,), for a C-contiguous e (B, n): sums of chunks of the row, then of those sums likewise."""
    rows, classes = e.shape
    if classes <= SHORT:
        return np.add.reduce(e, axis=1)
    chunks = -(-classes * e.itemsize // CHUNK_BYTES)
    width, rest = divmod(classes, chunks)
    sums = np.einsum("bcw->bc", e[:, : classes - rest].reshape(rows, chunks, width))
    if rest:
        sums[:, :rest] += e[:, classes - rest :]
    return row_sums(sums) if chunks > 1 else sums[:, 0]


def shift(logits, maxima, out=None, temperature=1):
    """(o − m)/T, shape (B, n), never positive, into `out` where one is given; maxima m (B, 1)."""
    shifted = np.subtract(logits, maxima, out=out, order="C")
    return shifted if temperature == 1 else np.divide(shifted, temperature, out=shifted)


def exponentials(logits, maxima, out=None, temperature=1):
    """e, shape (B, n), into `out` where one is given; maxima m (B, 1)."""
    shifted = shift(logits, maxima, out, temperature)
    return np.exp(shifted, out=shifted)


def softmax(operation, logits, p, temperature=1):
    """p = e / Z, written into p (B, n)."""
    exponentials(logits, row_maxima(operation, logits), p, temperature)
    np.divide(p, row_sums(p)[:, None], out=p)


def log_softmax(operation, logits, log_p):
    """log p = (o − m) − log Z, written into log_p (B, n)."""
    shift(logits, row_maxima(operation, logits), log_p)
    np.subtract(log_p, np.log(row_sums(np.exp(log_p)))[:, None], out=log_p)


def softmax_backward(operation, logits, gradient, upstream):
    """p (g − Σ_k g_k p_k), written into gradient (B, n)."""
    softmax(operation, logits, gradient)
    mean = np.add.reduce(upstream * gradient, axis=1, keepdims=True)
    np.multiply(gradient, upstream - mean, out=gradient)


def log_softmax_backward(operation, logits, gradient, upstream):
    """g − p Σ_k g_k, written into gradient (B, n)."""
    softmax(operation, logits, gradient)
    np.multiply(gradient, np.add.reduce(upstream, axis=1, keepdims=True), out=gradient)
    np.subtract(upstream, gradient, out=gradient)
