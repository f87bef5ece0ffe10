"""Code of several statements for `exact_cases`: buffers, assignments, loops."""

import math

import numpy as np


def integers(x, k):
    hot = (k[:, None] == np.arange(3)).astype(float)
    hot[0] += x[0]
    half = k / 2
    half[1] = x[1, 1]
    weights = (x > 0).astype(float)
    weights -= x
    return hot, half, weights, (x > 0).mean(axis=0), k.mean(), (x > 0).sum(axis=1) / 3, np.sum(x > 0), k * x


def in_place(x, y):
    x += y
    x -= 1
    x *= y
    x /= 3
    np.exp(x, out=x)
    np.multiply(x, y, out=x)
    np.sum(x, axis=1, out=(row := np.zeros(2)))
    return x, row


def filled(buffer, x):
    for i in range(2):
        for j in range(3):
            buffer[i, j] = x[i, j] * 2
    buffer[0] += x[1]
    return buffer


def assigned(x, v):
    x[0] = v
    x[1, 1] = 0
    x[:, 2] = [1.5, v[0]]
    x[x > 1] = 1
    x[np.arange(2), [0, 1]] -= 1
    x[1:, :1] = v[1] * v[2]
    return x


def added_at(x, v):
    np.add.at(x, ([0, 0, 1], [1, 1, 2]), v)
    np.subtract.at(x, (slice(None), 0), 1.0)
    np.add.at(sums := np.zeros(2), [0, 0, 1], v)
    return x, sums


def along_axis(x):
    order = np.argsort(x, axis=1)
    taken = np.take_along_axis(x, order, axis=1)
    np.put_along_axis(x, order[:, :1], 7.0, axis=1)
    return taken, x


def copied(x, y):
    np.copyto(x, y, where=y > 0)
    np.fill_diagonal(x, 4.0)
    x.fill(2.0) if x[0, 0] < 0 else None
    return x


def mathematics(a, b):
    functions = (
        math.exp,
        math.log,
        math.sqrt,
        math.tanh,
        math.log1p,
        math.expm1,
        math.fabs,
        math.cosh,
        math.sinh,
        math.log2,
    )
    return (
        *(f(a) for f in functions),
        math.log(a, 3),
        math.pow(a, b),
        math.fsum([a, b]),
        math.prod([a, b]),
        math.hypot(a, b),
    )
