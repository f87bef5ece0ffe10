"""From one row to a batch: o[i] becomes o[b,i], the class c of the row becomes c[b]."""

from dataclasses import replace

from sympy import Symbol
from sympy.tensor.indexed import Indexed

from derivations.notation import B, array, b, binder, c, rebuilt


def lift_array(base, shared=()):
    """The array with an axis for the rows of the batch in front; an array that all rows share stays."""
    if str(base) in shared or isinstance(base, Symbol):
        return base
    return array(str(base), B, *base.shape, **{key: value for key, value in base.assumptions0.items() if value})


def lift(expression, row=b, shared=()):
    """The expression for one row as the expression for row b of a batch; `shared` names parameters without rows."""
    if expression == c:
        return array("c", B, integer=True)[row]
    if isinstance(expression, Indexed):
        indices = [lift(index, row, shared) for index in expression.indices]
        if str(expression.base) in shared:
            return expression.base[tuple(indices)]
        return lift_array(expression.base, shared)[(row, *indices)]
    if not expression.args:
        return expression
    if binder(expression) is not None:
        return expression.func(lift(expression.args[0], row, shared), binder(expression))
    return rebuilt(expression, [lift(part, row, shared) for part in expression.args])


def lift_definition(definition, shared=()):
    """The definition for row b of a batch."""
    computed = None if definition.computed is None else lift(definition.computed, b, shared)
    return replace(
        definition,
        symbol=lift(definition.symbol, b, shared),
        meaning=lift(definition.meaning, b, shared),
        computed=computed,
    )
