"""How far rounding alone can take a derived function from its exact value: a running error bound, entry by entry.

Every array operation of the program is evaluated together with a first-order bound of its error (N. J. Higham, Accuracy
and Stability of Numerical Algorithms, 2002, sections 3.3 and 4.2): with u the unit roundoff of the type,

    a ± b: e_a + e_b + u|z|      a b: |a| e_b + |b| e_a + u|z|      a / b: (e_a + |z| e_b) / |b| + u|z|
    f(a):  |f′(a)| e_a + 4u|z|   (NumPy's exp, log and tanh are within 4 units)
    Σ a over n:  Σ e_a + (n − 1) u Σ|a|,   whatever the order of the summation.

The bound scales with the terms that are summed in an entry and not with the entry: cancellation is not blamed on the
code, and a missing term that is larger than the rounding of its neighbours cannot hide. No absolute tolerance enters.
"""

import numpy as np


def error_bound(function, arrays, dtype):
    """[bound, …]: for each output an array of its shape, for a run in that float type; arrays: the arguments."""
    return [bound for _, bound in _Evaluation(function, arrays, np.finfo(dtype).eps / 2).results()]


class _Evaluation:
    def __init__(self, function, arrays, unit):
        self._program, self._unit = function.program, unit
        self._known = {}
        self._sizes = {}
        for argument, array in zip(function.arguments, arrays, strict=True):
            array = np.asarray(array)
            exact = array if array.dtype.kind in "iub" else array.astype(float)
            self._known[str(argument)] = exact, np.zeros(exact.shape)
            self._sizes.update(zip(getattr(argument, "shape", None) or (), array.shape, strict=True))

    def results(self):
        """(value, bound) of every output."""
        with np.errstate(all="ignore"):
            for name, op in self._program.assignments:
                self._known[name] = self._pair(op)
            return [self._pair(op) for op in self._program.results]

    def _pair(self, op):
        return getattr(self, f"_{op.kind}")(op)

    def _operands(self, op):
        """The operands' values and bounds, with an axis for each letter of the result."""
        return [tuple(aligned(x, part.letters, op.letters) for x in self._pair(part)) for part in op.args]

    def _rounded(self, value, bound, units=1):
        return value, bound + units * self._unit * np.abs(value)

    # leaves, and what moves data without rounding

    def _load(self, op):
        return self._known[op.args[0]]

    def _number(self, op):
        value = op.args[0]
        return float(self._sizes.get(value, value)), 0.0

    def _range(self, op):
        return np.arange(self._sizes[op.args[0]]), 0.0 * np.arange(self._sizes[op.args[0]])

    def _transpose(self, op):
        inner = op.args[0]
        order = [inner.letters.index(letter) for letter in op.letters]
        return tuple(np.transpose(x, order) for x in self._pair(inner))

    def _spread(self, op):
        shape = [self._sizes[letter.size] for letter in op.letters]
        inner = op.args[0]
        return tuple(np.broadcast_to(aligned(x, inner.letters, op.letters), shape) for x in self._pair(inner))

    def _gather(self, op):
        value, bound = self._pair(op.args[0])
        at = tuple(aligned(self._pair(index)[0], index.letters, op.letters) for index in op.args[1:])
        return value[at], bound[at]

    def _cast(self, op):
        return self._pair(op.args[0])

    def _equal(self, op):
        (a, _), (b, _) = self._operands(op)
        return np.asarray(a == b, float), 0.0 * (a + b)

    def _greater(self, op):
        (a, _), (b, _) = self._operands(op)
        return np.asarray(a > b, float), 0.0 * (a + b)

    def _maximum(self, op):
        (a, e), (b, f) = self._operands(op)
        return np.maximum(a, b), np.maximum(e, f)

    def _max(self, op):
        return tuple(x.max(axis=op.args[0].letters.index(op.args[1])) for x in self._pair(op.args[0]))

    def _negative(self, op):
        value, bound = self._pair(op.args[0])
        return -value, bound

    # arithmetic

    def _add(self, op):
        (a, e), (b, f) = self._operands(op)
        return self._rounded(a + b, e + f)

    def _subtract(self, op):
        (a, e), (b, f) = self._operands(op)
        return self._rounded(a - b, e + f)

    def _multiply(self, op):
        (a, e), (b, f) = self._operands(op)
        return self._rounded(a * b, np.abs(a) * f + np.abs(b) * e)

    def _divide(self, op):
        (a, e), (b, f) = self._operands(op)
        return self._rounded(a / b, (e + np.abs(a / b) * f) / np.abs(b))

    def _square(self, op):
        a, e = self._pair(op.args[0])
        return self._rounded(a * a, 2 * np.abs(a) * e)

    def _exp(self, op):
        a, e = self._pair(op.args[0])
        return self._rounded(np.exp(a), np.exp(a) * e, 4)

    def _log(self, op):
        a, e = self._pair(op.args[0])
        return self._rounded(np.log(a), e / a, 4)

    def _tanh(self, op):
        a, e = self._pair(op.args[0])
        return self._rounded(np.tanh(a), (1 - np.tanh(a) ** 2) * e, 4)

    def _sqrt(self, op):
        a, e = self._pair(op.args[0])
        return self._rounded(np.sqrt(a), e / (2 * np.sqrt(a)))

    def _sum(self, op):
        inner, index = op.args
        axis = inner.letters.index(index)
        value, bound = self._pair(inner)
        terms = value.shape[axis]
        return value.sum(axis=axis), (bound + (terms - 1) * self._unit * np.abs(value)).sum(axis=axis)

    def _matmul(self, op):
        (a, e), (b, f) = (self._pair(part) for part in op.args)
        rounding = a.shape[-1] * self._unit * (np.abs(a) @ np.abs(b))
        return a @ b, np.abs(a) @ f + e @ np.abs(b) + rounding


def aligned(array, letters, wanted):
    """The array with an axis of length 1 for each letter that it lacks."""
    if not np.ndim(array):
        return array
    return array[tuple(slice(None) if letter in letters else None for letter in wanted)]
