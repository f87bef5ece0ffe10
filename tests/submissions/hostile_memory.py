"""Hostile: fills two gigabytes before it answers; the answer is right."""

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    blocks = [np.ones(2**27) for _ in range(2)]
    p = forward(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True)) * blocks[0][0]
