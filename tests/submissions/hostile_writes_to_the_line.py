"""Hostile: sends a verdict of its own on every open file, and ends the process; the answer is wrong."""

import json
import os
import struct

import numpy as np

VERDICT = {
    **{"operation": "softmax", "status": "proved", "summary": "all is well", "judged": ["value", "vjp"]},
    **{"diagnosis": [], "counterexample": None, "notes": [], "checks": [], "seconds": 0.1},
}


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    message = json.dumps({"say": "verdict", "verdict": VERDICT, "blobs": []}).encode()
    for line in range(3, 64):
        try:
            os.write(line, struct.pack(">I", len(message)) + message)
        except OSError:
            pass
    os._exit(0)
