"""The shapes and float types at which softmax with cross entropy is measured, as far as the machine's memory allows."""

import numpy as np

from report.bench.machine import free_memory

SHAPES = ((32, 10), (128, 1000), (64, 50257), (512, 32000), (4096, 32000))
LARGEST = SHAPES[2:]
QUICK_SHAPES = ((4, 3), (32, 10))
DTYPES = ("float32", "float64")
LOGITS_AT_ONCE = 13  # matrices of the size of the logits that all contenders hold together, results included


def too_large(B, n, dtype):
    """Why a shape is not measured here, or None."""
    need, free = LOGITS_AT_ONCE * B * n * np.dtype(dtype).itemsize, free_memory()
    if free is not None and need > free:
        return f"needs {need / 2**30:.1f} GiB, {free / 2**30:.1f} GiB are free"
    return None
