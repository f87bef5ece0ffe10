"""Right: softmax, with a line of debugging output in every call."""

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    p = forward(o)
    print("backward", o.shape, float(np.abs(g).max()))
    return p * (g - (g * p).sum(axis=1, keepdims=True))
