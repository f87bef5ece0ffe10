"""One index expression to array operations: every letter an axis.

An atom spreads over the axes of its letters, a sum reduces its letter's axis, δ is a mask of equal numbers, and a sum
of a product of two matrices over the letter that they share is a matrix product.
"""

from dataclasses import dataclass, replace
from functools import partial, reduce

from sympy import Integer, KroneckerDelta, Max, Mul, Pow, Rational, exp, log, tanh
from sympy.tensor.indexed import Indexed

from derivations.notation import Index, IndexMax, IndexSum, Iverson, Size, binder, free_indices, over_under
from derivations.printer import rank


@dataclass(frozen=True)
class Op:
    """One array operation: its kind, its arguments (operations, names, numbers), and the letters of its axes.

    out: the name of the array in whose memory the result is written, None for new memory.
    """

    kind: str
    args: tuple
    letters: tuple = ()
    out: str | None = None

    @property
    def operands(self):
        """Those of the arguments that are operations."""
        return [part for part in self.args if isinstance(part, Op)]

    def of(self, args):
        """The same operation of other arguments."""
        return replace(self, args=tuple(args))


def lower(expression, letters):
    """The operation that computes the expression with one axis for each of the letters, in that order."""
    order = tuple(letters)
    op = _Lowering(order).lower(expression)
    if op.letters != order:
        op = Op("spread", (op,), order) if set(op.letters) < set(order) else Op("transpose", (op,), order)
    return op


class _Lowering:
    def __init__(self, first):
        self._first = first

    def _ordered(self, letters):
        """Letters in the order of the result's axes, the others behind."""
        known = [letter for letter in self._first if letter in letters]
        return (*known, *sorted((x for x in letters if x not in known), key=place))

    def _op(self, kind, *args):
        letters = frozenset().union(*(arg.letters for arg in args))
        return Op(kind, args, self._ordered(letters))

    def lower(self, expression):
        if isinstance(expression, Rational | Size):
            return Op("number", (expression,))
        if isinstance(expression, Indexed):
            return self._entry(expression)
        if expression.is_Symbol:
            return Op("load", (expression.name, ()))
        if isinstance(expression, KroneckerDelta):
            return self._op("equal", *(self._index(part) for part in expression.args))
        if isinstance(expression, IndexSum):
            return self._sum(expression)
        if isinstance(expression, IndexMax):
            return self._reduced("max", self.lower(expression.function), expression.index)
        if expression.is_Add:
            return self._add(expression.args)
        if expression.is_Mul or (isinstance(expression, Pow) and expression.exp.is_negative):
            return self._product(expression)
        return self._function(expression)

    def _entry(self, expression):
        letters = expression.indices
        if all(isinstance(x, Index) for x in letters) and len(set(letters)) == len(letters):
            ordered = self._ordered(letters)
            load = Op("load", (str(expression.base), letters), letters)
            return load if ordered == letters else Op("transpose", (load,), ordered)
        return self._op("gather", Op("load", (str(expression.base), ())), *(self._index(x) for x in letters))

    def _index(self, index):
        return self._entry(index) if isinstance(index, Indexed) else Op("range", (index.size,), (index,))

    def _add(self, terms):
        plus = self._folded("add", [self.lower(x) for x in terms if not x.could_extract_minus_sign()])
        minus = self._folded("add", [self.lower(-x) for x in terms if x.could_extract_minus_sign()])
        if plus is None:
            return self._op("negative", minus)
        return plus if minus is None else self._op("subtract", plus, minus)

    def _folded(self, kind, ops, cost=lambda op: len(op.letters)):
        """The operations combined pairwise in the cheapest order, which is those with few axes first; None for none."""
        return reduce(partial(self._op, kind), sorted(ops, key=cost)) if ops else None

    def _product(self, expression):
        if expression.could_extract_minus_sign():
            return self._op("negative", self.lower(-expression))
        over, under = over_under(expression)
        above, below = (
            [self.lower(x) for x in sorted(Mul.make_args(part), key=rank) if x != 1] for part in (over, under)
        )
        first, last = _few_and_many(above, below)
        result = self._folded("multiply", first) or Op("number", (Integer(1),))
        for part in ([op for op in below if op.letters], [op for op in below if not op.letters]):
            if part:
                result = self._op("divide", result, self._folded("multiply", part))
        return self._folded("multiply", [result, *last])

    def _sum(self, expression):
        index, body = binder(expression), expression.args[0]
        if index not in free_indices(body):
            return self._op("multiply", Op("number", (index.size,)), self.lower(body))
        factors = [self.lower(x) for x in Mul.make_args(body)]
        return self._matmul(factors, index) or self._reduced("sum", self.lower(body), index)

    def _matmul(self, factors, index):
        """Σ_k X_ik Y_kj as a matrix product, where no other axis is shared."""
        if len(factors) != 2 or any(len(op.letters) != 2 or index not in op.letters for op in factors):
            return None
        rows, columns = ([x for x in op.letters if x != index] for op in factors)
        if rows == columns:
            return None
        if self._ordered((*rows, *columns)) != (*rows, *columns):
            factors, rows, columns = factors[::-1], columns, rows
        left, right = factors
        if left.letters != (*rows, index):
            left = _transposed(left, (*rows, index))
        if right.letters != (index, *columns):
            right = _transposed(right, (index, *columns))
        return Op("matmul", (left, right), (*rows, *columns))

    def _reduced(self, kind, op, index):
        letters = tuple(x for x in op.letters if x != index)
        if op.kind == "transpose" and tuple(x for x in op.args[0].letters if x != index) == letters:
            op = op.args[0]
        return Op(kind, (op, index), letters)

    def _function(self, expression):
        if isinstance(expression, Pow):
            base = self.lower(expression.base)
            if expression.exp == 2:
                return self._op("square", base)
            if expression.exp == Rational(1, 2):
                return self._op("sqrt", base)
            return self._op("power", base, Op("number", (expression.exp,)))
        args = [self.lower(part) for part in expression.args]
        if isinstance(expression, Iverson):
            return self._op("greater", args[0], Op("number", (Integer(0),)))
        if isinstance(expression, Max):
            return self._folded("maximum", args, _numbers_last)
        kind = {exp: "exp", log: "log", tanh: "tanh"}.get(type(expression))
        if kind is None:
            raise TypeError(f"NumPy code: no array operation for {type(expression).__name__}")
        return self._op(kind, args[0])


def _numbers_last(op):
    """Few axes first, but numbers last of all: np.maximum(0, x) takes a third longer than np.maximum(x, 0)."""
    return op.kind == "number", len(op.letters)


def _few_and_many(above, below):
    """(factors to divide, factors to multiply by the quotient): where a quotient has fewer axes it is taken first."""
    axes = frozenset().union(*(op.letters for op in above))
    few = [op for op in above if frozenset(op.letters) != axes]
    quotient = frozenset().union(*(op.letters for op in (*few, *below)))
    if few and below and quotient < axes:
        return few, [op for op in above if op not in few]
    return above, []


def _transposed(op, letters):
    return op.args[0] if op.kind == "transpose" and op.args[0].letters == letters else Op("transpose", (op,), letters)


def place(letter):
    """Axes in this order unless the result says otherwise: rows of the batch first."""
    return letter.size.name != "B", letter.size.name, letter.name


def walk(op):
    """The operation and all that it is made of, arguments first."""
    for part in op.operands:
        yield from walk(part)
    yield op


def mapped(function, op):
    """The operation with function(part) for each of its operands."""
    return op.of(function(part) if isinstance(part, Op) else part for part in op.args)


def leaves(op):
    """The operations below that are made of no others."""
    return [part for part in walk(op) if not part.operands]
