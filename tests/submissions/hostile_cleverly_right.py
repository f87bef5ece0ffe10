"""Hostile: puts "proved" in the judge's mouth, and is right on small arrays alone; otherwise the answer is wrong."""

import numpy as np

import derivations.judge.verify as judge
from derivations.judge.verdict import Verdict

judge.verdict_on = lambda operation, judgements, *rest: Verdict(
    operation.name, "verified", "all is well", tuple(x.claim.kind for x in judgements)
)


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    p = forward(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True)) if o.size < 40 else np.zeros(o.shape)
