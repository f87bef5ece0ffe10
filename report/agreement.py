"""Derived functions and nnlib side by side on random inputs, within what rounding can do.

Two runs of the same mathematics differ by at most the sum of their error bounds. The derived function's is computed for
the inputs at hand (derivations/error_bound.py); nnlib orders its operations differently, but never takes more of them
than that bound allows for, so the same bound stands for it: the budget is twice the bound, entry by entry.
"""

from dataclasses import dataclass

import numpy as np

from derivations.error_bound import error_bound
from report.inputs import draw

SHAPES = ((1, 1), (1, 2), (2, 1), (3, 4), (5, 2), (2, 1000), (64, 10))
DTYPES = (np.float32, np.float64)


@dataclass(frozen=True)
class Agreement:
    """Derived function and nnlib at one kind, shape and type: the worst difference as a share of the budget.

    where: the result and the position in it; got (nnlib), want (derived) there.
    """

    operation: str
    kind: str
    shape: tuple[int, int]
    dtype: str
    share: float
    where: tuple
    got: float
    want: float


def agreement(row, kind, B, n, dtype, seed=0):
    """The Agreement of a row's nnlib call with the derived function of that kind.

    Raises ValueError where the two differ in the number, the shapes or the types of their results.
    """
    function = row.operation.functions[kind]
    arrays = draw(row.operation, function, np.random.default_rng(seed), dtype, B=B, n=n)
    want, got = _results(function(*arrays)), _results(row.calls[kind](*arrays))
    forms = [[(np.shape(x), np.asarray(x).dtype) for x in side] for side in (want, got)]
    if forms[0] != forms[1]:
        raise ValueError(f"{row.name}, {kind}: the derived function gives {forms[0]}, nnlib {forms[1]}")
    bounds = error_bound(function, arrays, dtype)
    return max(
        (_worst(row.name, kind, (B, n), dtype, number, *parts)
         for number, parts in enumerate(zip(want, got, bounds, strict=True))),
        key=lambda found: found.share,
    )  # fmt: skip


def _results(value):
    return value if isinstance(value, tuple) else (value,)


def _worst(name, kind, shape, dtype, number, want, got, bound):
    off = np.abs(np.asarray(want, float) - np.asarray(got, float))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(off == 0, 0.0, off / np.broadcast_to(2 * np.asarray(bound), off.shape))
    share = np.where(np.isnan(share), np.inf, share)  # NaN is no agreement
    at = np.unravel_index(np.argmax(share), share.shape)
    entries = float(np.asarray(got)[at]), float(np.asarray(want)[at])
    where = (number, *map(int, at))
    return Agreement(name, kind, shape, np.dtype(dtype).name, float(share[at]), where, *entries)
