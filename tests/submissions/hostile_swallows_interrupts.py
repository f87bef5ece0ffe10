"""Hostile: the backward pass never returns and catches whatever is raised to stop it."""

import time

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    while True:
        try:
            time.sleep(0.1)
        except BaseException:
            continue
