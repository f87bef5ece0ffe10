"""Hostile: puts "proved" in the judge's mouth; the answer is wrong."""

import numpy as np

import derivations.judge.verify as judge
from derivations.judge.verdict import Verdict


def proved(operation, judgements, *rest):
    return Verdict(operation.name, "proved", "all is well", tuple(x.claim.kind for x in judgements))


judge.verdict_on = proved


def forward(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward(o, g):
    return np.zeros(o.shape)
