"""One mistake as a formula: what every part of the catalogue of mistakes is made with."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from sympy.tensor.indexed import Indexed

from derivations.judge.scene import Formula
from derivations.notation import (
    rebuilt,
)


@dataclass(frozen=True)
class Mistake:
    """The id and the words of a mistake, and what the code computes if it was made: a Formula, or the array itself.

    fitted: whether a number in it was read off the run that it is to explain.
    """

    id: str
    words: str
    formula: Formula | np.ndarray
    fitted: bool = False


def right(question):
    """The right formulas of all outputs, as the derivation prints them."""
    if question.kind == "value":
        specification = question.specification
        return Formula(specification.outputs("value"), specification.names)
    return Formula(question.function.outputs, question.function.names)


def used(expression, names):
    """The definitions that an expression uses, through each other too."""
    found, bases = [], _bases(expression)
    for definition in names:
        if definition.base in bases and definition not in found:
            found += [x for x in (definition, *used(definition.meaning, names)) if x not in found]
    return found


@lru_cache(maxsize=1 << 14)
def _bases(expression):
    """The arrays of which an expression has entries; asked again and again for the same formulas."""
    return frozenset(x.base for x in expression.atoms(Indexed))


def with_output(formula, output, expression):
    outputs = list(formula.outputs)
    outputs[output] = (outputs[output][0], expression)
    return replace(formula, outputs=tuple(outputs))


def with_name(formula, definition):
    names = tuple(definition if d.base == definition.base else d for d in formula.names)
    return replace(formula, names=names)


def renamed(expression, old, new):
    """The expression with every entry of one array exchanged for the same entry of another."""
    if isinstance(expression, Indexed):
        return new[expression.indices] if expression.base == old else expression
    if not expression.args:
        return expression
    return rebuilt(expression, [renamed(part, old, new) for part in expression.args])
