"""Hostile: raises something that is not an Exception."""

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class Refusal(BaseException):
    pass


def backward(o, g):
    raise Refusal("not today")
