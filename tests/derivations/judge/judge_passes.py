"""Softmax and its backward pass, right and with the diagonal alone."""

import numpy as np


def softmax(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_backward(o, g):
    p = softmax(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True))


def diagonal_only(o, g):
    p = softmax(o)
    return g * p * (1 - p)
