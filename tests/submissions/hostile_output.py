"""Hostile: prints 64 megabytes; the answer is right."""

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    for _ in range(64):
        print("x" * 2**20)
    p = forward(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True))
