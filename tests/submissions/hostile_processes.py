"""Hostile: the first call forks four children that sleep for a minute; the answer is right."""

import os
import time

import numpy as np

STARTED = []


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    while len(STARTED) < 4:
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
        STARTED.append(child)
    p = forward(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True))
