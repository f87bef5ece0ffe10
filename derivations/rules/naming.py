"""Rules that exchange one expression for another: definitions, results already proved, assumptions about data."""

from itertools import product

from sympy import Integer, KroneckerDelta, Mul, Pow
from sympy.tensor.indexed import Indexed

from derivations.lifting import lift
from derivations.notation import Index, Partial, a, b, canonical, free_indices, rebuilt, substitute
from derivations.printing import latex
from derivations.rules.algebra import powers
from derivations.rules.hypotheses import OneHot
from derivations.rules.rule import Rule, everywhere


def unfold(definition):
    """Write the meaning of a named intermediate; in a derivative by that name itself, the name stays."""

    def rewrite(expression, names):
        def one(part):
            if isinstance(part, Partial):
                if getattr(part.variable, "base", part.variable) == definition.base:
                    return part
                return Partial(rewrite(part.function, names), part.variable)
            new = definition.unfold(part) if isinstance(part, Indexed) or part == definition.symbol else part
            return new if new != part else None

        return everywhere(expression, one)

    return Rule(f"definition of {definition.called}", _equation(definition.symbol, definition.meaning), rewrite)


def name(definition):
    """Write p_i for its meaning, also where that is part of a product; the reverse of `unfold`."""
    return Rule(
        f"name {definition.called}",
        _equation(definition.meaning, definition.symbol),
        lambda expression, names: exchanged(expression, definition.meaning, definition.symbol),
    )


def use(derivation, back=False, given=()):
    """Write the claim of a derivation for its start (back: the start for the claim), at any letters.

    given: those of its hypotheses that hold here without being assumed, such as p > 0 where p is a softmax.
    """
    old, new = (derivation.claim, derivation.start) if back else (derivation.start, derivation.claim)
    return Rule(
        derivation.name,
        _equation(old, new),
        lambda expression, names: exchanged(expression, old, new),
        tuple(hypothesis for hypothesis in derivation.hypotheses if hypothesis not in given),
    )


def row_by_row(derivation, shared=()):
    """∂f(o_b)/∂o_aj = δ_ab ∂f(o_a)/∂o_aj: the value of a row depends on the logits of that row alone.

    The derivation is of ∂f/∂o_j for one row; its hypotheses are asked of every row; `shared` names arrays without rows.
    """
    variable = derivation.start.variable
    function, entry = lift(derivation.start.function, b, shared), lift(variable, a, shared)
    old, new = Partial(function, entry), KroneckerDelta(a, b) * lift(derivation.claim, a, shared)
    return Rule(
        "row by row",
        _equation(old, new),
        lambda expression, names: exchanged(expression, old, new),
        tuple(hypothesis.lifted() for hypothesis in derivation.hypotheses),
    )


def one_hot(entry, target):
    """y_k = δ_kc: the target is the class c alone."""

    hypothesis = OneHot(entry, target)
    return Rule(
        hypothesis.name,
        hypothesis.latex,
        lambda expression, names: everywhere(expression, hypothesis.meaning),
        (hypothesis,),
    )


def _equation(left, right):
    return f"{latex(left)} = {latex(right)}"


def exchanged(expression, old, new):
    """The expression with every occurrence of `old`, at any letters, replaced by `new` at the same letters."""
    if not expression.args or isinstance(expression, Indexed):
        return expression
    found = _matched(expression, old, new)
    if found is not None:
        return exchanged(found, old, new) if isinstance(found, Mul | Pow) and not _within(old, new) else found
    return rebuilt(expression, [exchanged(part, old, new) for part in expression.args])


def _within(old, new):
    return any(canonical(part) == canonical(old) for part in (new, *new.args))


def _matched(expression, old, new):
    for letters in _candidates(expression, old):
        pattern = substitute(old, letters)
        if canonical(expression) == canonical(pattern):
            return substitute(new, letters)
        if isinstance(expression, Mul | Pow) and isinstance(pattern, Mul | Pow):
            rest = _divided(expression, pattern)
            if rest is not None:
                return substitute(new, letters) * rest
    return None


def _candidates(expression, pattern):
    """{letter: index} for every choice of the pattern's free letters among those of like entries."""
    places = {}
    for part in sorted(pattern.atoms(Indexed), key=str):
        for position, letter in enumerate(part.indices):
            if letter in free_indices(pattern):
                places.setdefault(letter, (part.base, position))
    found = sorted(expression.atoms(Indexed), key=str)
    choices = []
    for base, position in places.values():
        values = dict.fromkeys(part.indices[position] for part in found if part.base == base)
        choices.append([value for value in values if isinstance(value, Index | Indexed)])
    return [dict(zip(places, choice, strict=True)) for choice in product(*choices)]


def _divided(expression, pattern):
    """expression / pattern where every factor of the pattern is a factor of the expression, else None."""
    factors = {canonical(base): power for base, power in powers(expression).items()}
    for base, power in powers(pattern).items():
        have = factors.get(canonical(base), Integer(0))
        if have * power <= 0 or abs(have) < abs(power):
            return None
        factors[canonical(base)] = have - power
    return Mul(*(base**power for base, power in factors.items()))
