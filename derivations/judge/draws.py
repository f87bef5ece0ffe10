"""How the entries of an array are drawn, and what is done to it afterwards: the ingredients of situations."""

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


def constant(number):
    """That number, everywhere."""
    return lambda rng, shape: np.full(shape, number)


def gaps(rng, shape):
    """Rows far apart from each other."""
    rows = np.resize([0.0, -900.0, 300.0], shape[:1]).reshape(-1, *[1] * (len(shape) - 1))
    return normal(rng, shape) + rows


def tied(rng, shape):
    """Rows in which two entries share the largest number."""
    made = normal(rng, shape)
    made[..., :2] = 2.5
    return made


def apart(offset):
    """Numbers at least ½ from those of `around`, on either side of it."""
    return lambda rng, shape: offset + rng.choice((-1.0, 1.0), size=shape) * rng.uniform(1, 3, size=shape)


def around(offset):
    """Numbers within ½ of the offset."""
    return lambda rng, shape: offset + rng.uniform(-0.5, 0.5, size=shape)


def first_row_zero(draw):
    """draw with a first row of zeros."""

    def drawn(rng, shape):
        made = draw(rng, shape)
        made[:1] = 0
        return made

    return drawn


def every_second(number):
    """Ordinary numbers of which every second one is the number."""

    def draw(rng, shape):
        made = normal(rng, shape)
        made.flat[::2] = number
        return made

    return draw


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
