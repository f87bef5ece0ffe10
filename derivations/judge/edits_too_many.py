"""Single mistakes by something that does not belong: a factor too many, in one term or inside one sum."""

from sympy import Add, Mul

from derivations.judge.edit import Edit
from derivations.notation import IndexSum, total
from derivations.printing import text


def once_too_often(expression, letters, arrays):
    """Edit after Edit at the top of an expression; arrays: those that the formula has, letters: of its axes."""
    if expression.is_Mul:
        for factor in expression.args:
            if factor.free_symbols:
                yield Edit("extra-term", f"the factor {text(factor)} is there twice", expression * factor)
    elif expression.is_Add:
        for term in [x for x in expression.args if not x.is_Number]:
            for entry in _entries(arrays, letters):
                words = f"the factor {text(entry)} does not belong in the term {text(term)}"
                yield Edit("extra-term", words, Add(expression - term, Mul(entry, term)))
    elif isinstance(expression, IndexSum):
        index = expression.index
        inside = (*(x for x in letters if x.size != index.size), index)
        for entry in _entries(arrays, inside):
            words = f"the factor {text(entry)} does not belong in the sum {text(expression)}"
            yield Edit("extra-term", words, total(expression.function * entry, index))


def _entries(arrays, letters):
    """The entry of every array at these letters, one for each size."""
    at = {letter.size: letter for letter in letters}
    for base in arrays:
        shape = base.shape or ()
        if shape and all(size in at for size in shape):
            yield base[tuple(at[size] for size in shape)]
