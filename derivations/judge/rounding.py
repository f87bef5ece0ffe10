"""How far a result is from the truth, and how far rounding may take it."""

import numpy as np

from derivations.judge.situations import MASKS
from derivations.judge.truth import Truth, floats

ROOM = 40  # roundings per rounding of the derived formula; float32 inside float64 is off by 2**29 of them
UNDERFLOW = 64  # smallest normal numbers: what an exponential that underflows may cost an entry, per unit of input


def is_a_limit(question, situation, output):
    """Whether Σ y log p holds 0 · (−∞) there: a loss with targets as rows, which is defined by its limit only."""
    value = question.outputs[output] == "the value"
    return value and "y" in question.names and situation.name in MASKS


def distance(have, low, high, truth: Truth):
    """|have − want| with want the nearest number between low and high, and the bound; the truth to all its digits."""
    with np.errstate(all="ignore"):
        off = np.where(have < low, low - have, np.where(have > high, have - high, 0.0))
        exact = np.array(
            [abs(float(x - y)) if np.isfinite(y) else np.inf for x, y in zip(truth.value.flat, have.flat, strict=True)]
        )
        single = (low == high) & np.isfinite(low)
        off = np.where(single, exact.reshape(have.shape), off)
    off = np.where(np.isnan(have), np.inf, off)
    return np.where(have == low, np.where(np.isinf(low), 0.0, off), off), truth.bound


def beyond(truth: Truth, dtype):
    """Where the truth is a number that is too large for the type; the infinity of a masked logit is none."""
    return np.abs(floats(truth.value)) >= np.finfo(dtype).max


def underflow(arrays, dtype):
    return UNDERFLOW * float(np.finfo(dtype).tiny) * max([1.0, *map(largest, arrays)])


def largest(array):
    """The largest finite magnitude in an array, 0 where there is none."""
    array = np.asarray(array, dtype=float)
    return float(np.abs(array[np.isfinite(array)]).max(initial=0.0))


def rank(off):
    """How bad an entry is: infinitely where it is not finite, else by its error."""
    return np.where(np.isfinite(off), off, np.finfo(float).max)


def digits_left(error):
    return 0.0 if not error < 1 else float(-np.log10(max(error, 1e-17)))
