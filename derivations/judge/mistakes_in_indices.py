"""Class indices used for columns, or for places in the flat array, and rows paired with all labels."""

from sympy import KroneckerDelta
from sympy.tensor.indexed import Indexed

from derivations.definition import Definition
from derivations.judge.candidate import Mistake, used, with_name, with_output
from derivations.notation import (
    B,
    Index,
    IndexSum,
    array,
    n,
    total,
)

HIT, FLAT = array("hit", n), array("flat", B, n)  # 1 for classes that occur at all; 1 at the flat positions c


def of_the_targets(scene, formula, output):
    """Class indices used as column indices, or as indices into the flat array; rows paired with all others."""
    letters, expression = formula.outputs[output]
    if not letters:
        yield from _all_pairs(formula, output, expression)
    if "c" not in scene.case.entries:
        return
    for definition in (None, *used(expression, formula.names)):
        inside = expression if definition is None else definition.meaning
        for part in inside.atoms(KroneckerDelta):
            column = next((x for x in part.args if not isinstance(x, Indexed)), None)
            row = next((x for x in (letters if definition is None else definition.letters) if x.size == B), None)
            if column is None or row is None:
                continue
            for id, words, instead in (
                ("wrong-index", "the labels pick whole columns, so that every row gets the labels of all", HIT[column]),
                (
                    "index-add-duplicates",
                    "the labels index the flat array, without the offset of the row",
                    FLAT[row, column],
                ),
            ):
                for changed in (inside.subs(part, instead), _tied(inside, part, instead)):
                    if definition is None:
                        yield Mistake(id, words, with_output(formula, output, changed))
                    else:
                        yield Mistake(
                            id, words, with_name(formula, Definition(definition.symbol, changed, definition.called))
                        )


def _tied(expression, part, instead):
    """The expression with δ_{j c_b} exchanged and p[b, c_b] read at j, as `out[:, y] = f(p[:, y])` does."""
    column = next(x for x in part.args if not isinstance(x, Indexed))
    label = next((x for x in part.args if isinstance(x, Indexed)), None)
    changed = expression.subs(part, instead)
    return changed if label is None else changed.subs(label, column)


def _all_pairs(formula, output, expression):
    """A mean over all pairs of a row and a label, as of `lp[:, y]`, or of two rows, as of `p[:, None] − y`."""
    for part in expression.atoms(IndexSum):
        if part.index.size != B:
            continue
        targets = [x for x in part.function.atoms(Indexed) if str(x.base) in ("c", "y") and x.indices[0] == part.index]
        if targets:
            other = _fresh_row(part.index)
            turned = {x: x.base[(other, *x.indices[1:])] for x in targets}
            paired = total(part.function.xreplace(turned), part.index, other) / B
            words = "every row is paired with every label, or with the targets of every other row"
            yield Mistake("wrong-index", words, with_output(formula, output, expression.subs(part, paired)))


def _fresh_row(index):
    return Index(f"{index.name}_", index.size)
