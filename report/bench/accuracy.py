"""The worst error of the fused pass in units of eps, row by row, against 350 digits, for nnlib and its peers.

The truth is the definition, L = −log p_c and p_k − δ_kc of p = softmax(o), at so many digits that 1 − p keeps 40 of
them wherever a double can hold it. An error is relative to the truth, or to the smallest normal number of the type
where the truth is less, in eps of the type. The budget of an entry is (|o_k − max| + 4) eps: exp's condition and a few
roundings; for the loss and the target's entry, made of the other entries, it is the nearest other's.
"""

import numpy as np

from report.bench import peers
from report.bench.machine import installed

DIGITS = 350
SIZES, QUICK_SIZES = ((24, 10), (8, 95), (2, 1000)), ((4, 5),)  # 95: no multiple of what one instruction adds
FEW = 4
QUANTITIES = ("loss", "target", "others")
SCIPY = "SciPy"


def _scaled(scale):
    return lambda rng, shape: rng.normal(size=shape) * scale


def _ties(rng, shape):
    o = np.round(rng.normal(size=shape) * 2)
    o[0] = 3
    return o


def _equal(rng, shape):
    """The sums of equal terms are rounded to the same side again and again."""
    return np.broadcast_to(rng.uniform(-3, 5, (shape[0], 1)), shape)


def _confident(rng, shape):
    """One logit stands out by 12 to 80: the target, where the target is the largest."""
    o = rng.normal(size=shape)
    o[np.arange(shape[0]), rng.integers(0, shape[1], shape[0])] += rng.uniform(12, 80, shape[0])
    return o


REGIMES = {
    **{f"scale {scale}": _scaled(scale) for scale in (1, 5, 10, 20, 50)},
    "±1e4": lambda rng, shape: rng.uniform(-1e4, 1e4, shape),
    "confident": _confident,
    "ties": _ties,
    "equal": _equal,
}


def measured(quick=False):
    """[{regime, target, dtype, errors: {quantity: {contender: eps}}, budget: {contender: share}, reasons}, …].

    target: "largest" or "any". budget: the worst error as a share of its budget; more than 1 is out of it. reasons:
    {quantity: why nnlib's error is not the smallest, or None}. A contender that is absent is None.
    """
    import mpmath

    sizes = QUICK_SIZES if quick else SIZES
    with mpmath.workdps(DIGITS):
        return [
            _row(regime, target, dtype, sizes)
            for regime in REGIMES
            for target in ("largest", "any")
            for dtype in ("float32", "float64")
        ]


def contenders():
    """{name: prepare or None}: those that are timed, and SciPy's log_softmax and softmax."""
    found = {name: prepare for name, prepare in peers.contenders().items() if name != peers.THREADS}
    return {**found, SCIPY: scipy if installed("scipy") else None}


def scipy(o, c):
    """−log_softmax(o)_c and softmax(o) − δ, as one writes them with scipy.special."""
    from scipy.special import log_softmax, softmax

    def run():
        gradient = softmax(o, axis=1)
        gradient[np.arange(len(o)), c] -= 1
        return -log_softmax(o, axis=1)[np.arange(len(o)), c].mean(), gradient / o.dtype.type(len(o))

    return run


def problems(regime, target, dtype, sizes):
    """(o, c) of one row each: (1, n) and (1,)."""
    rng = np.random.default_rng(0)
    for shape in sizes:
        logits = REGIMES[regime](rng, shape).astype(dtype)
        for o in logits:
            c = o.argmax() if target == "largest" else rng.integers(0, len(o))
            yield o[None], np.array([c])


def _row(regime, target, dtype, sizes):
    made = contenders()
    worst = {name: dict.fromkeys((*QUANTITIES, "budget"), 0.0) for name, prepare in made.items() if prepare}
    for o, c in problems(regime, target, dtype, sizes):
        exact, budget = truth(o[0], c[0]), budgets(o[0], c[0])
        for name, found in worst.items():
            errors = error(peers.as_numpy_row(made[name](o, c)()), exact, np.finfo(dtype))
            for quantity, value in _by_quantity(errors, c[0]).items():
                found[quantity] = max(found[quantity], value)
            found["budget"] = max(found["budget"], float(np.max(errors / budget)))
    absent = {name: None for name in made if name not in worst}
    errors = {quantity: {name: found[quantity] for name, found in worst.items()} | absent for quantity in QUANTITIES}
    budget = {name: found["budget"] for name, found in worst.items()} | absent
    reasons = {quantity: reason(errors[quantity], budget[peers.NNLIB]) for quantity in QUANTITIES}
    return {"regime": regime, "target": target, "dtype": dtype, "errors": errors, "budget": budget, "reasons": reasons}


def reason(errors, share):
    """Why nnlib's error is not the smallest of {contender: eps}, None where it is; share: of its budget."""
    own, least = errors[peers.NNLIB], min(value for value in errors.values() if value is not None)
    if own <= least:
        return None
    if own <= least + 1:
        return "less than a rounding apart"
    if share > 1:
        return "out of its budget"
    return "a few roundings" if own <= FEW else "within exp's own condition"


def _by_quantity(errors, c):
    others = np.delete(errors[1:], c)
    return {"loss": float(errors[0]), "target": float(errors[1 + c]), "others": float(others.max())}


def truth(o, c):
    """[L, ∂L/∂o_0, …] of one row (n,) as mpmath numbers."""
    import mpmath

    entries = [mpmath.mpf(float(entry)) for entry in o]
    largest = max(entries)
    e = [mpmath.exp(entry - largest) for entry in entries]
    total = mpmath.fsum(e)
    return [-mpmath.log(e[c] / total), *(each / total - (k == c) for k, each in enumerate(e))]


def budgets(o, c):
    """What each of [L, ∂L/∂o_0, …] may be off by, in eps, shape (1 + n,)."""
    distance = o.max() - o.astype(float)
    nearest = np.delete(distance, c).min()
    distance[c] = nearest
    return np.concatenate([[nearest], distance]) + FEW


def error(found, exact, info):
    """|found − exact| / (eps max(|exact|, smallest normal)) of each number, shape (1 + n,); ∞ for NaN."""
    import mpmath

    def one(got, want):
        if not np.isfinite(got):
            return np.inf
        scale = max(abs(want), mpmath.mpf(float(info.tiny)))
        return float(abs(mpmath.mpf(float(got)) - want) / scale / mpmath.mpf(float(info.eps)))

    return np.array([one(got, want) for got, want in zip(found, exact, strict=True)])
