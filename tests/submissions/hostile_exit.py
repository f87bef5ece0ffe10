"""Hostile: sys.exit(0) in the middle of the backward pass, as if all were well."""

import sys

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    sys.exit(0)
