"""What a derived function is at given floats, to 60 digits, and how far rounding alone can take a run from it.

The bounds are those of `error_bound`, propagated along the true values: a bound cannot become infinite because an
exponential underflows on the way, so that code that overflows or divides by 0 there is not excused by it.
"""

from dataclasses import dataclass

import numpy as np
from mpmath import MPContext

from derivations.error_bound import aligned

DIGITS = 60
MASK = -(10**6)  # stands for −∞: its exponential is far below the smallest float


def _context():
    mp = MPContext()
    mp.dps = DIGITS
    return mp


MP = _context()
_REAL = np.frompyfunc(lambda x: MP.mpf(MASK if x == -np.inf else float(x)), 1, 1)
_FUNCTIONS = {name: np.frompyfunc(getattr(MP, name), 1, 1) for name in ("exp", "log", "tanh", "sqrt")}
_QUOTIENT = np.frompyfunc(lambda a, b: a / b if b else MP.nan, 2, 1)
_FLOAT = np.frompyfunc(float, 1, 1)


@dataclass(frozen=True)
class Truth:
    """One output: value, an array of numbers of 60 digits, and bound, a float array of its shape; masked: by a −∞."""

    value: np.ndarray
    bound: np.ndarray
    masked: bool = False

    @property
    def rounded(self):
        """The value in float64; what stands for −∞ is −∞."""
        found = floats(self.value)
        return np.where(found < MASK / 2, -np.inf, found) if self.masked else found


def real(array):
    """Floats, or whole numbers, as an object array of exact numbers of 60 digits."""
    return np.asarray(_REAL(np.asarray(array)), dtype=object)


def floats(array):
    """An object array of numbers as float64; too large is infinite."""
    return np.asarray(_FLOAT(array), dtype=float)


def truths(function, arrays, dtype=np.float64):
    """[Truth, …] of a derived function (`numpy_code.Function`), with bounds for a run in that float type."""
    with np.errstate(all="ignore"):
        masked = any(np.isneginf(x).any() for x in map(np.asarray, arrays) if x.dtype.kind == "f")
        return [Truth(*map(np.asarray, pair), masked) for pair in _Evaluation(function, arrays, dtype).results()]


class _Evaluation:
    """Each operation gives its true value and the bound of its error, as `error_bound` says."""

    def __init__(self, function, arrays, dtype):
        self._program, self._unit = function.program, float(np.finfo(dtype).eps) / 2
        self._known, self._sizes = {}, {}
        for argument, array in zip(function.arguments, arrays, strict=True):
            array = np.asarray(array)
            whole = str(getattr(argument, "label", argument)) == "c" and array.dtype.kind in "iu"
            self._known[str(argument)] = (array if whole else real(array)), np.zeros(array.shape)
            self._sizes.update(zip(getattr(argument, "shape", None) or (), array.shape, strict=True))

    def results(self):
        for name, op in self._program.assignments:
            self._known[name] = self._pair(op)
        return [self._pair(op) for op in self._program.results]

    def _pair(self, op):
        value, bound = getattr(self, f"_{op.kind}")(op)
        return np.asarray(value), np.asarray(bound, dtype=float)

    def _operands(self, op):
        return [tuple(aligned(x, part.letters, op.letters) for x in self._pair(part)) for part in op.args]

    def _rounded(self, value, bound, units=1):
        return value, bound + units * self._unit * np.abs(floats(value))

    # leaves, and what moves data without rounding

    def _load(self, op):
        return self._known[op.args[0]]

    def _number(self, op):
        value = op.args[0]
        if value in self._sizes:
            return real(self._sizes[value]), 0.0
        return np.asarray(MP.mpf(int(value.p)) / int(value.q), dtype=object), 0.0

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
        return real((a == b).astype(float)), np.zeros(np.broadcast_shapes(a.shape, b.shape))

    def _greater(self, op):
        (a, _), (b, _) = self._operands(op)
        return real((a > b).astype(float)), np.zeros(np.broadcast_shapes(a.shape, b.shape))

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
        return self._rounded(a * b, np.abs(floats(a)) * f + np.abs(floats(b)) * e)

    def _divide(self, op):
        (a, e), (b, f) = self._operands(op)
        value = np.asarray(_QUOTIENT(a, b), dtype=object)
        return self._rounded(value, (e + np.abs(floats(value)) * f) / np.abs(floats(b)))

    def _square(self, op):
        a, e = self._pair(op.args[0])
        return self._rounded(a * a, 2 * np.abs(floats(a)) * e)

    def _exp(self, op):
        a, e = self._pair(op.args[0])
        value = _FUNCTIONS["exp"](a)
        return self._rounded(value, floats(value) * e, 4)

    def _log(self, op):
        a, e = self._pair(op.args[0])
        return self._rounded(_FUNCTIONS["log"](a), e / np.abs(floats(a)), 4)

    def _tanh(self, op):
        a, e = self._pair(op.args[0])
        value = _FUNCTIONS["tanh"](a)
        return self._rounded(value, floats(1 - value * value) * e, 4)

    def _sqrt(self, op):
        a, e = self._pair(op.args[0])
        value = _FUNCTIONS["sqrt"](a)
        return self._rounded(value, e / (2 * floats(value)))

    def _sum(self, op):
        inner, index = op.args
        axis = inner.letters.index(index)
        value, bound = self._pair(inner)
        rounding = (value.shape[axis] - 1) * self._unit * np.abs(floats(value))
        return value.sum(axis=axis), (bound + rounding).sum(axis=axis)

    def _matmul(self, op):
        (a, e), (b, f) = (self._pair(part) for part in op.args)
        first, second = np.abs(floats(a)), np.abs(floats(b))
        return a @ b, first @ f + e @ second + a.shape[-1] * self._unit * (first @ second)
