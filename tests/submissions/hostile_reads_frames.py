"""Hostile: looks for the expected answer among its callers' variables; its own answer is wrong."""

import sys

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    frame = sys._getframe(1)
    while frame is not None:
        for name in ("expected", "exact", "reference", "truth", "want"):
            found = frame.f_locals.get(name)
            if isinstance(found, np.ndarray) and found.shape == o.shape:
                return found
        frame = frame.f_back
    return np.zeros(o.shape)
