"""Operation counts as polynomials in the sizes, of the program that NumPy executes.

An operation costs one for each value of the letters of its result; a sum or maximum over k costs (n − 1) additions or
comparisons for each value of the others; a matrix product n multiplications and n − 1 additions for each entry.
Subtractions and negations count as additions, squares as multiplications, masks as comparisons. Arithmetic on sizes and
scalar parameters alone, and moving data (gather, transpose, copy), are no operations.
"""

from collections import Counter
from dataclasses import dataclass

from sympy import Integer, Mul, expand

from derivations.lowering import Op
from derivations.program import all_ops

KINDS = {
    "add": "add", "subtract": "add", "negative": "add", "sum": "add",
    "multiply": "mul", "square": "mul", "divide": "div", "exp": "exp", "log": "log", "tanh": "tanh", "sqrt": "sqrt",
    "power": "power", "max": "compare", "maximum": "compare", "greater": "compare", "equal": "compare",
}  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """operations: {kind: polynomial}; read, written: elements moved by all operations; largest: the elements of the
    largest array that is made on the way. All are polynomials in the sizes."""

    operations: dict
    read: object
    written: object
    largest: object

    def at(self, sizes):
        """{kind: int} at sizes {name: int}."""
        values = {symbol: sizes[symbol.name] for total in self.operations.values() for symbol in total.free_symbols}
        return {kind: int(total.subs(values)) for kind, total in self.operations.items()}


def counts(function):
    """The counts of a derived NumPy function."""
    operations, read, written = Counter(), Integer(0), Integer(0)
    arrays = [_entries(op) for op in all_ops(function.executed) if op.kind in (*KINDS, "matmul", "zeros")]
    for op in all_ops(function.executed):
        for kind, number in cost(op).items():
            operations[kind] += number
        if cost(op):
            read += sum(_entries(part) for part in op.args if isinstance(part, Op) and part.kind != "number")
            written += _entries(op)
    found = {kind: expand(number) for kind, number in sorted(operations.items()) if expand(number) != 0}
    return Counts(found, expand(read), expand(written), max(arrays, key=_degree))


def cost(op):
    """{kind: number} of one operation."""
    if op.kind == "matmul":
        inner = op.args[0].letters[-1].size
        return {"mul": _entries(op) * inner, "add": _entries(op) * (inner - 1)}
    if op.kind not in KINDS or _of_parameters(op):
        return {}
    if op.kind in ("sum", "max"):
        return {KINDS[op.kind]: _entries(op) * (op.args[1].size - 1)}
    return {KINDS[op.kind]: _entries(op)}


def _of_parameters(op):
    """Whether an operation is on sizes and scalar parameters alone."""
    if op.kind == "load":
        return op.args[1] == () and not op.letters
    return op.kind == "number" or op.kind in KINDS and all(isinstance(x, Op) and _of_parameters(x) for x in op.args)


def _entries(op):
    return Mul(*(letter.size for letter in op.letters))


def _degree(entries):
    """How large a product of sizes is when all sizes are: by the sum of their exponents."""
    return sum(factor.as_base_exp()[1] for factor in Mul.make_args(entries) if factor != 1), str(entries)
