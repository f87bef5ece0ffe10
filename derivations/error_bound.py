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
    with np.errstate(all="ignore"):
        return [bound for _, bound in Evaluation(function, arrays, dtype, Floats).results()]


class Floats:
    """float64 as the numbers of an Evaluation; `judge.truth` has another with 60 digits."""

    exp, log, tanh, sqrt, divide = np.exp, np.log, np.tanh, np.sqrt, np.divide

    @staticmethod
    def real(array):
        """Floats or whole numbers as numbers of this arithmetic."""
        return np.asarray(array, dtype=float)

    @staticmethod
    def floats(array):
        """Numbers of this arithmetic as float64."""
        return array


class Evaluation:
    """A derived function's outputs as pairs (value, bound), the values in some arithmetic, the bounds in floats."""

    def __init__(self, function, arrays, dtype, numbers):
        self._program, self._unit = function.program, float(np.finfo(dtype).eps) / 2
        self._real, self._floats, self._numbers = numbers.real, numbers.floats, numbers
        self._known, self._sizes = {}, {}
        for argument, array in zip(function.arguments, map(np.asarray, arrays), strict=True):
            classes = str(getattr(argument, "label", argument)) == "c" and array.dtype.kind in "iu"
            self._known[str(argument)] = (array if classes else self._real(array)), np.zeros(array.shape)
            self._sizes.update(zip(getattr(argument, "shape", None) or (), array.shape, strict=True))

    def results(self):
        """(value, bound) of every output."""
        for name, op in self._program.assignments:
            self._known[name] = self._pair(op)
        return [self._pair(op) for op in self._program.results]

    def _pair(self, op):
        value, bound = getattr(self, f"_{op.kind}")(op)
        return np.asarray(value), np.asarray(bound, dtype=float)

    def _operands(self, op):
        """The operands' values and bounds, with an axis for each letter of the result."""
        return [tuple(aligned(x, part.letters, op.letters) for x in self._pair(part)) for part in op.args]

    def _rounded(self, value, bound, units=1):
        return value, bound + units * self._unit * self._size(value)

    def _size(self, value):
        return np.abs(self._floats(value))

    # leaves, and what moves data without rounding

    def _load(self, op):
        return self._known[op.args[0]]

    def _number(self, op):
        value = op.args[0]
        if value in self._sizes:
            return self._real(self._sizes[value]), 0.0
        return self._numbers.divide(self._real(int(value.p)), self._real(int(value.q))), 0.0

    def _range(self, op):
        return np.arange(self._sizes[op.args[0]]), np.zeros(self._sizes[op.args[0]])

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
        return self._real((a == b).astype(float)), np.zeros(np.broadcast_shapes(a.shape, b.shape))

    def _greater(self, op):
        (a, _), (b, _) = self._operands(op)
        return self._real((a > b).astype(float)), np.zeros(np.broadcast_shapes(a.shape, b.shape))

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
        return self._rounded(a * b, self._size(a) * f + self._size(b) * e)

    def _divide(self, op):
        (a, e), (b, f) = self._operands(op)
        value = np.asarray(self._numbers.divide(a, b))
        return self._rounded(value, (e + self._size(value) * f) / self._size(b))

    def _square(self, op):
        a, e = self._pair(op.args[0])
        return self._rounded(a * a, 2 * self._size(a) * e)

    def _exp(self, op):
        a, e = self._pair(op.args[0])
        value = self._numbers.exp(a)
        return self._rounded(value, self._size(value) * e, 4)

    def _log(self, op):
        a, e = self._pair(op.args[0])
        return self._rounded(self._numbers.log(a), e / self._size(a), 4)

    def _tanh(self, op):
        a, e = self._pair(op.args[0])
        value = self._numbers.tanh(a)
        return self._rounded(value, self._size(1 - value * value) * e, 4)

    def _sqrt(self, op):
        a, e = self._pair(op.args[0])
        value = self._numbers.sqrt(a)
        return self._rounded(value, e / (2 * self._size(value)))

    def _sum(self, op):
        inner, index = op.args
        axis = inner.letters.index(index)
        value, bound = self._pair(inner)
        rounding = (value.shape[axis] - 1) * self._unit * self._size(value)
        return value.sum(axis=axis), (bound + rounding).sum(axis=axis)

    def _matmul(self, op):
        (a, e), (b, f) = (self._pair(part) for part in op.args)
        first, second = self._size(a), self._size(b)
        return a @ b, first @ f + e @ second + a.shape[-1] * self._unit * (first @ second)


def aligned(array, letters, wanted):
    """The array with an axis of length 1 for each letter that it lacks."""
    if not np.ndim(array):
        return array
    return array[tuple(slice(None) if letter in letters else None for letter in wanted)]
