"""Mistakes with the Jacobian: its diagonal alone, or its transpose, or the slope of another loss through softmax."""

from derivations.judge.candidate import Mistake, with_output
from derivations.judge.edits import has_sums
from derivations.notation import (
    B,
    Index,
    array,
    delta,
    n,
    substitute,
    total,
)


def of_the_jacobian(scene, formula, output):
    """The diagonal alone, and a Jacobian that is transposed."""
    operation, kind = scene.question.operation, scene.question.kind
    full = next((x for x in ("jacobian", "hessian") if x in operation.functions), None)
    if kind == full:
        letters, expression = formula.outputs[output]
        swapped = substitute(expression, {letters[1]: letters[2], letters[2]: letters[1]})
        yield Mistake(
            "diagonal-only",
            "only the diagonal of the Jacobian is there",
            with_output(formula, output, expression * delta(letters[1], letters[2])),
        )
        yield Mistake(
            "missing-term",
            "the diagonal of the Jacobian is left out",
            with_output(formula, output, expression * (1 - delta(letters[1], letters[2]))),
        )
        yield Mistake("transpose", "the Jacobian is transposed", with_output(formula, output, swapped))
        signs = 2 * delta(letters[1], letters[2]) - 1
        words = "the entries beside the diagonal have the wrong sign"
        yield Mistake("operator-swapped", words, with_output(formula, output, expression * signs))
    if kind in ("vjp", "hvp") and full is not None:
        (row, first, second), entry = operation.function(full).outputs[0]
        (to, column), _ = formula.outputs[output]
        g = operation.upstream.array
        on_diagonal = substitute(entry, {row: to, first: column, second: column}) * g[to, column]
        yield Mistake(
            "diagonal-only", "only the diagonal of the Jacobian is used", with_output(formula, output, on_diagonal)
        )
        off_diagonal = formula.outputs[output][1] - on_diagonal
        yield Mistake(
            "missing-term", "the diagonal of the Jacobian is left out", with_output(formula, output, off_diagonal)
        )
        columns = substitute(entry, {row: to, second: column})
        yield Mistake(
            "upstream-ignored",
            "the Jacobian is summed over the outputs, as if the upstream gradient were 1",
            with_output(formula, output, total(columns, first)),
        )
    if kind in ("gradient", "value_and_gradient") and len(formula.outputs[output][0]) == 2:
        for definition in formula.names:
            if str(definition.base) == "p" and has_sums(definition.meaning):
                yield from _through_the_diagonal(scene, formula, output, definition.base)


def _through_the_diagonal(scene, formula, output, p):
    letters, expression = formula.outputs[output]
    slope = p[letters] * (1 - p[letters])
    words = "the gradient is multiplied by p (1 − p), the diagonal of the Jacobian of softmax"
    yield Mistake("diagonal-only", words, with_output(formula, output, expression * slope))
    if "y" in scene.case.entries:
        y = array("y", B, n)[letters]
        chained = -y / p[letters] * slope / (1 if scene.question.reduction == "sum" else B)
        yield Mistake(
            "diagonal-only",
            "the chain rule goes through the diagonal of the Jacobian of softmax only",
            with_output(formula, output, chained),
        )
        row, over = letters[0], Index("i_", letters[1].size)
        off = p[letters] - y
        mean = total((p[row, over] - array("y", B, n)[row, over]) * p[row, over], over)
        for divisor, of in ((B, "rows"), (B * n, "entries")):
            words = f"this is the gradient of half the squared error of the probabilities, a mean over all {of}"
            squared = p[letters] * (off - mean) / (1 if scene.question.reduction == "sum" else divisor)
            yield Mistake("wrong-function", words, with_output(formula, output, squared))
