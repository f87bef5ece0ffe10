"""Hostile: this file cannot be read."""

import numpy as np


def forward(o)
    return np.exp(o) / np.exp(o).sum(axis=1, keepdims=True)
