"""Certificates: 'proved for all n' for a derivation whose every line is decided by the sizes that were checked.

For each line and each size symbol, `cutoff` reads from the explicit equation how far one must check; the equation is
checked there exactly, with every coincidence of its free letters, and so are the line and its explicit form against
each other. What is more general is tried first: named intermediates as independent unknowns, unfolded only where the
line is not true otherwise, and logarithms or exponentials of sums as unknowns of their own.
"""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain, combinations, product
from math import prod

from sympy import Pow, exp, log, tanh
from sympy.tensor.indexed import Indexed

from derivations.cutoff import Cutoff, PremiseFails, cutoff, subexpressions
from derivations.differentiate import explicit
from derivations.notation import B, IndexSum, Iverson, array, canonical, free_indices, rebuilt
from derivations.proof import Checker, check_step, class_arrays, patterns, sizes_of
from derivations.rules.hypotheses import OneHot


@dataclass(frozen=True)
class LineCertificate:
    """One step: its rule, the Cutoff for each size name, and why the argument fails, where it does."""

    rule: str
    cutoffs: dict[str, Cutoff]
    reason: str = ""

    @property
    def proved(self):
        return not self.reason


@dataclass(frozen=True)
class Certificate:
    """What was shown of a derivation; `proved` means: every line, for all sizes."""

    derivation: object
    lines: tuple[LineCertificate, ...]
    checked: int  # every line was checked exactly up to this size

    @property
    def proved(self):
        return all(line.proved for line in self.lines)

    @property
    def decides(self):
        """{size name: the largest size that decides some line}"""
        found = {}
        for line in self.lines:
            for name, bound in line.cutoffs.items():
                found[name] = max(found.get(name, 1), bound.decides)
        return dict(sorted(found.items()))

    @property
    def free(self):
        return max((bound.free for line in self.lines for bound in line.cutoffs.values()), default=0)

    @property
    def sums(self):
        return max((bound.sums for line in self.lines for bound in line.cutoffs.values()), default=0)

    @property
    def verdict(self):
        """'proved for all n (n ≤ 3 decides)', or 'checked exactly for sizes ≤ 4: …'."""
        if not self.proved:
            line = next(line for line in self.lines if not line.proved)
            return f"checked exactly for sizes ≤ {self.checked}: in the step '{line.rule}', {line.reason}"
        sizes = self.decides
        bounds = ", ".join(f"{name} ≤ {bound}" for name, bound in sizes.items())
        return f"proved for all {', '.join(sizes)} ({bounds} decides)" if sizes else "proved"


def certify(derivation, most=4):
    """The Certificate of a derivation; DerivationError where a line is false at some size."""
    checker = Checker(derivation.names)
    lines = derivation.lines
    found = []
    for number, (before, after) in enumerate(zip(lines, lines[1:], strict=False), start=1):
        check_step(checker, derivation, number, before.expression, after, most=most)
        hypotheses = after.rule.hypotheses
        cutoffs, reason = decide(before.expression, after.expression, derivation.names, hypotheses)
        found.append(LineCertificate(after.rule.name, cutoffs, reason))
    return Certificate(derivation, tuple(found), most)


def decide(left, right, names=(), hypotheses=()):
    """({size: Cutoff}, "") where left = right is proved for all sizes, else ({}, the reason).

    As few definitions are unfolded as it takes.
    """
    sides = [explicit(_one_hot(side, hypotheses), names) for side in (left, right)]
    reason = "no choice of definitions to unfold makes it an identity"
    for unfolded in _subsets(names):
        left, right = _abstract([_unfolded(side, unfolded) for side in sides])
        try:
            bounds = {}
            for size in sorted(_sizes(left, right), key=lambda size: size != B):  # rows first: they repeat denominators
                bounds[size] = cutoff(left, right, size, hypotheses, bounds)
            cutoffs = _with_classes(bounds, left, right)
        except PremiseFails as failure:
            reason = f"the premise fails because {failure}"
            continue
        if _holds(left, right, cutoffs, hypotheses):
            return cutoffs, ""
    return {}, reason


def _with_classes(cutoffs, left, right):
    """{size name: Cutoff}: each entry of an array of classes is one more free letter of the size that it indexes."""
    entries = Counter()
    for classes, size in class_arrays(left, right).items():
        entries[size] += prod(cutoffs[axis].decides for axis in classes.shape)
    return {str(size): replace(bound, free=bound.free + entries[size]) for size, bound in cutoffs.items()}


def _sizes(left, right):
    return sorted(sizes_of(left) | sizes_of(right), key=str)


def _holds(left, right, cutoffs, hypotheses):
    """Whether left = right exactly, at every choice of sizes up to those that decide, the small ones first."""
    checker = Checker()
    sizes = _sizes(left, right)
    for numbers in product(*(range(1, cutoffs[str(size)].decides + 1) for size in sizes)):
        choice = dict(zip(sizes, numbers, strict=True))
        for pattern in patterns((left, right), (), choice):
            if checker.difference(left, right, choice, pattern, hypotheses) is not None:
                return False
    return True


def _subsets(names):
    return chain.from_iterable(combinations(names, count) for count in range(len(names) + 1))


def _unfolded(expression, definitions):
    """The explicit expression with those definitions unfolded, each also in what the others unfold to."""
    for _ in definitions:
        for definition in definitions:
            expression = definition.unfold(expression)
    return explicit(expression)


def _one_hot(expression, hypotheses):
    """The expression with entries of one-hot arrays written as δ."""
    for hypothesis in hypotheses:
        if isinstance(hypothesis, OneHot):
            expression = _replaced(expression, lambda part, h=hypothesis: h.meaning(part))
    return expression


def _abstract(sides):
    """The sides with each function of a sum, such as log Σ_k e^{o_k}, as an unknown array over its free letters."""
    known = {}

    def change(part):
        if not isinstance(part, log | exp | tanh | Iverson) and not (isinstance(part, Pow) and not part.exp.is_Integer):
            return None
        if not any(isinstance(inner, IndexSum) for inner in subexpressions(part)):
            return None
        letters = tuple(sorted(free_indices(part), key=str))
        key = canonical(part)
        if key not in known:
            known[key] = array(f"unknown{len(known)}", *(letter.size for letter in letters))
        return known[key][letters] if letters else known[key].label

    return [_replaced(side, change) for side in sides]


def _replaced(expression, change):
    new = change(expression)
    if new is not None:
        return new
    if not expression.args or isinstance(expression, Indexed):
        return expression
    return rebuilt(expression, [_replaced(part, change) for part in expression.args])
