"""Hostile: raises an exception that cannot be put into words; the answer is wrong."""

import numpy as np


class Unspeakable(Exception):
    def __str__(self):
        raise self

    __repr__ = __str__


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    raise Unspeakable
