"""Hostile: raises an exception of a megabyte of words; the answer is wrong."""

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    raise ValueError("no " * 10**6)
