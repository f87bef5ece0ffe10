"""Hostile: leaves a file in the working directory; the answer is right."""

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    with open("left_by_a_submission.txt", "w") as file:
        file.write("hello")
    p = forward(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True))
