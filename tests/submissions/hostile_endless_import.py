"""Hostile: importing the file never ends."""

import time

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    p = forward(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True))


while True:
    time.sleep(0.1)
