"""Array operations as NumPy code: operators where they stand alone, functions where the result goes into old memory."""

from sympy import Dummy, Symbol
from sympy.printing.numpy import NumPyPrinter

from derivations.notation import Size

_INFIX = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "matmul": "@", "equal": "==", "greater": ">"}
_STRENGTH = {"equal": 0, "greater": 0, "add": 1, "subtract": 1, "multiply": 2, "divide": 2, "matmul": 2, "negative": 3}
_ATOM = 9
DTYPE = "dtype"  # the name of the type that all arrays are brought to


class Block(Symbol):
    """A symbol that stands for an operation, so that lambdify can carry it to the printer.

    letters: of the axes that the printed expression must have room for, those of the operation itself by default.
    """

    __slots__ = ("letters", "op")

    def __new__(cls, op, letters=None):
        block = Dummy.__new__(Dummy, "block")
        block = Symbol.__xnew__(cls, f"block{block.dummy_index}")
        block.op, block.letters = op, op.letters if letters is None else letters
        return block


class Printer(NumPyPrinter):
    """Array operations as NumPy expressions; an operand gets the axes that it lacks by None."""

    def doprint(self, expression):
        if isinstance(expression, tuple | list):
            return f"({', '.join(map(self.doprint, expression))})"
        if isinstance(expression, Block):
            return self._operand(expression.op, expression.letters, 0)
        return super().doprint(expression)

    def _show(self, op):
        """The code and how tightly it binds."""
        if op.out is not None:
            return self._call(op), _ATOM
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
        args = [self._operand(part, op.letters, 0) for part in op.args]
        return f"{op.kind}({', '.join(args + [f'out={op.out}'] * (op.out is not None))})"

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

    def _type(self, op):
        return f"result_type({', '.join(op.args)}, 1.0)"

    def _typed(self, op):
        return f"{op.args[0]}.astype({DTYPE}, copy=False)"

    def _range(self, op):
        return f"arange({op.args[0]})"

    def _transpose(self, op):
        inner = op.args[0]
        shown = self._operand(inner, inner.letters, _ATOM)
        if len(op.letters) == 2:
            return f"{shown}.T"
        return f"{shown}.transpose({', '.join(str(inner.letters.index(x)) for x in op.letters)})"

    def _spread(self, op):
        return f"broadcast_to({self._operand(op.args[0], op.letters, 0)}, {_shape(op)}).copy()"

    def _zeros(self, op):
        like, axes = op.args
        same = axes == tuple(letter.size for letter in op.letters)
        return f"zeros_like({like})" if same else f"zeros_like({like}, shape={_shape(op)})"

    def _copy(self, op):
        return f"{self._operand(op.args[0], op.letters, _ATOM)}.copy()"

    def _gather(self, op):
        array, *indices = op.args
        return f"{self._show(array)[0]}[{', '.join(self._operand(x, op.letters, 0) for x in indices)}]"


def _shape(op):
    """The sizes as a tuple of Python."""
    return f"({', '.join(str(letter.size) for letter in op.letters)}{',' * (len(op.letters) == 1)})"


def _axes(present):
    """[:, None, …]; axes that are lacking in front are added by broadcasting anyway."""
    present = present[present.index(True) :]
    return "" if all(present) else f"[{', '.join(':' if here else 'None' for here in present)}]"
