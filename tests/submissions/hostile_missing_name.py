"""Hostile: there is no backward pass."""

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def gradient(o, g):
    p = forward(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True))
