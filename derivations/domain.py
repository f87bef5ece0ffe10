"""Domains of inputs as data: what an array may hold, in words, and how to draw a test input from it.

`draw(rng, shape, classes)` returns a float64 array (int64 for classes); random and signed where the domain allows it.
`holds(array)` says whether an array of finite numbers is in it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Domain:
    """A set of arrays: a name, a description for messages and reports, and a way to draw from it."""

    name: str
    text: str
    draw: Callable
    holds: Callable = lambda array: True

    def require(self, operation, name, value):
        """Raises: ValueError where the value is not in it."""
        array = np.asarray(value)
        if array.dtype.kind not in "biuf" or not (np.isfinite(array).all() and self.holds(array)):
            raise ValueError(f"{operation}: expected {name} as {self.text}, got {value!r}"[:500])


def _rows(rng, shape, classes):
    positive = rng.gamma(1.0, size=shape) + 1e-3
    return positive / positive.sum(axis=-1, keepdims=True)


def _sums_to_one(rows):
    """A 0 is a limit that the arithmetic can take."""
    return (rows >= 0).all() and np.allclose(rows.sum(axis=-1), 1)


def _log_rows(rng, shape, classes):
    return np.log(_rows(rng, shape, classes))


def _some(rng, shape):
    keep = rng.integers(0, 2, shape).astype(float)
    keep[rng.integers(0, len(keep))] = 1.0
    return keep


def _away(rng, shape, classes):
    return rng.choice((-1.0, 1.0), size=shape) * (0.1 + rng.gamma(1.0, size=shape))


REAL = Domain("real", "any real numbers", lambda rng, shape, classes: rng.normal(scale=2.0, size=shape))
POSITIVE = Domain(
    "positive",
    "positive numbers",
    lambda rng, shape, classes: 0.25 + rng.gamma(1.0, size=shape),
    lambda x: (x > 0).all(),
)
SIMPLEX = Domain("simplex", "rows of positive numbers that sum to one", _rows, _sums_to_one)
LOG_SIMPLEX = Domain("log simplex", "rows of logarithms of positive numbers that sum to one", _log_rows)
UNIT = Domain(
    "unit",
    "a number between 0 and 1",
    lambda rng, shape, classes: rng.uniform(0.05, 0.95, size=shape),
    lambda x: 0 <= x <= 1,
)
KEEP = Domain(
    "keep",
    "1 for rows that count, 0 for those ignored",
    lambda rng, shape, classes: _some(rng, shape),
    lambda x: x.any() and np.isin(x, (0, 1)).all(),
)
CLASSES = Domain(
    "classes", "whole numbers from 0 to n − 1", lambda rng, shape, classes: rng.integers(0, classes, shape)
)
AWAY_FROM_ZERO = Domain("nonzero", "real numbers other than 0", _away)
