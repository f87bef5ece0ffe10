"""What a derived function is at given floats, to 60 digits, and how far rounding alone can take a run from it.

The bounds are those of `error_bound`, propagated along the true values: a bound cannot become infinite because an
exponential underflows on the way, so that code that overflows or divides by 0 there is not excused by it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from mpmath import MPContext

from derivations.error_bound import Evaluation

DIGITS = 60
RESIDUE = 1e-30  # of the rounding error: what 60 digits leave where terms cancel exactly
MASK = -(10**6)  # stands for −∞: its exponential is far below the smallest float


def _context():
    mp = MPContext()
    mp.dps = DIGITS
    return mp


MP = _context()
_REAL = np.frompyfunc(lambda x: MP.mpf(MASK if x == -np.inf else float(x)), 1, 1)
_FLOAT = np.frompyfunc(float, 1, 1)


@dataclass(frozen=True)
class Truth:
    """One output: value, an array of numbers of 60 digits, and bound, a float array of its shape; masked: by a −∞."""

    value: np.ndarray
    bound: np.ndarray
    masked: bool = False

    @cached_property
    def rounded(self):
        """The value in float64; what stands for −∞ is −∞."""
        found = floats(self.value)
        found = np.where(np.abs(found) < RESIDUE * self.bound, 0.0, found)
        return np.where(found < MASK / 2, -np.inf, found) if self.masked else found


def real(array):
    """Floats, or whole numbers, as an object array of exact numbers of 60 digits."""
    return np.asarray(_REAL(np.asarray(array)), dtype=object)


def floats(array):
    """An object array of numbers as float64; too large is infinite."""
    return np.asarray(_FLOAT(array), dtype=float)


class _Digits:
    """Numbers of 60 digits, as an `Evaluation` takes them."""

    exp, log, tanh, sqrt = (np.frompyfunc(getattr(MP, name), 1, 1) for name in ("exp", "log", "tanh", "sqrt"))
    divide = np.frompyfunc(lambda a, b: a / b if b else MP.nan, 2, 1)
    real, floats = staticmethod(real), staticmethod(floats)


def truths(function, arrays, dtype=np.float64):
    """[Truth, …] of a derived function (`numpy_code.Function`), with bounds for a run in that float type."""
    with np.errstate(all="ignore"):
        masked = any(np.isneginf(x).any() for x in map(np.asarray, arrays) if x.dtype.kind == "f")
        return [Truth(*pair, masked) for pair in Evaluation(function, arrays, dtype, _Digits).results()]
