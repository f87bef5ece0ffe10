"""Single mistakes in an index expression: a term that is missing, a sign, a sum over the wrong axis, a mean for a sum.

`edits` walks through an expression and yields it with one mistake in it, again and again, each with the id and the
words of the mistake. They are what people get wrong (the public threads are linked in report/passes); which of them
somebody made is found by comparing values, so that nothing here has to be likely.
"""

from itertools import combinations, permutations

from sympy import Add, E, Integer, KroneckerDelta, Mul, Pow
from sympy.tensor.indexed import Indexed

from derivations.judge.edit import Edit
from derivations.judge.edits_in_sums import in_a_sum, two_sums
from derivations.judge.edits_of_functions import of_a_function
from derivations.judge.edits_too_many import once_too_often
from derivations.notation import (
    B,
    Index,
    IndexMax,
    IndexSum,
    Iverson,
    Size,
    array,
    binder,
    free_indices,
    n,
    rebuilt,
    substitute,
    total,
)
from derivations.printing import text


def edits(expression, context):
    """Edit after Edit, each with one mistake somewhere in the expression, the unlikelier ones last."""
    yield from _everywhere(expression, lambda part: _here(part, context))
    yield from _everywhere(expression, two_sums)


def _everywhere(expression, here):
    """The edits that here(part) gives, for every part of the expression."""
    yield from here(expression)
    if isinstance(expression, Indexed | KroneckerDelta | Index) or not expression.args:
        return
    parts = expression.args[:1] if binder(expression) is not None else expression.args
    for k, part in enumerate(parts):
        for edit in _everywhere(part, here):
            args = [*expression.args[:k], edit.expression, *expression.args[k + 1 :]]
            yield Edit(edit.id, edit.words, rebuilt(expression, args))


def _here(expression, context):
    """The mistakes that are made at the top of an expression."""
    if expression.is_Add:
        yield from _in_a_sum_of_terms(expression)
        yield from _inside_the_sum(expression)
    elif expression.is_Mul:
        yield from _in_a_product(expression, context)
    elif isinstance(expression, IndexSum):
        yield from in_a_sum(expression, context)
    elif isinstance(expression, Iverson):
        yield Edit("sign", f"the comparison in {text(expression)} is the wrong way round", 1 - expression)
    elif isinstance(expression, Pow) and expression.base is not E and expression.exp == 2:
        yield Edit("missing-term", f"the square of {text(expression.base)} is missing", expression.base)
        yield from _squared_by_terms(expression.base)
    elif isinstance(expression, Indexed):
        yield from _of_an_entry(expression, context)
    elif isinstance(expression, Size):
        for other in [x for x in (B, n) if x != expression and x in context.sizes]:
            yield Edit("batch-for-classes", f"{other} stands for {expression}", other)
        yield Edit("normaliser", f"{expression} − 1 stands for {expression}", expression - 1)
    yield from of_a_function(expression)


def _in_a_sum_of_terms(expression):
    terms = expression.args
    for k, term in enumerate(terms):
        others = Add(*terms[:k], *terms[k + 1 :])
        yield Edit("missing-term", f"the term {text(term)} is missing", others)
        yield Edit("operator-swapped", f"the term {text(term)} has the wrong sign", others - term)
    if len(terms) == 2:
        factors = [-term if term.could_extract_minus_sign() else term for term in terms]
        words = f"{text(terms[0])} and {text(factors[1])} are multiplied instead of added or subtracted"
        yield Edit("operator-swapped", words, Mul(*factors))
    if len(terms) == 2 and all(isinstance(factor, Indexed) for factor in factors):
        words = f"the absolute value of {text(expression)} is taken: its sign is lost"
        yield Edit("sign", words, expression * (2 * Iverson(expression) - 1))


def _squared_by_terms(base):
    """(p − y)² as p² − y²."""
    if base.is_Add:
        terms = [-(x**2) if x.could_extract_minus_sign() else x**2 for x in base.args]
        yield Edit("operator-swapped", f"the terms of {text(base)} are squared one by one", Add(*terms))


def _inside_the_sum(expression):
    """Σ_u x_u W_u + β as Σ_u x_u (W_u + β)."""
    for part in expression.args:
        if isinstance(part, IndexSum):
            term = expression - part
            factors = Mul.make_args(part.function)
            for k, factor in enumerate(factors):
                body = Mul(*factors[:k], *factors[k + 1 :]) * (factor + term)
                words = f"{text(term)} is added to {text(factor)} inside the sum"
                yield Edit("operator-swapped", words, total(body, part.index))


def _in_a_product(expression, context):
    factors = expression.args
    for k, factor in enumerate(factors):
        if factor.is_Number:
            continue
        others = Mul(*factors[:k], *factors[k + 1 :])
        yield Edit(_dropped(factor, context), f"the factor {text(factor)} is missing", others)
        if isinstance(factor, Pow) and factor.exp == -1 and not isinstance(factor.base, Size):
            words = f"{text(factor.base)} is multiplied by instead of divided by"
            yield Edit("operator-swapped", words, others * factor.base)
    rest = [factor for factor in factors if not factor.is_Number]
    for first, second in combinations(rest, 2) if len(rest) > 2 else ():
        others = Mul(*[x for x in factors if x not in (first, second)])
        yield Edit("missing-term", f"the factors {text(first)} and {text(second)} are missing", others)
    if len(rest) == 2:
        words = f"{text(rest[0])} and {text(rest[1])} are added instead of multiplied"
        yield Edit("operator-swapped", words, Mul(*[x for x in factors if x.is_Number]) * Add(*rest))


def factors_too_many(expression, letters, arrays):
    """Edit after Edit in which a factor stands where it does not belong."""
    yield from _everywhere(expression, lambda part: once_too_often(part, letters, arrays))


def of_one_term(expression):
    """Edit after Edit in which a factor of a bracket is applied to one of its terms only."""
    yield from _everywhere(expression, _of_one_term)


def _of_one_term(expression):
    """p (g − s) as p g − s, and as g − p s."""
    for factor, bracket in permutations(expression.args, 2) if expression.is_Mul else ():
        if bracket.is_Add and len(bracket.args) == 2 and not factor.is_Number:
            rest = Mul(*[x for x in expression.args if x not in (factor, bracket)])
            for term in [x for x in bracket.args if not x.is_Number]:
                words = f"the factor {text(factor)} is missing from the term {text(term)}"
                yield Edit("missing-term", words, rest * (factor * (bracket - term) + term))


def _dropped(factor, context):
    """The id of the mistake that leaves out a factor."""
    if isinstance(factor, Indexed) and str(factor.base) == context.upstream:
        return "upstream-ignored"
    if factor.free_symbols and all(isinstance(x, Size) for x in factor.free_symbols):
        return "batch-missing" if any(x.name == "B" for x in factor.free_symbols) else "normaliser"
    return "missing-term"


def _of_an_entry(entry, context):
    shape, indices = entry.base.shape or (), entry.indices
    if len(indices) == 2 and context.sizes.get(shape[0]) == context.sizes.get(shape[1]):
        turned = entry.base[tuple(reversed(indices))]
        if len(context.letters) == 1:
            yield Edit(
                "wrong-axis", f"{text(turned)} stands for {text(entry)}: the sum runs over the other axis", turned
            )
        else:
            yield Edit("transpose", f"{text(turned)} stands for {text(entry)}: a transpose too many or too few", turned)
    if str(entry.base) == context.upstream:
        for name, words in UPSTREAM.items():
            yield Edit("upstream-sign", f"{words} stands for {text(entry)}", array(name, *shape)[indices])
        yield Edit("upstream-ignored", f"1 stands for {text(entry)}", Integer(1))
    if isinstance(indices[0], Index) and indices[0].size.name == "B" and len(indices) > 1:
        words = f"the first row stands for every row in {text(entry)}"
        yield Edit("wrong-index", words, entry.base[(Integer(1), *indices[1:])])
    for index in [x for x in indices if isinstance(x, Indexed)]:
        for letter in [x for x in context.letters if x.size == shape[indices.index(index)]]:
            turned = entry.base[tuple(letter if x == index else x for x in indices)]
            yield Edit("wrong-index", f"{text(turned)} stands for {text(entry)}: columns are not labels", turned)
    for mistake in context.instead(entry):
        yield Edit(*mistake)


UPSTREAM = {
    "|g|": "the absolute value of the upstream gradient",
    "g+": "the positive part of the upstream gradient",
    "±1": "the sign of the upstream gradient",
}


def every_sum_over_the_rows(expression, context):
    """The expression with each of its sums and maxima over columns taken over rows, or None where there are none."""
    bound = binder(expression)
    if bound is not None:
        free = free_indices(expression)
        row = next((x for x in context.letters if x.size != bound.size and x in free), None)
        column = next((x for x in context.letters if x.size == bound.size), None)
        if row is None or column is None:
            return expression
        over = Index(f"{row.name}_", row.size)
        inner = every_sum_over_the_rows(expression.function, context)
        return expression.func(substitute(inner, {bound: column, row: over}), over)
    if isinstance(expression, Indexed | KroneckerDelta) or not expression.args:
        return expression
    return rebuilt(expression, [every_sum_over_the_rows(part, context) for part in expression.args])


def has_sums(expression):
    """Whether anything in the expression runs over an axis."""
    return expression.has(IndexSum) or expression.has(IndexMax)
