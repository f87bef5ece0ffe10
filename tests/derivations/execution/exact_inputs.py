"""Unknowns for tests: arrays x[1,1], x[1,2], … with numbers."""

from fractions import Fraction

import numpy as np

from derivations.execution.exact import run_exactly
from derivations.scalar import variable


def unknowns(name, values):
    """(object array of unknowns, {unknown: Fraction}) with these numbers."""
    values = np.array(values)
    made, numbers = np.empty(values.shape, object), {}
    for position in np.ndindex(values.shape):
        called = f"{name}[{','.join(str(k + 1) for k in position)}]"
        made[position], numbers[called] = variable(called), Fraction(values[position].item())
    return made, numbers


X = [[0.5, -1.5, 0.25], [2.0, -0.75, 1.0]]


def run(call, values=X, **options):
    """The Execution of call(x)."""
    made, numbers = unknowns("x", values)
    return run_exactly(call, [made], numbers, **options)
