"""Hostile: returns ten million numbers where a few were asked for; the answer is wrong."""

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    return np.zeros((len(o), 10**7))
