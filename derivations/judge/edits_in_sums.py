"""Single mistakes with a sum: over another axis, of one term only, without one, a mean in its place."""

from sympy import Integer, Mul, Pow
from sympy.tensor.indexed import Indexed

from derivations.judge.edit import Edit
from derivations.notation import Index, IndexSum, free_indices, fresh, substitute, total
from derivations.printing import text


def in_a_sum(expression, context):
    body, index = expression.function, expression.index
    shown = text(expression)
    yield Edit("mean-for-sum", f"a mean stands where the sum {shown} belongs", expression / index.size)
    yield from _of_the_weights(body, index, shown)
    yield from _of_squares(body, index)
    yield from _of_the_ends(expression, context)
    yield from _of_the_labels(expression)
    own = [x for x in context.letters if x.size == index.size and x not in free_indices(body)]
    for letter in own:
        yield Edit("missing-term", f"of the sum {shown} only one term is there", substitute(body, {index: letter}))
    for row in sorted(free_indices(body) - {index}, key=str):
        over = Index(f"{row.name}_", row.size)
        for letter in own:
            words = f"the sum {shown} runs over {row.size} instead of {index.size}"
            yield Edit("wrong-axis", words, total(substitute(body, {index: letter, row: over}), over))
        if row.size != index.size:
            words = f"the sum {shown} runs over {row.size} as well"
            id = "bias-summed-over-all" if len(context.letters) == 1 else "wrong-axis"
            yield Edit(id, words, total(substitute(body, {row: over}), over, index))
        for letter in own:
            if context.sizes[row.size] == context.sizes[index.size]:
                words = f"the sums {shown} lie along the wrong axis of the result"
                yield Edit("wrong-axis", words, total(substitute(body, {row: letter}), index))


def _of_the_weights(body, index, shown):
    """Σ_i p_i g_i as the plain mean of g."""
    having = [x for x in Mul.make_args(body) if index in free_indices(x)]
    for factor in having if len(having) > 1 else ():
        rest = Mul(*[x for x in Mul.make_args(body) if x != factor])
        words = f"the mean of {text(rest)} stands for the sum {shown}"
        yield Edit("mean-for-sum", words, total(rest, index) / index.size)


def _of_squares(body, *indices):
    """Σ f² as (Σ f)², over one index or several."""
    while isinstance(body, IndexSum):
        body, indices = body.function, (*indices, body.index)
    for factor in Mul.make_args(body):
        if isinstance(factor, Pow) and factor.exp == 2:
            rest = Mul(*[x for x in Mul.make_args(body) if x != factor])
            if not free_indices(rest) & set(indices):
                words = f"the sum of {text(factor.base)} is squared, and not each term"
                yield Edit("operator-swapped", words, rest * total(factor.base, *indices) ** 2)


def two_sums(expression):
    """Σ_b f_b g_b as Σ_b f_b · Σ_b g_b."""
    if not isinstance(expression, IndexSum):
        return
    body, index = expression.function, expression.index
    factors = Mul.make_args(body)
    having = [x for x in factors if index in free_indices(x)]
    if len(having) == 2:
        rest = Mul(*[x for x in factors if x not in having])
        words = f"{text(having[0])} and {text(having[1])} are summed over {index.size} separately"
        yield Edit("wrong-axis", words, rest * Mul(*[total(x, index) for x in having]))


def _of_the_ends(expression, context):
    """Only the first or last term, or all but it."""
    body, shown = expression.function, text(expression)
    for place in sorted({1, context.sizes[expression.index.size]}):
        which = "first" if place == 1 else "last"
        one = substitute(body, {expression.index: Integer(place)})
        yield Edit("missing-term", f"of the sum {shown} only the {which} term is there", one)
        yield Edit("missing-term", f"the {which} term of the sum {shown} is left out", expression - one)


def _of_the_labels(expression):
    """Σ_b w_{c_b}, of the labels that occur, as B, and as the sum over all classes."""
    body, index = expression.function, expression.index
    if not isinstance(body, Indexed):
        return
    shown, size = text(expression), index.size
    if size.name == "B":
        yield Edit("normaliser", f"{size} stands for the sum {shown}", size)
    if isinstance(body.indices[-1], Indexed):
        other = fresh(body.base.shape[-1], (index,))
        words = f"the sum {shown} runs over all classes instead of the labels"
        yield Edit("normaliser", words, total(body.base[(*body.indices[:-1], other)], other))
