"""Hostile: returns text where numbers are expected."""

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    return [["0.1"] * o.shape[1]] * o.shape[0]
