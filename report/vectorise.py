"""Why vectorise: the network's forward and backward pass in three versions that compute the same, timed in one run.

The network is linear, sigmoid, linear with half mean squared error. `by_loops` visits every entry in Python, `by_rows`
calls NumPy once for each row of the batch, `by_batch` once for the whole batch; the last is nnlib.
"""

import math
import time
from dataclasses import dataclass

import numpy as np

from report.catalogue import row

NETWORK = row("network").calls["value_and_gradient"]
INPUTS, HIDDEN, OUTPUTS = 64, 48, 10  # the network for the digits
BATCHES = (1, 4, 16, 64, 256)
LOOPS_UP_TO = 64  # larger batches would take a minute and show nothing more


@dataclass(frozen=True)
class Timing:
    """Median seconds of one forward and backward pass of a version at a batch size, and the quartiles."""

    version: str
    batch: int
    seconds: float
    low: float
    high: float


def problem(B, seed=0):
    """Random (x, W, β, V, γ, y) for a batch of B rows."""
    rng = np.random.default_rng(seed)
    shapes = ((B, INPUTS), (INPUTS, HIDDEN), (HIDDEN,), (HIDDEN, OUTPUTS), (OUTPUTS,), (B, OUTPUTS))
    return [rng.normal(size=shape) for shape in shapes]


def by_batch(*arrays):
    """The loss and the five gradients, with a fixed number of NumPy calls."""
    return NETWORK(*arrays)


def by_rows(x, W, beta, V, gamma, y):
    """The same, one row after the other; the gradients of a row are added up."""
    total = None
    for row_x, row_y in zip(x, y, strict=True):
        loss, grad_x, *grads = NETWORK(row_x[None], W, beta, V, gamma, row_y[None])
        if total is None:
            total = [loss, [grad_x], *grads]
        else:
            total[0] += loss
            total[1].append(grad_x)
            total[2:] = [sum_ + new for sum_, new in zip(total[2:], grads, strict=True)]
    B = len(x)  # the loss of one row is a mean over one row
    return total[0] / B, np.concatenate(total[1]) / B, *(grad / B for grad in total[2:])


def by_loops(x, W, beta, V, gamma, y):
    """The same on lists of Python floats, entry by entry."""
    x, W, beta, V, gamma, y = (array.tolist() for array in (x, W, beta, V, gamma, y))
    grads = [_zeros(x), _zeros(W), [0.0] * len(beta), _zeros(V), [0.0] * len(gamma)]
    loss, scale = 0.0, 1 / (len(x) * len(gamma))
    for b, row_x in enumerate(x):
        hidden = [_sigmoid(beta[s] + sum(row_x[u] * W[u][s] for u in range(len(W)))) for s in range(len(beta))]
        output = [gamma[i] + sum(hidden[s] * V[s][i] for s in range(len(V))) for i in range(len(gamma))]
        behind = [(output[i] - y[b][i]) * scale for i in range(len(gamma))]
        loss += sum((output[i] - y[b][i]) ** 2 / 2 for i in range(len(gamma))) * scale
        _backward_row(row_x, W, V, hidden, behind, b, grads)
    return loss, *(np.array(grad) for grad in grads)


def _backward_row(row_x, W, V, hidden, behind, b, grads):
    """Adds one row's share to the gradients."""
    grad_x, grad_W, grad_beta, grad_V, grad_gamma = grads
    for i, g in enumerate(behind):
        grad_gamma[i] += g
        for s, a in enumerate(hidden):
            grad_V[s][i] += a * g
    for s, a in enumerate(hidden):
        d = a * (1 - a) * sum(behind[i] * V[s][i] for i in range(len(behind)))
        grad_beta[s] += d
        for u, value in enumerate(row_x):
            grad_W[u][s] += value * d
            grad_x[b][u] += W[u][s] * d


def _sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def _zeros(rows):
    return [[0.0] * len(rows[0]) for _ in rows]


VERSIONS = {"loops": by_loops, "row by row": by_rows, "whole batch": by_batch}


def measure(batches=BATCHES, rounds=7):
    """[Timing, …]: the versions take turns in every round, so that a busy machine slows all of them."""
    found = []
    for B in batches:
        arrays = problem(B)
        versions = {name: f for name, f in VERSIONS.items() if name != "loops" or B <= LOOPS_UP_TO}
        samples = {name: [] for name in versions}
        for _ in range(rounds):
            for name, version in versions.items():
                samples[name].append(_seconds(version, arrays))
        for name, seconds in samples.items():
            low, median, high = np.quantile(seconds, (0.25, 0.5, 0.75))
            found.append(Timing(name, B, float(median), float(low), float(high)))
    return found


def _seconds(version, arrays, least=2e-3):
    """Seconds of one call, from as many calls as last at least `least` seconds."""
    calls, elapsed = 1, 0.0
    while True:
        start = time.perf_counter()
        for _ in range(calls):
            version(*arrays)
        elapsed = time.perf_counter() - start
        if elapsed >= least:
            return elapsed / calls
        calls *= 4
