"""A program of array operations as one vectorised NumPy function, compiled by SymPy's lambdify.

The function serves every size and float type: sizes are read off its arguments, and no loop runs over entries.
"""

import ast
from dataclasses import dataclass
from functools import cached_property
from inspect import getsource
from textwrap import wrap

import numpy as np
from sympy import Symbol, lambdify

from derivations.float_type import arrays_read, of_one_type
from derivations.in_place import in_place
from derivations.lowering import Op, walk
from derivations.masks import as_number, is_mask, placed
from derivations.notation import Size
from derivations.numpy_printer import DTYPE, Block, Printer
from derivations.printing import text
from derivations.program import Program, program
from derivations.unbuffered import unbuffered


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
        """The array operations of the formula, every one with a result of its own."""
        code, like = program(self.outputs, self.names), _argument(self.arguments[0])
        assignments = tuple((name, as_number(op, like)) for name, op in code.assignments)
        results = (as_number(op, like) for op in code.results)
        return Program(assignments, tuple(Op("cast", (op, like), op.letters) if is_mask(op) else op for op in results))

    @cached_property
    def executed(self):
        """The array operations as they run: masks spared, and memory used again where the results' type is sure."""
        like = _argument(self.arguments[0]), _shape(self.arguments[0])
        if not self._one_type:
            return placed(self.program, like, numbers_only=True)
        return in_place(placed(self.program, like), self._reals)

    @cached_property
    def _reals(self):
        """The arguments that are computed with, or whose type the result is to have."""
        read = arrays_read(self.program) | {_argument(self.arguments[0])}
        return [name for name in map(_argument, self.arguments) if name in read]

    @cached_property
    def _one_type(self):
        return of_one_type(self.program, self._reals)

    @cached_property
    def compiled(self):
        """The function that lambdify made."""
        code = self.executed
        lines = [(Symbol(size.name), Block(Op("size", (where,)))) for size, where in self._sizes()]
        lines += self._typing() + [_statement(*assignment) for assignment in code.assignments]
        results = tuple(map(Block, code.results))
        return lambdify(
            [Symbol(_argument(argument)) for argument in self.arguments],
            results if len(results) > 1 else results[0],
            modules="numpy",
            printer=Printer,
            cse=lambda expressions: (lines, expressions),
        )

    def _typing(self):
        """The lines that bring all arrays to one type, where what follows relies on it."""
        writes = any(op.out or op.kind == "zeros" for op in self._steps()) or any(
            isinstance(target, Op) for target, _ in self.executed.assignments
        )
        if not (self._one_type and writes):
            return []
        arrays = [x for x in map(_argument, filter(_shape, self.arguments)) if x in self._reals]
        casts = [(Symbol(name), Block(Op("typed", (name,)))) for name in arrays]
        return [(Symbol(DTYPE), Block(Op("type", tuple(self._reals)))), *casts]

    def _steps(self):
        """Every operation that runs, those inside the index of what is assigned to included."""
        for target, op in self.executed.assignments:
            yield from walk(op)
            if isinstance(target, Op):
                yield from walk(target)
        for op in self.executed.results:
            yield from walk(op)

    def _sizes(self):
        """(size, code that reads it) for each size that the program needs."""
        needed = {part for op in self._steps() for part in _sizes_in(op)}
        found = {}
        for argument in self.arguments:
            for axis, size in enumerate(_shape(argument)):
                if size in needed and size not in found:
                    found[size] = f"{_argument(argument)}.shape[{axis}]"
        return found.items()

    def __call__(self, *arrays):
        return unbuffered(self.compiled, arrays)

    @property
    def imports(self):
        """The names that the source needs from NumPy."""
        calls = [node.func for node in ast.walk(ast.parse(self.source)) if isinstance(node, ast.Call)]
        return {name.id for name in calls if isinstance(name, ast.Name) and hasattr(np, name.id)}

    @property
    def source(self):
        """The Python source of the function."""
        lines = getsource(self.compiled).replace("_lambdifygenerated", self.name.replace("-", "_")).splitlines()
        lines[-1] = lines[-1].removesuffix(",)") + ")" * lines[-1].endswith(",)")
        formulas = ";  ".join(text(expression) for _, expression in self.outputs)
        return "\n".join([lines[0], *_docstring(formulas), *lines[1:]]) + "\n"


def _statement(target, op):
    """One assignment for lambdify, to a name or to entries of an array."""
    if isinstance(target, Op):
        return Block(target), Block(op, target.letters)
    return Symbol(target), Block(op)


def _sizes_in(op):
    if op.kind == "number" and isinstance(op.args[0], Size):
        return [op.args[0]]
    if op.kind == "range":
        return [op.args[0]]
    if op.kind == "spread" or (op.kind == "zeros" and op.args[1] != tuple(x.size for x in op.letters)):
        return [letter.size for letter in op.letters]
    return []


def _docstring(words, width=76):
    """The words as an indented docstring, on one line where there is room."""
    rows = wrap(words, width, initial_indent='    """', subsequent_indent="    ")
    return [*rows[:-1], rows[-1] + '"""'] if len(rows[-1]) < width else [*rows, '    """']


def _argument(array):
    return str(getattr(array, "label", array))


def _shape(argument):
    return getattr(argument, "shape", None) or ()
