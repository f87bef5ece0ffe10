"""Compiled code reads the memory of arrays, where exact numbers are no floats: it is refused when it asks for types."""

import sys
from functools import cache

from derivations.execution.exact_array import ExactArray
from derivations.execution.trace import current


def refuse_numba():
    """Numba, where it is loaded, takes no exact array; by default it takes a subclass of ndarray for its dtype."""
    if "numba" in sys.modules:
        _registered()


@cache
def _registered():
    from numba.extending import typeof_impl

    return typeof_impl.register(ExactArray, _refused)


def _refused(array, context):
    raise current().refuse("hands exact numbers to compiled code of numba")
