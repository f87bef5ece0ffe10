"""Somebody's code called with arrays, and what it returns as plain arrays."""

import io
import warnings
from contextlib import redirect_stdout

import numpy as np


def called(claim, arrays):
    """What the code returns; what it prints and warns of is swallowed."""
    with np.errstate(all="ignore"), warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        return claim.call(*arrays)


def flat(raw, wanted):
    """The outputs as a list of plain arrays; a list that stands for one array becomes one."""
    if wanted == 1:
        return [plain(raw)]
    if not isinstance(raw, tuple | list):
        return [plain(raw)]
    if len(raw) == wanted:  # nested lists may stand for arrays
        return [plain(part) for part in raw]
    return [plain(leaf) for part in raw for leaf in (part if isinstance(part, tuple | list) else [part])]


def plain(value):
    """An ndarray of numbers, of no subclass, that shares memory with the value where it is an array."""
    if value is None:
        raise TypeError("returned None where an array was expected")
    found = np.asarray(value)
    if found.dtype.kind in "USMm":
        raise TypeError(f"returned {found.dtype} where numbers were expected")
    return found if found.dtype != object else found.astype(float)


def copied(array):
    """A copy that has the strides of the original."""
    wide = array.base if isinstance(array.base, np.ndarray) and array.base.shape != array.shape else None
    if wide is None or not array.size:
        return np.array(array, order="K", copy=True)
    made = np.lib.stride_tricks.as_strided(wide.copy(), array.shape, array.strides, writeable=True)
    if any(stride < 0 for stride in array.strides):
        return np.array(array[tuple(slice(None, None, -1) for _ in array.shape)])[
            tuple(slice(None, None, -1) for _ in array.shape)
        ]
    made[...] = array
    return made
