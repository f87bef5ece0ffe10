"""A program of array operations as one vectorised NumPy function, compiled by SymPy's lambdify.

The function serves every size and float type: sizes are read off its arguments, and no loop runs over entries.
"""

from dataclasses import dataclass
from functools import cached_property
from inspect import getsource
from textwrap import wrap

from sympy import Dummy, Symbol, lambdify
from sympy.printing.numpy import NumPyPrinter

from derivations.lowering import Op
from derivations.notation import Size
from derivations.printing import text
from derivations.program import Program, all_ops, program

_INFIX = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "matmul": "@", "equal": "==", "greater": ">"}
_STRENGTH = {"equal": 0, "greater": 0, "add": 1, "subtract": 1, "multiply": 2, "divide": 2, "matmul": 2, "negative": 3}
_ATOM = 9
_TYPED = (
    "add",
    "subtract",
    "negative",
    "multiply",
    "divide",
    "sum",
)  # of masks alone these lose the type of the floats


class _Block(Symbol):
    """A symbol that stands for an operation, so that lambdify can carry it to the printer."""

    __slots__ = ("op",)

    def __new__(cls, op):
        block = Dummy.__new__(Dummy, "block")
        block = Symbol.__xnew__(cls, f"block{block.dummy_index}")
        block.op = op
        return block


class _Printer(NumPyPrinter):
    """Array operations as NumPy expressions; an operand gets the axes that it lacks by None."""

    def doprint(self, expression):
        if isinstance(expression, tuple | list):
            return f"({', '.join(map(self.doprint, expression))})"
        return self._show(expression.op)[0] if isinstance(expression, _Block) else super().doprint(expression)

    def _show(self, op):
        """The code and how tightly it binds."""
        if op.kind in _INFIX:
            return self._infix(op)
        if op.kind == "negative":
            return "-" + self._operand(op.args[0], op.letters, 3), 3
        if op.kind in ("sum", "max"):
            inner, index = op.args
            axis = inner.letters.index(index)
            return f"{self._operand(inner, inner.letters, _ATOM)}.{op.kind}(axis={axis})", _ATOM
        return getattr(self, f"_{op.kind}", self._call)(op), _ATOM

    def _infix(self, op):
        strength = _STRENGTH[op.kind]
        letters = [part.letters for part in op.args] if op.kind == "matmul" else [op.letters] * 2
        left, right = op.args
        first, second = self._operand(left, letters[0], strength), self._operand(right, letters[1], strength + 1)
        return f"{first} {_INFIX[op.kind]} {second}", strength

    def _operand(self, op, letters, strength):
        """The operand, bracketed where it binds less tightly, with None for the axes of the letters it lacks."""
        shown, own = self._show(op)
        lacking = bool(op.letters) and op.letters != letters and len(op.letters) < len(letters)
        axes = _axes([letter in op.letters for letter in letters]) if lacking else ""
        return (f"({shown})" if own < (_ATOM if axes else strength) else shown) + axes

    def _call(self, op):
        args = ", ".join(self._operand(part, op.letters, 0) for part in op.args)
        return f"{op.kind}({args})"

    def _load(self, op):
        return op.args[0]

    def _number(self, op):
        value = op.args[0]
        if isinstance(value, Size) or value.q == 1:
            return str(value)
        return repr(value.p / value.q) if value.q & (value.q - 1) == 0 else f"({value.p} / {value.q})"

    def _cast(self, op):
        return f"{self._operand(op.args[0], op.letters, _ATOM)}.astype({op.args[1]}.dtype)"

    def _size(self, op):
        return op.args[0]

    def _range(self, op):
        return f"arange({op.args[0]})"

    def _transpose(self, op):
        inner = op.args[0]
        shown = self._operand(inner, inner.letters, _ATOM)
        if len(op.letters) == 2:
            return f"{shown}.T"
        return f"{shown}.transpose({', '.join(str(inner.letters.index(x)) for x in op.letters)})"

    def _spread(self, op):
        shape = ", ".join(str(letter.size) for letter in op.letters)
        return f"broadcast_to({self._operand(op.args[0], op.letters, 0)}, ({shape},)).copy()"

    def _gather(self, op):
        array, *indices = op.args
        return f"{self._show(array)[0]}[{', '.join(self._operand(x, op.letters, 0) for x in indices)}]"


def _axes(present):
    """[:, None, …]; axes that are lacking in front are added by broadcasting anyway."""
    present = present[present.index(True) :]
    return "" if all(present) else f"[{', '.join(':' if here else 'None' for here in present)}]"


def _boolean(op):
    """Whether the operation gives a mask."""
    if op.kind == "multiply":
        return all(map(_boolean, op.args))
    return op.kind in ("equal", "greater")


def _as_number(op, like):
    """The operation with masks made numbers, of the type of the array `like`, where NumPy would not do it by itself."""
    args = tuple(_as_number(part, like) if isinstance(part, Op) else part for part in op.args)
    operands = [part for part in args if isinstance(part, Op)]
    masks = [part for part in operands if _boolean(part)]
    untyped = op.kind in _TYPED and masks and all(part in masks or part.kind == "number" for part in operands)
    if untyped and not _boolean(op):
        args = tuple(Op("cast", (part, like), part.letters) if part is masks[0] else part for part in args)
    return Op(op.kind, args, op.letters)


@dataclass(frozen=True)
class Function:
    """A derived formula as a NumPy function of its arguments.

    name; arguments: the arrays in the order in which they are passed; outputs: ((letters, expression), …), one result
    for each; names: the definitions that the expressions use.
    """

    name: str
    arguments: tuple
    outputs: tuple
    names: tuple = ()

    @cached_property
    def program(self):
        """The array operations that are executed."""
        code, like = program(self.outputs, self.names), _argument(self.arguments[0])
        assignments = tuple((name, _as_number(op, like)) for name, op in code.assignments)
        return Program(assignments, tuple(_as_number(op, like) for op in code.results))

    @cached_property
    def compiled(self):
        """The function that lambdify made."""
        code, like = self.program, _argument(self.arguments[0])
        sizes = [(Symbol(size.name), _Block(Op("size", (where,)))) for size, where in self._sizes()]
        temporaries = [(Symbol(name), _Block(op)) for name, op in code.assignments]
        results = [_Block(Op("cast", (op, like), op.letters) if _boolean(op) else op) for op in code.results]
        symbols = [Symbol(_argument(argument)) for argument in self.arguments]
        return lambdify(
            symbols,
            tuple(results) if len(results) > 1 else results[0],
            modules="numpy",
            printer=_Printer,
            cse=lambda expressions: (sizes + temporaries, expressions),
        )

    def _sizes(self):
        """(size, code that reads it) for each size that the program needs."""
        needed = {part for op in all_ops(self.program) for part in _sizes_in(op)}
        found = {}
        for argument in self.arguments:
            for axis, size in enumerate(getattr(argument, "shape", ()) or ()):
                if size in needed and size not in found:
                    found[size] = f"{_argument(argument)}.shape[{axis}]"
        return found.items()

    def __call__(self, *arrays):
        return self.compiled(*arrays)

    @property
    def imports(self):
        """The names that the source needs from NumPy."""
        kinds = {op.kind for op in all_ops(self.program)}
        called = kinds & {"exp", "log", "sqrt", "tanh", "square", "power", "maximum"}
        renamed = {"range": "arange", "spread": "broadcast_to"}
        return called | {name for kind, name in renamed.items() if kind in kinds}

    @property
    def source(self):
        """The Python source of the function."""
        lines = getsource(self.compiled).replace("_lambdifygenerated", self.name.replace("-", "_")).splitlines()
        lines[-1] = lines[-1].removesuffix(",)") + ")" * lines[-1].endswith(",)")
        formulas = ";  ".join(text(expression) for _, expression in self.outputs)
        return "\n".join([lines[0], *_docstring(formulas), *lines[1:]]) + "\n"


def _sizes_in(op):
    if op.kind == "number" and isinstance(op.args[0], Size):
        return [op.args[0]]
    if op.kind == "range":
        return [op.args[0]]
    if op.kind == "spread":
        return [letter.size for letter in op.letters]
    return []


def _docstring(words, width=76):
    """The words as an indented docstring, on one line where there is room."""
    rows = wrap(words, width, initial_indent='    """', subsequent_indent="    ")
    return [*rows[:-1], rows[-1] + '"""'] if len(rows[-1]) < width else [*rows, '    """']


def _argument(array):
    return str(getattr(array, "label", array))
