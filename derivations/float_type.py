"""Of which type a derived function's results are: NumPy's promotion rules, followed without the arrays.

Where every result depends on every array and has passed through a division, exponential or the like, its type is that
of all arrays and a float together. Only then may the arrays be brought to that type beforehand: the results are of the
same type as if each operation had chosen for itself, mixed widths and whole numbers included; but whole numbers of 8 or
16 bits become float64, where NumPy's own exp would make 16 or 32 bits of them.
"""

from functools import reduce

from sympy import Integer

from derivations.masks import is_mask
from derivations.notation import Size

_FLOAT = ("divide", "exp", "log", "tanh", "sqrt")  # of whole numbers these give floats
_NONE = False, frozenset()


def arrays_read(code):
    """The names of the arrays whose entries the program computes with; classes say where and are not among them."""
    return set().union(*(_read(op) for _, op in code.assignments), *map(_read, code.results))


def _read(op):
    if op.kind == "load":
        return {op.args[0]}
    parts = op.operands[:1] if op.kind == "gather" else [] if op.kind == "equal" else op.operands
    return set().union(*map(_read, parts))


def of_one_type(code, arguments):
    """Whether every result is sure to be a float of the type of all `arguments` together."""
    known = {name: (False, frozenset([name])) for name in arguments}
    for name, op in code.assignments:
        known[name] = _type(op, known)
    return all(_type(op, known) == (True, frozenset(arguments)) for op in code.results)


def _type(op, known):
    """(whether it is a float for whole numbers too, the arrays that have a say in its type)"""
    if op.kind == "load":
        return known.get(op.args[0], _NONE)
    if op.kind == "cast":
        return known[op.args[1]]
    if op.kind == "number":
        whole = isinstance(op.args[0], Size | Integer)
        return not whole, frozenset()
    if is_mask(op):
        return _NONE
    parts = [_type(part, known) for part in op.operands]
    floats, arrays = zip(*parts, strict=True) if parts else ((False,), (frozenset(),))
    return op.kind in _FLOAT or any(floats), reduce(frozenset.union, arrays)
