"""Hostile: returns an array that calls itself equal to anything; the answer is wrong."""

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class Agreeable(np.ndarray):
    def __array_function__(self, func, types, args, kwargs):
        return True

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.zeros(self.shape) if ufunc is np.subtract else True

    def __eq__(self, other):
        return True


def backward(o, g):
    return np.zeros(o.shape).view(Agreeable)
