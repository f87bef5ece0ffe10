"""The inputs in which mistakes hide that exact arithmetic does not show: rounding, overflow, saturation, ties, masks.

A situation says how entries are drawn. `drawn` makes the arguments of an operation's function from the domains of its
inputs: one letter has one meaning, so that o are logits everywhere, y targets and c classes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

INF = float("inf")


def normal(rng, shape):
    """Ordinary numbers, signed, of scale 1.5."""
    return rng.normal(size=shape) * 1.5


def signed(rng, shape):
    """An upstream gradient: of both signs, below 1 and not uniform."""
    return rng.uniform(-0.95, 0.95, size=shape)


def scaled(scale, draw=normal):
    """draw times a number."""
    return lambda rng, shape: scale * draw(rng, shape)


def shifted(offset, draw=normal):
    """draw plus a number."""
    return lambda rng, shape: draw(rng, shape) + offset


def cycled(*numbers):
    """These numbers, in an order of their own in every row."""
    return lambda rng, shape: rng.permuted(np.resize(np.array(numbers, float), shape), axis=-1) if shape else numbers[0]


def gaps(rng, shape):
    """Rows far apart from each other."""
    rows = np.resize([0.0, -900.0, 300.0], shape[:1]).reshape(-1, *[1] * (len(shape) - 1))
    return normal(rng, shape) + rows


def tied(rng, shape):
    """Rows in which two entries share the largest number."""
    made = normal(rng, shape)
    made[..., :2] = 2.5
    return made


def masked(rng, shape):
    """One −∞ in every row that has other entries."""
    made = normal(rng, shape)
    if shape[-1] > 1:
        rows = np.arange(shape[0])
        made[rows, rows % shape[-1]] = -INF
    return made


def dominant(by):
    """One entry of every row larger by that much; it is the first of the first row, the second of the second, …"""

    def draw(rng, shape):
        made = normal(rng, shape)
        rows = np.arange(shape[0])
        made[rows, rows % shape[-1]] += by
        return made

    return draw


def rows_that_sum_to_one(rng, shape):
    """Probabilities, none of them small."""
    p = rng.uniform(0.1, 1, size=shape)
    return p / p.sum(axis=-1, keepdims=True)


def with_tiny(tiny):
    """Probabilities of which all but one are near `tiny`."""

    def draw(rng, shape):
        p = tiny * rng.uniform(0.5, 1, size=shape)
        rows = np.arange(shape[0])
        p[rows, rows % shape[-1]] = 0
        p[rows, rows % shape[-1]] = 1 - p.sum(axis=-1)
        return p

    return draw


@dataclass(frozen=True)
class Situation:
    """calm: nothing is extreme, so that a right formula keeps its digits; only: names of the inputs that it is about.

    entries: of the input that is differentiated by, probabilities: where these are probabilities; targets: "soft",
    "one-hot", or of whole numbers "integer"; upstream: the upstream gradient; arranged: what is done to
    every array.
    """

    name: str
    rows: int = 3
    columns: int = 4
    entries: Callable = normal
    probabilities: Callable = rows_that_sum_to_one
    targets: str = "soft"
    upstream: Callable = signed
    calm: bool = True
    only: tuple[str, ...] = ()
    arranged: Callable | None = None
    others: Callable = normal  # the other real inputs


def integers(rng, shape):
    return rng.integers(-4, 5, size=shape)


def strided(array):
    """A view of every second entry of every axis."""
    wide = np.full([2 * size for size in array.shape], 7, array.dtype)
    view = wide[tuple(slice(None, None, 2) for _ in array.shape)]
    view[...] = array
    return view


def backwards(array):
    """A view whose axes all run backwards through memory."""
    turn = tuple(slice(None, None, -1) for _ in array.shape)
    return array[turn].copy()[turn]


LOGITS = ("o",)
MASKS = ("a logit of −∞", "a log-probability of −∞")
SITUATIONS = (
    Situation("ordinary numbers"),
    Situation("one row", rows=1),
    Situation("one class", columns=1),
    Situation("two classes", rows=1, columns=2),
    Situation("as many rows as classes", rows=3, columns=3),
    Situation("67 classes", rows=2, columns=67),
    Situation("40 rows", rows=40, columns=3),
    Situation("tiny numbers, 1e-8", entries=scaled(1e-8)),
    Situation("integers given as floats", entries=lambda rng, shape: integers(rng, shape) * 1.0),
    Situation("positive numbers", entries=lambda rng, shape: rng.uniform(0.1, 3, size=shape)),
    Situation("negative numbers", entries=lambda rng, shape: rng.uniform(-3, -0.1, size=shape)),
    Situation("the largest number twice", entries=tied),
    Situation("all numbers equal", entries=lambda rng, shape: np.full(shape, 0.75)),
    Situation("one-hot targets", targets="one-hot"),
    Situation("upstream gradient 0", upstream=lambda rng, shape: np.zeros(shape)),
    Situation("upstream gradient 1", upstream=lambda rng, shape: np.ones(shape)),
    Situation(
        "one-hot upstream gradient", upstream=lambda rng, shape: 1.0 * (np.arange(np.prod(shape)) == 1).reshape(shape)
    ),
    Situation("upstream gradient times 1e6", upstream=scaled(1e6, signed)),
    Situation("upstream gradient times 1e-6", upstream=scaled(1e-6, signed)),
    Situation("upstream gradient times 1e-12", upstream=scaled(1e-12, signed)),
    Situation("one dominant class, one-hot targets", entries=dominant(40), targets="one-hot", calm=False),
    Situation("one dominant class", entries=dominant(40), calm=False),
    Situation(
        "confident and wrong", entries=lambda rng, shape: dominant(40)(rng, shape)[::-1], targets="one-hot", calm=False
    ),
    Situation("numbers of scale 30", entries=scaled(20), calm=False),
    Situation("saturated, around ±25", entries=cycled(20.5, -20.5, 25.0, -25.0, 30.0, -30.0, 12.0), calm=False),
    Situation("numbers of scale 1e4", entries=scaled(1e4), calm=False),
    Situation("around ±100", entries=cycled(90.0, -95.0, 104.0, -88.0, 150.0, -150.0), calm=False),
    Situation("around ±800", entries=cycled(800.0, -800.0, 0.0, 799.5, -745.0, 710.0), calm=False),
    Situation("all around 1000", entries=shifted(1000), calm=False),
    Situation("all around −1000", entries=shifted(-1000), calm=False),
    Situation("rows far apart", entries=gaps, calm=False),
    Situation("at the kink, 0", entries=cycled(0.0, 1.0, -0.0, -1.0, 0.5), only=("x",), calm=False),
    Situation("near the kink", entries=cycled(1e-8, -1e-8, 1e-7, -1e-7, 1e-12, -1e-30), only=("x",), calm=False),
    Situation(MASKS[0], entries=masked, only=LOGITS, calm=False),
    Situation("tiny probabilities, 1e-9", probabilities=with_tiny(1e-9), only=("p",), calm=False),
    Situation("tiny probabilities, 1e-14", probabilities=with_tiny(1e-14), only=("p", "ell"), calm=False),
    Situation(
        "tiny probabilities, 1e-30, at wrong predictions",
        rows=4,
        columns=3,
        targets="one-hot",
        probabilities=lambda rng, shape: with_tiny(1e-30)(rng, shape)[::-1],
        only=("p", "ell"),
        calm=False,
    ),
    Situation(MASKS[1], probabilities=with_tiny(0.0), only=("ell",), calm=False),
)
ARRANGED = (
    Situation("Fortran order", arranged=np.asfortranarray),
    Situation("every second entry of larger arrays", arranged=strided),
    Situation(
        "reversed views",
        arranged=backwards,
    ),
)
INTEGERS = (
    Situation("integer inputs", entries=integers),
    Situation("integer targets", targets="integer"),
)


def drawn(function, specification, situation, rng, dtype=np.float64, fixed=None):
    """The arguments of the function as arrays of that float type, by the names of its arguments.

    fixed: {name: value} of the inputs that are given.
    """
    sizes = {"B": situation.rows, "n": situation.columns, "m": max(1, situation.columns - 1), "h": 2}
    if situation.rows == situation.columns:
        sizes |= {"m": situation.columns, "h": situation.columns}
    return _Draw(function, specification, situation, rng, sizes, dtype, fixed or {}).arguments()


class _Draw:
    def __init__(self, function, specification, situation, rng, sizes, dtype, fixed):
        self._function, self._situation, self._rng, self._sizes, self._dtype = function, situation, rng, sizes, dtype
        self._inputs = {x.name: x for x in specification.inputs}
        self._by = {str(array.label) for array in specification.by}
        self._fixed = fixed

    def arguments(self):
        names = [str(getattr(x, "label", x)) for x in self._function.arguments]
        made = {}
        for name, argument in zip(names, self._function.arguments, strict=True):
            shape = tuple(self._sizes[str(size)] for size in getattr(argument, "shape", None) or ())
            made[name] = self._array(name, shape)
        self._keep_finite(made)
        arrange = self._situation.arranged or (lambda x: x)
        typed = [self._typed(made[name]) for name in names]
        return [arrange(x) if x.ndim else x for x in typed]

    def _typed(self, array):
        array = np.asarray(array)
        if array.dtype.kind in "iu":
            return array
        return array.astype(self._dtype)

    def _array(self, name, shape):
        if name in self._fixed:
            return np.asarray(self._fixed[name])
        if name not in self._inputs:
            return self._situation.upstream(self._rng, shape)
        domain = self._inputs[name].domain.name
        if domain == "simplex" and name in self._by:
            return self._situation.probabilities(self._rng, shape)
        if domain == "log simplex":
            with np.errstate(divide="ignore"):
                return np.log(self._situation.probabilities(self._rng, shape))
        if domain == "simplex":
            return self._targets(shape)
        if domain == "classes":
            rows = np.arange(shape[0])
            most = self._sizes["n"]
            return rows % most if self._situation.targets == "one-hot" else self._rng.integers(0, most, shape)
        if domain in ("positive", "unit", "keep"):
            return self._inputs[name].domain.draw(self._rng, shape, self._sizes["n"])
        chosen = name in self._by and len(shape) == 2
        return (self._situation.entries if chosen else self._situation.others)(self._rng, shape)

    def _targets(self, shape):
        if self._situation.targets == "soft":
            return rows_that_sum_to_one(self._rng, shape)
        y = np.eye(shape[1])[np.arange(shape[0]) % shape[1]]
        return y.astype(int) if self._situation.targets == "integer" else y

    def _keep_finite(self, made):
        """Where a logit is −∞, the target is 0: elsewhere the loss is infinite."""
        scores = next((made[name] for name in ("o", "ell") if name in made and np.isinf(made[name]).any()), None)
        if scores is None:
            return
        if "y" in made:
            y = np.where(np.isinf(scores), 0, made["y"])
            made["y"] = y / y.sum(axis=1, keepdims=True)
        if "c" in made:
            made["c"] = np.where(np.isinf(scores), -1, np.arange(scores.shape[1])).max(axis=1)
