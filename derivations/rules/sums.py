"""Rules about finite sums over an index letter."""

from sympy import Add, Integer, KroneckerDelta, Mul

from derivations.notation import (
    IndexSum,
    all_but,
    binder,
    canonical,
    excluded,
    free_indices,
    rebuilt,
    substitute,
    total,
)
from derivations.rules.hypotheses import SumsToOne
from derivations.rules.rule import Rule, everywhere


def _on_sums(change):
    """A rewriting that applies `change(index, body)` to sums, inner ones first."""

    def visit(expression):
        if not expression.args:
            return expression
        args = [visit(part) for part in expression.args]
        expression = rebuilt(expression, args)
        if not isinstance(expression, IndexSum):
            return expression
        new = change(binder(expression), expression.args[0])
        return expression if new is None else new

    return lambda expression, names: visit(expression)


def sift_one(index, body):
    found = _without_delta(index, body)
    return None if found is None else substitute(found[0], {index: found[1]})


def _without_delta(index, body):
    """(f, j) where the body is f δ_kj for the letter k, the δ perhaps inside further sums; else None."""
    for factor in Mul.make_args(body):
        if isinstance(factor, KroneckerDelta) and index in factor.args:
            return body / factor, next(letter for letter in factor.args if letter != index)
        if isinstance(factor, IndexSum) and (inner := _without_delta(index, factor.function)) is not None:
            if inner[1] != factor.index:
                return body / factor * IndexSum(inner[0], factor.index), inner[1]
    return None


def pull_one(index, body):
    outside = [factor for factor in Mul.make_args(body) if index not in free_indices(factor)]
    if not outside or body == 1:
        return None
    return Mul(*outside) * total(body / Mul(*outside), index)


def split_one(index, body):
    if not isinstance(body, Add):
        return None
    signs = [-1 if term.could_extract_minus_sign() else 1 for term in body.args]
    return Add(*(sign * total(sign * term, index) for sign, term in zip(signs, body.args, strict=True)))


def _count(index, body):
    return index.size if body == 1 else None


def _swap(expression, names):
    def one(part):
        if isinstance(part, IndexSum) and isinstance(part.args[0], IndexSum):
            inner = part.args[0]
            return total(inner.args[0], binder(inner), binder(part))
        return None

    return everywhere(expression, one)


def _same_range(expression):
    """Σ_k f + Σ_k h = Σ_k (f + h) in every sum of terms."""
    if not isinstance(expression, Add):
        return None
    sums = [(Mul(*others), part) for term in expression.args for others, part in [_one_sum(term)] if part is not None]
    if len(sums) < 2 or len({binder(part).size for _, part in sums}) != 1:
        return None
    index = binder(sums[0][1])
    rest = [term for term in expression.args if _one_sum(term)[1] is None]
    body = Add(*(factor * substitute(part.args[0], {binder(part): index}) for factor, part in sums))
    return Add(total(body, index), *rest)


def _one_sum(term):
    factors = Mul.make_args(term)
    sums = [factor for factor in factors if isinstance(factor, IndexSum)]
    if len(sums) != 1:
        return factors, None
    return [factor for factor in factors if factor is not sums[0]], sums[0]


sift = Rule("sift", r"\sum_{k=1}^{n} f_{k} \, \delta_{kj} = f_{j}", _on_sums(sift_one))
pull_out = Rule("constant out of the sum", r"\sum_{k} c f_{k} = c \sum_{k} f_{k}", _on_sums(pull_one))
split_sum = Rule("split the sum", r"\sum_{k} (f_{k} + h_{k}) = \sum_{k} f_{k} + \sum_{k} h_{k}", _on_sums(split_one))
join_sums = Rule(
    "join the sums",
    r"\sum_{k} f_{k} + \sum_{k} h_{k} = \sum_{k} (f_{k} + h_{k})",
    lambda expression, names: everywhere(expression, _same_range),
)
rename = Rule("rename the letter", r"\sum_{j} f_{j} = \sum_{k} f_{k}", lambda expression, names: canonical(expression))
count = Rule("count", r"\sum_{k=1}^{n} 1 = n", _on_sums(_count))
swap_sums = Rule("exchange the sums", r"\sum_{i} \sum_{k} f_{ik} = \sum_{k} \sum_{i} f_{ik}", _swap)


def set_aside(target):
    """Σ_k f_k = f_c + Σ_{k≠c} f_k"""

    def change(index, body):
        if index.size != target.size or excluded(index, body) is not None:
            return None
        return substitute(body, {index: target}) + all_but(body, index, target)

    return Rule("set one term aside", r"\sum_{k} f_{k} = f_{c} + \sum_{k \neq c} f_{k}", _on_sums(change))


def _include(index, body):
    target = excluded(index, body)
    if target is None:
        return None
    whole = body / (1 - KroneckerDelta(index, target))
    return total(whole, index) - substitute(whole, {index: target})


include = Rule("include the missing term", r"\sum_{k \neq c} f_{k} = \sum_{k} f_{k} - f_{c}", _on_sums(_include))


def sums_to_one(entry):
    """Σ_k y_k = 1 for the array whose entry is given, y[k] or y[b,k]: the last letter is summed."""
    hypothesis = SumsToOne(entry)
    size = entry.indices[-1].size

    def change(expression):
        if isinstance(expression, IndexSum) and binder(expression).size == size:
            summand = expression.args[0]
            if getattr(summand, "base", None) == entry.base and summand.indices[-1] == binder(expression):
                return Integer(1)
        return None

    return Rule(
        hypothesis.name, hypothesis.latex, lambda expression, names: everywhere(expression, change), (hypothesis,)
    )
