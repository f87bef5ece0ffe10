"""Somebody's code called with arrays, and what it returns as plain arrays."""

import io
import warnings
from contextlib import redirect_stdout

import numpy as np

from derivations.execution.cannot_trace import Left
from derivations.execution.compare import are_several


class NoNumbers(Exception):
    """What the code returned is no array of numbers; the message says what it is."""


def called(claim, arrays):
    """What the code returns; what it prints and warns of is swallowed. Raises: an Exception, or KeyboardInterrupt."""
    return silently(claim.call, *arrays)


def silently(call, *arrays):
    with np.errstate(all="ignore"), warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            return call(*arrays)
        except (Exception, KeyboardInterrupt):
            raise
        except BaseException as error:
            raise Left(error) from error


def flat(raw, ranks):
    """The outputs as a list of plain arrays; a list that stands for one array becomes one, a dict is its values.

    ranks: how many axes each output should have. Raises: NoNumbers.
    """
    wanted = len(ranks)
    if isinstance(raw, dict):
        raw = tuple(raw.values())
    if wanted == 1 and not are_several(raw, ranks[0]):
        return [plain(raw)]
    if not isinstance(raw, tuple | list):
        return [plain(raw)]
    if len(raw) == wanted or wanted == 1:  # nested lists may stand for arrays
        return [plain(part) for part in raw]
    return [plain(leaf) for part in raw for leaf in (part if isinstance(part, tuple | list) else [part])]


def plain(value):
    """An ndarray of numbers, of no subclass, that shares memory with the value where it is an array."""
    try:
        found = np.asarray(value)
        if found.dtype == object and any(x is None for x in found.flat):  # which astype(float) takes for NaN
            raise TypeError("None is no number")
        if found.dtype.kind in "USMmV":
            what = {"U": "text", "S": "text", "V": "records"}.get(found.dtype.kind, str(found.dtype))
            raise NoNumbers(f"returns {what} where numbers are expected")
        return found if found.dtype != object else found.astype(float)
    except (TypeError, ValueError) as error:  # as of None, or of rows that differ in length
        raise NoNumbers(f"returns {_of(value)} where an array of numbers is expected") from error


def _of(value):
    if value is None:
        return "None"
    name = type(value).__name__
    others = " of other things" * isinstance(value, list | tuple | np.ndarray)
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}{others}"


def copied(array):
    """A copy that has the strides of the original: negative ones, and gaps between entries."""
    if not np.ndim(array):
        return np.array(array)
    turn = tuple(slice(None, None, -1 if stride < 0 else 1) for stride in array.strides)
    forward = array[turn]
    made = np.array(forward, order="K", copy=True)
    if made.size and all(forward.strides) and made.strides != forward.strides:
        made = _with_gaps(forward)
    return made[turn]


def _with_gaps(array):
    """A copy with the strides of an array that has none below 1."""
    extent = array.itemsize + sum((size - 1) * step for size, step in zip(array.shape, array.strides, strict=True))
    memory = np.full(-(-extent // array.itemsize), 7, array.dtype)
    made = np.lib.stride_tricks.as_strided(memory, array.shape, array.strides, writeable=True)
    made[...] = array
    return made
