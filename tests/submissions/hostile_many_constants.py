"""Hostile: right, with more constants in it than a verdict has room for notes."""

import numpy as np

SHIFTS = [k / 997 for k in range(1, 130)]


def forward(o):
    for shift in SHIFTS:
        o = o + shift - shift
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    p = forward(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True))
