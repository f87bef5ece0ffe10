"""Hostile: the backward pass never returns."""

import time

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    while True:
        time.sleep(0.1)
