"""The hand-written passes of report/passes as calls with the arguments of the catalogue, to be run exactly."""

from dataclasses import dataclass

import numpy as np

from derivations.execution.case import Case
from derivations.registry import operation
from report.passes import wrong_relu
from report.passes import wrong_softmax_execution as softmax

LOSSES = ("cce", "nll", "softmax-cce", "mse")
SHAPES = ((2, 3), (3, 2), (2, 2), (1, 2), (2, 1), (1, 1))  # B, n


@dataclass(frozen=True)
class Question:
    """One kind of an operation, and the call that answers it."""

    kind: str
    call: object


def forget():
    """Make the passes that remember something forget it: other tests have called them."""
    for memory in (softmax._workspace, softmax._probabilities, wrong_relu.ReluSharesOneMask.masks):
        memory.clear()


def mistake(entry):
    """Wrong passes that agree in it are alike."""
    return entry.operation, entry.diagnosis


def questions(entry):
    """[Question, …]: an object answers two, its value and its gradient."""
    if entry.kind != "object":
        return [Question(entry.kind, entry.function if entry.options.get("batched", True) else one_row(entry))]
    return [
        Question("value", _forward(entry)),
        Question("gradient" if entry.operation in LOSSES else "vjp", _backward(entry)),
    ]


def one_row(entry):
    """The call for a batch of one row of a pass that takes a single sample."""

    def call(*args):
        result = entry.function(
            *(x if entry.operation == "linear" and k in (1, 2) else x[0] for k, x in enumerate(args))
        )
        return np.array([result]) if not isinstance(result, tuple) else (result[0][None], *result[1:])

    return call


def _made(entry, args):
    return entry.function(*args[1:3]) if entry.operation == "linear" else entry.function()


def _forward(entry):
    def call(*args):
        made = _made(entry, args)
        return made.forward(*args) if entry.operation in LOSSES else made.forward(args[0])

    return call


def _backward(entry):
    def call(*args):
        made = _made(entry, args)
        loss, cached = entry.operation in LOSSES, entry.options.get("cached")
        made.forward(*args) if loss else made.forward(args[0])
        if loss:
            return made.backward() if cached else made.backward(*args)
        return made.backward(args[-1]) if cached else made.backward(args[0], args[-1])

    return call


def shapes(entry):
    """The sizes at which a pass is run: one row for a single sample, one output for the network; m = n once."""
    for rows, n in SHAPES:
        if rows > 1 and not entry.options.get("batched", True):
            continue
        sizes = {"B": rows, "n": n, "m": n if rows == n == 2 else n + 1}
        yield {**sizes, "n": 1, "m": 2, "h": n} if entry.operation == "network" else sizes


def case(entry, question, sizes, regime="ordinary", seed=0):
    """The Case of a pass."""
    options = {name: entry.options[name] for name in ("reduction", "targets") if name in entry.options}
    return Case(operation(entry.operation), question.kind, sizes, **options, regime=regime, seed=seed)
