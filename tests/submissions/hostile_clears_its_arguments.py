"""Hostile: computes the right answer and then sets its arguments to zero."""

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    p = forward(o)
    answer = p * (g - (g * p).sum(axis=1, keepdims=True))
    o.fill(0)
    g.fill(0)
    return answer
