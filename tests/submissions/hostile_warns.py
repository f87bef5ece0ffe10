"""Hostile: warns at every call, and writes escape sequences for terminals; the answer is right."""

import sys
import warnings

import numpy as np


def forward(o):
    warnings.warn("nobody reads this", stacklevel=1)
    sys.stderr.write("\x1b[2J\x1b[1;31mcleared\n")
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    p = forward(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True))
