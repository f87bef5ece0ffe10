"""Hostile: leaves the process with status 0 at once, past every handler."""

import os

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    os._exit(0)
