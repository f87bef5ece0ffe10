"""The cutoff argument certifies what is true for every n, and nothing that is true for some n only."""

import pytest
from sympy import Integer, exp, log

from derivations.certificate import certify, decide
from derivations.definition import Definition
from derivations.differentiate import explicit
from derivations.notation import (
    IndexMax,
    Partial,
    all_but,
    array,
    c,
    delta,
    i,
    j,
    k,
    l,
    m,
    n,
    total,
    u,
    v,
)
from derivations.proof import Checker, patterns, size_choices, sizes_of
from derivations.registry import operations
from derivations.rules.hypotheses import OneHot, SumsToOne

o, y, x, p = array("o", n), array("y", n), array("x", n), array("p", n, positive=True)
M = array("M", n, n)
Z = total(exp(o[k]), k)
P = Definition(p[i], exp(o[i]) / Z, "softmax")
ones = total(Integer(1), k)


def derivations():
    return [derivation for operation in operations().values() for derivation in operation.derivations]


@pytest.mark.parametrize("derivation", derivations(), ids=lambda derivation: derivation.name)
def test_every_derivation_is_proved_for_all_sizes(derivation):
    certificate = certify(derivation, most=2)
    assert certificate.proved, certificate.verdict
    assert certificate.verdict.startswith("proved for all")
    assert len(certificate.lines) == len(derivation.steps)


TRUE = {
    "bare size": (ones, n),
    "difference of a sum": (total(o[k] - x[k], k), total(o[k], k) - total(x[k], k)),
    "square of a sum": (total(o[k], k) ** 2, total(total(o[k] * o[l], l), k)),
    "inverse powers in two sums": (total(exp(o[k]), k) * total(exp(-o[k]), k), total(total(exp(o[k] - o[l]), l), k)),
    "double sum with a matrix": (total(total(M[k, l], l), k), total(total(M[l, k], l), k)),
    "log of a product": (log(exp(o[i]) / Z), o[i] - log(Z)),
    "all but one": (all_but(o[k], k, c), total(o[k], k) - o[c]),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_identities_are_certified(name):
    assert not decide(*TRUE[name])[1]


pairs = total(total(o[k] * o[l], l), k) - total(o[k] ** 2, k)  # 2 Σ_{k<l} o_k o_l
triples = total(total(total((1 - delta(k, l)) * (1 - delta(k, i)) * (1 - delta(l, i)) * o[k] * o[l] * o[i], i), l), k)
FALSE = {
    "true at n = 1 only": (pairs, Integer(0)),
    "true at n ≤ 2 only": (triples, Integer(0)),
    "true at n = 1 and 2, by the bare size": ((n - 1) * (n - 2), Integer(0)),
    "true at n ≤ 2, sums of one": ((ones - 1) * (ones - 2) * o[i], Integer(0)),
    "true at n ≤ 3, inverse powers": (
        (total(exp(o[k]), k) * total(exp(-o[k]), k) - total(total(exp(o[k] - o[l]), l), k))
        + (n - 1) * (n - 2) * (n - 3),
        Integer(0),
    ),
    "agrees on the diagonal": (p[i] * (delta(i, j) - p[j]), p[i] * (1 - p[j]) * delta(i, j)),
    "agrees off the diagonal": (p[i] * (delta(i, j) - p[j]), -p[i] * p[j]),
    "normalised targets only": (p[j] * total(y[k], k) - y[j], p[j] - y[j]),
    "one-hot targets only": (total(y[k] ** 2, k), total(y[k], k)),
    "softmax without its sum": (Partial(p[i], o[j]), p[i] * delta(i, j)),
}


@pytest.mark.parametrize("name", FALSE)
def test_false_identities_are_not_certified(name):
    assert decide(*FALSE[name], names=(P,))[1]


def test_hypotheses_decide_what_is_certified():
    equation = p[j] * total(y[k], k) - y[j], p[j] - y[j]
    assert decide(*equation, hypotheses=(SumsToOne(y[k]),))[0]["n"].decides == 3
    squares = total(y[k] ** 2, k), total(y[k], k)
    assert not decide(*squares, hypotheses=(OneHot(y[k], c),))[1]
    assert decide(*squares, hypotheses=(SumsToOne(y[k]),))[1]


def test_each_size_has_its_own_cutoff():
    r = array("r", m)
    left = total(total(r[u] * r[v], v), u) * n
    cutoffs, _ = decide(left, total(r[u], u) ** 2 * ones)
    assert (cutoffs["m"].sums, cutoffs["n"].degree) == (2, 1)


def test_where_the_argument_does_not_reach_the_reason_is_said():
    _, reason = decide(IndexMax(o[k], k) + o[i], o[i] + IndexMax(o[l], l))
    assert "premise fails" in reason


@pytest.mark.parametrize("derivation", derivations(), ids=lambda derivation: derivation.name)
def test_the_explicit_form_equals_the_line(derivation):
    """`explicit` differentiates at symbolic sizes; dual numbers, which know nothing of it, must agree."""
    checker = Checker(derivation.names)
    for line in derivation.lines[:2]:
        form = explicit(line.expression, derivation.names)
        sizes = set().union(sizes_of(line.expression), *(sizes_of(name.meaning) for name in derivation.names))
        for choice in size_choices(sizes, most=2):
            for pattern in patterns((line.expression, form), derivation.names, choice):
                assert checker.difference(line.expression, form, choice, pattern) is None
