"""The definitions of nnlib's operations at 350 digits, the regimes they are tested in, and the one checker.

A definition takes arrays of any dtype, whose entries it reads exactly, and returns object arrays of mpmath numbers.
"""

import numpy as np
from mpmath import MPContext

mp = MPContext()  # of its own: nobody else's precision is changed
mp.dps = 350  # the definitions cancel: 1 − p keeps 40 digits even for the smallest p that a double can hold

DTYPES = (np.float32, np.float64)

SCALES = {"unit": 1, "moderate": 5, "confident": 20, "extreme": 1e4}


def logits(regime, dtype, shape=(5, 7), seed=0):
    """Logits (B, n): normal of a scale; ties; evenly spread; rows far apart; −∞ masks, but never a whole row."""
    rng = np.random.default_rng(seed)
    o = rng.normal(size=shape) * SCALES.get(regime, 3)
    if regime == "ties":
        o = np.round(o)
        o[0] = 2
    if regime == "spread":
        o = np.linspace(-300, 300, o.size).reshape(shape)[:, ::-1]
    if regime == "rows_apart":
        o += np.resize([-80, -45, 0, 15, 100], len(o))[:, None]
    if regime == "masked":
        o[rng.random(shape) < 0.4] = -np.inf
        o[:, 0] = rng.normal(size=len(o))
    return o.astype(dtype)


REGIMES = (*SCALES, "ties", "spread", "rows_apart", "masked")


def soft_targets(shape, dtype, seed=1):
    """Rows (B, n) of probabilities, normalised in their own dtype."""
    y = np.random.default_rng(seed).random(shape).astype(dtype)
    return y / y.sum(axis=1, keepdims=True)


def exact(array):
    """The entries as mpmath numbers."""
    return each(lambda entry: mp.mpf(float(entry)), np.asarray(array))


def each(function, *arrays):
    """function(entry, …) entry by entry, broadcast."""
    return np.frompyfunc(function, len(arrays), 1)(*arrays)


def softmax(o, temperature=1):
    """p_i = e^{o_i/T} / Σ_k e^{o_k/T}, (B, n)."""
    e = each(mp.exp, exact(o) / mp.mpf(temperature))
    return e / e.sum(axis=1, keepdims=True)


def rows_of(y, n):
    """Classes (B,) or rows (B, n) as rows."""
    return exact(np.eye(n)[y] if np.ndim(y) == 1 else y)


def cross_entropy_rows(p, q):
    """−Σ_i q_i log p_i of each row (B,), where 0 log 0 = 0."""
    return each(lambda q, p: -q * mp.log(p) if q else mp.mpf(0), q, p).sum(axis=1)


def distance(o):
    """|o_k − max o|, (B, n): the condition number of exp(o_k − max o), so eps times it is what any code must allow."""
    o = np.asarray(o, dtype=float)
    distance = o.max(axis=1, keepdims=True) - o
    return np.where(np.isinf(distance), 0, distance)  # e^−∞ = 0 has no error at all


def assert_within(actual, truth, budget, dtype):
    """|actual − truth| ≤ budget · eps, entry by entry, of that dtype; truth is from mpmath.

    budget: absolute, in eps, and so a number scaled like the truth. To it comes the smallest normal number, below which
    a float has no relative accuracy.
    """
    assert np.asarray(actual).dtype == dtype
    info = np.finfo(dtype)
    error = each(lambda a, t: abs(mp.mpf(float(a)) - t) if a != t else mp.mpf(0), np.asarray(actual), truth)
    allowed = np.asarray(budget, dtype=object) * mp.mpf(float(info.eps)) + mp.mpf(float(info.tiny))
    worst = each(lambda e, b: float(e / b), error, allowed)
    assert np.all(worst <= 1), f"off by {np.max(worst):.3g} times the budget"
