"""Array code without the copies that NumPy makes of rows where it broadcasts.

A ufunc that broadcasts copies as many rows as its buffer of 8192 entries can hold, if that is several, though nothing
has to be converted; with a buffer smaller than a row it works on them where they lie, and the numbers are the same.
Source: github.com/numpy/numpy/issues/17471.
"""

import numpy as np

WIDTHS = range(256, 4097)  # of rows that are copied for longer than it takes to prevent it
MANY = 1 << 15  # entries


def unbuffered(call, arrays):
    """call(*arrays), with NumPy's buffer smaller than their rows where these would be copied."""
    if not any(np.ndim(x) > 1 and np.shape(x)[-1] in WIDTHS and np.size(x) >= MANY for x in arrays):
        return call(*arrays)
    before = np.setbufsize(WIDTHS.start)
    try:
        return call(*arrays)
    finally:
        np.setbufsize(before)
