"""Domains of inputs as data: what an array may hold, in words, and how to draw a test input from it.

`draw(rng, shape, classes)` returns a float64 array (int64 for classes); random and signed where the domain allows it.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Domain:
    """A set of arrays: a name, a description for messages and reports, and a way to draw from it."""

    name: str
    text: str
    draw: Callable


def _rows(rng, shape, classes):
    positive = rng.gamma(1.0, size=shape) + 1e-3
    return positive / positive.sum(axis=-1, keepdims=True)


def _log_rows(rng, shape, classes):
    from numpy import log

    return log(_rows(rng, shape, classes))


def _some(rng, shape):
    keep = rng.integers(0, 2, shape).astype(float)
    keep[rng.integers(0, len(keep))] = 1.0
    return keep


def _away(rng, shape, classes):
    return rng.choice((-1.0, 1.0), size=shape) * (0.1 + rng.gamma(1.0, size=shape))


REAL = Domain("real", "any real numbers", lambda rng, shape, classes: rng.normal(scale=2.0, size=shape))
POSITIVE = Domain("positive", "positive numbers", lambda rng, shape, classes: 0.25 + rng.gamma(1.0, size=shape))
SIMPLEX = Domain("simplex", "rows of positive numbers that sum to one", _rows)
LOG_SIMPLEX = Domain("log simplex", "rows of logarithms of positive numbers that sum to one", _log_rows)
UNIT = Domain("unit", "a number between 0 and 1", lambda rng, shape, classes: rng.uniform(0.05, 0.95, size=shape))
KEEP = Domain("keep", "1 for rows that count, 0 for those ignored", lambda rng, shape, classes: _some(rng, shape))
CLASSES = Domain(
    "classes", "whole numbers from 0 to n − 1", lambda rng, shape, classes: rng.integers(0, classes, shape)
)
AWAY_FROM_ZERO = Domain("nonzero", "real numbers other than 0", _away)
