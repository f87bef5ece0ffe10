"""Counting the elementwise operations that NumPy really executes.

A `CountingArray` is an ndarray that tallies every ufunc, einsum, argmin and argmax it takes part in, by kind and
elements. Work done in nnlib's checks, the validation of arguments, is tallied apart.
"""

import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from math import prod
from types import FunctionType

import numpy as np

from nnlib import checks, target_checks

NUMPY = os.path.join(os.path.dirname(np.__file__), "")
CHECKS = checks.__file__, target_checks.__file__
KINDS = {
    "add": "add", "subtract": "add", "negative": "add", "multiply": "mul", "square": "mul", "divide": "div",
    "reciprocal": "div", "exp": "exp", "expm1": "exp", "log": "log", "log1p": "log", "sqrt": "sqrt", "tanh": "tanh",
    "maximum": "compare", "minimum": "compare", "greater": "compare", "greater_equal": "compare", "less": "compare",
    "less_equal": "compare", "equal": "compare", "not_equal": "compare", "power": "power", "absolute": "abs",
    "isfinite": "compare", "isnan": "compare", "logical_and": "compare", "logical_or": "compare",
    "bitwise_and": "compare", "invert": "compare",
}  # fmt: skip


@dataclass
class Tally:
    """operations: {kind: elements}; checks: the same of validation; read, written, largest: elements moved and made.

    summed: elements of those that np.add.reduce, and not einsum, added up.
    """

    operations: Counter = field(default_factory=Counter)
    checks: Counter = field(default_factory=Counter)
    read: int = 0
    written: int = 0
    largest: int = 0
    summed: int = 0

    def record(self, ufunc, method, inputs, result, made):
        """One call of a ufunc's method, or of einsum with its subscripts; made: whether its result is a new array."""
        counter = self.checks if _validating() else self.operations
        for kind, number in _cost(ufunc, method, inputs, result).items():
            counter[kind] += number
        if counter is self.operations:
            self.read += sum(np.size(x) for x in inputs if isinstance(x, np.ndarray))
            self.written += np.size(result)
            self.largest = max(self.largest, np.size(result) if made else 0)
            self.summed += np.size(inputs[0]) if (ufunc, method) == (np.add, "reduce") else 0


def _cost(ufunc, method, inputs, result):
    """{kind: number of elementwise operations} of one call."""
    if ufunc is np.einsum:
        return _cost_of_products(method, inputs, result)
    if ufunc.__name__ == "matmul":
        inner = inputs[0].shape[-1]
        return {"mul": result.size * inner, "add": result.size * (inner - 1)}
    kind = KINDS.get(ufunc.__name__, ufunc.__name__)
    if method == "reduce":
        return {kind: np.size(inputs[0]) - np.size(result)}
    return {kind: np.size(result)}


def _cost_of_products(subscripts, inputs, result):
    """The same of an einsum: every combination of the letters' values is a product, to be added up."""
    letters = subscripts.split("->")[0].split(",")
    sizes = {}
    for part, array in zip(letters, inputs, strict=True):
        sizes |= zip(part, array.shape, strict=True)
    products = prod(sizes.values())
    return {"mul": products * (len(inputs) - 1), "add": products - np.size(result)}


def _validating():
    """Whether the ufunc was called from a check of nnlib."""
    frame = sys._getframe(3)
    while frame is not None and frame.f_code.co_filename.startswith(NUMPY):
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename in CHECKS


class CountingArray(np.ndarray):
    """An array whose operations are recorded in its tally; what it makes shares the tally."""

    tally = None

    def __array_finalize__(self, source):
        self.tally = getattr(source, "tally", None)

    def __array_function__(self, function, types, args, kwargs):
        if function is not np.einsum:
            return super().__array_function__(function, types, args, kwargs)
        operands = [np.asarray(x) for x in args[1:]]
        result = np.einsum(args[0], *operands, **kwargs)
        self.tally.record(np.einsum, args[0], operands, result, True)
        return counting(result, self.tally)

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        tally = next(x.tally for x in (*inputs, *(out or ())) if isinstance(x, CountingArray))
        plain = [np.asarray(x) if isinstance(x, CountingArray) else x for x in inputs]
        if out is not None:
            options["out"] = tuple(np.asarray(x) if isinstance(x, CountingArray) else x for x in out)
        result = getattr(ufunc, method)(*plain, **options)
        tally.record(ufunc, method, plain, result, out is None)
        return out[0] if out is not None else counting(result, tally)

    def argmin(self):
        return self._compared(np.minimum, np.asarray(self).argmin())

    def argmax(self):
        return self._compared(np.maximum, np.asarray(self).argmax())

    def _compared(self, extreme, place):
        self.tally.record(extreme, "reduce", [np.asarray(self)], place, True)
        return place


def counting(array, tally):
    """The array, or the scalar as a 0-d array, with a tally."""
    wrapped = np.asarray(array).view(CountingArray)
    wrapped.tally = tally
    return wrapped


def executed(call, *arrays):
    """The Tally of call(*arrays); class indices are passed as they are, so that NumPy can index with them."""
    tally = Tally()
    call(*(counting(x, tally) if np.asarray(x).dtype.kind == "f" and np.ndim(x) else x for x in arrays))
    return tally


def executed_by(function, *arrays):
    """The Tally of a derived function: the numbers 1 … n that it makes for a mask are wrapped too."""
    tally = Tally()
    compiled = function.compiled
    wrapped = {"arange": lambda *args: counting(np.arange(*args), tally)}
    copy = FunctionType(compiled.__code__, {**compiled.__globals__, **wrapped}, argdefs=compiled.__defaults__)
    copy(*(counting(x, tally) if np.asarray(x).dtype.kind == "f" and np.ndim(x) else x for x in arrays))
    return tally
