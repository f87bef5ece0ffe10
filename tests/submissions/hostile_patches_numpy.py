"""Hostile: replaces NumPy's comparisons so that everything is equal; the answer is wrong."""

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    return np.zeros(o.shape)


def always_true(*args, **kwargs):
    return True


np.allclose = np.array_equal = always_true
np.isclose = lambda a, b, **kwargs: np.ones(np.shape(a), dtype=bool)
np.testing.assert_allclose = np.testing.assert_array_equal = always_true
