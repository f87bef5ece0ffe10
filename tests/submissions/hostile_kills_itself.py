"""Hostile: the process dies by a signal, as after a crash in compiled code."""

import os
import signal

import numpy as np


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    os.kill(os.getpid(), signal.SIGKILL)
