"""Every rule rewrites what it says, refuses what it has nothing to say about, and never changes a value."""

import numpy as np
import pytest
from sympy import Integer, Max, Rational, exp, log, tanh

from derivations.definition import Definition
from derivations.derivation import Derivation
from derivations.notation import (
    B,
    Iverson,
    Partial,
    a,
    all_but,
    array,
    b,
    c,
    canonical,
    delta,
    fresh,
    i,
    j,
    k,
    l,
    n,
    total,
)
from derivations.proof import Checker, patterns
from derivations.rules import algebra, calculus, naming, sums
from derivations.rules.rule import Rule, RuleDoesNotApply

o, x, y, A = array("o", n), array("x", n), array("y", n), array("A", n, n)
p = array("p", n, positive=True)
Z = total(exp(o[k]), k)
P = Definition(p[i], exp(o[i]) / Z, "softmax")
SQUARE = Derivation("the square", Partial(o[i] ** 2, o[j]), (calculus.power_rule,), 2 * o[i] * Partial(o[i], o[j]))
ROW = Derivation("row", Partial(exp(o[i]), o[j]), (calculus.exp_rule, calculus.coordinates), exp(o[i]) * delta(i, j))
oB = array("o", B, n)


def d(function):
    return Partial(function, o[j])


EXAMPLES = [
    (calculus.quotient_rule, d(exp(o[i]) / Z), (d(exp(o[i])) * Z - exp(o[i]) * d(Z)) / Z**2),
    (calculus.product_rule, d(o[i] * exp(o[i])), d(o[i]) * exp(o[i]) + o[i] * d(exp(o[i]))),
    (calculus.constant_factor, d(y[i] * o[i] / B), y[i] / B * d(o[i])),
    (calculus.constant_factor, d(-3 * o[i]), -3 * d(o[i])),
    (calculus.term_by_term, d(o[i] - y[i]), d(o[i]) + d(-y[i])),
    (calculus.derivative_into_sum, d(total(o[k] ** 2, k)), total(d(o[k] ** 2), k)),
    (calculus.derivative_into_sum, Partial(total(o[k] ** 2, k), o[k]), total(Partial(o[l] ** 2, o[k]), l)),
    (calculus.constant_rule, d(exp(y[i])) + o[i], o[i]),
    (calculus.exp_rule, d(exp(-o[i])), exp(-o[i]) * d(-o[i])),
    (calculus.log_rule, d(log(Z)), d(Z) / Z),
    (calculus.tanh_rule, d(tanh(2 * o[i])), (1 - tanh(2 * o[i]) ** 2) * d(2 * o[i])),
    (calculus.power_rule, d(Z**-2), -2 * Z**-3 * d(Z)),
    (calculus.power_rule, d(o[i] ** 2 / 2), o[i] * d(o[i])),
    (calculus.coordinates, Partial(A[i, j], A[k, l]), delta(i, k) * delta(j, l)),
    (calculus.coordinates, d(o[j]), Integer(1)),
    (calculus.maximum_rule, d(Max(0, -o[i])), Iverson(-o[i]) * d(-o[i])),
    (calculus.chain_through(P), d(log(p[i])), total(Partial(log(p[i]), p[k]) * d(p[k]), k)),
    (algebra.multiply_out, total(o[k] * (y[k] - x[i]), k), total(o[k] * y[k] - o[k] * x[i], k)),
    (algebra.split_fraction, (o[i] + y[i]) / Z, o[i] / Z + y[i] / Z),
    (algebra.factor_out, o[i] * y[i] - o[i] * y[j] * 2, o[i] * (y[i] - 2 * y[j])),
    (algebra.factor_out, exp(o[i] - y[i]) / Z + exp(o[j]) / Z, (exp(o[i] - y[i]) + exp(o[j])) / Z),
    (algebra.factor_out, o[i] ** 2 * y[i] + o[i] ** 3, o[i] ** 2 * (y[i] + o[i])),
    (algebra.factor_out, o[i] / Z - y[i] / Z**2, (o[i] - y[i] / Z) / Z),
    (algebra.log_of_product, log(exp(o[i]) / Z), o[i] - log(Z)),
    (algebra.log_of_reciprocal, -log(exp(o[i]) / Z), log(Z * exp(-o[i]))),
    (algebra.common_denominator, 1 - 1 / (1 + exp(-x[i])), exp(-x[i]) / (1 + exp(-x[i]))),
    (algebra.divide_through, exp(o[i]) / (exp(o[i]) + exp(o[j])), 1 / (1 + exp(o[j]) * exp(-o[i]))),
    (algebra.expand_square, (o[i] - y[i]) ** 2, o[i] ** 2 - 2 * o[i] * y[i] + y[i] ** 2),
    (algebra.exp_of_sum, exp(o[i] - x[j]), exp(o[i]) * exp(-x[j])),
    (algebra.equal_by_delta, o[i] * y[i] * delta(i, j), o[j] * y[j] * delta(i, j)),
    (algebra.collect(o[i]), o[i] * x[i] + o[i] * y[j] + y[i], o[i] * (x[i] + y[j]) + y[i]),
    (sums.sift, total(o[k] * A[i, k] * delta(k, j), k), o[j] * A[i, j]),
    (sums.sift, total(o[k] * total(A[k, l] * delta(k, j), l), k), o[j] * total(A[j, l], l)),
    (sums.pull_out, total(y[i] * o[k] * 2, k), 2 * y[i] * total(o[k], k)),
    (sums.split_sum, total(o[k] - y[k], k), total(o[k], k) - total(y[k], k)),
    (sums.join_sums, total(o[k], k) + 2 * total(y[l], l), total(o[k] + 2 * y[k], k)),
    (sums.rename, total(o[l], l), total(o[i], i)),
    (sums.count, total(Integer(1), k) * o[i], n * o[i]),
    (sums.swap_sums, total(A[i, k] * x[k], i, k), total(A[i, k] * x[k], k, i)),
    (sums.include, all_but(o[k], k, c), total(o[k], k) - o[c]),
    (sums.set_aside(c), total(o[k] * y[k], k), o[c] * y[c] + all_but(o[k] * y[k], k, c)),
    (sums.sums_to_one(y[k]), o[i] * total(y[l], l), o[i]),
    (naming.unfold(P), d(p[i]) * p[j], d(exp(o[i]) / Z) * exp(o[j]) / Z),
    (naming.unfold(P), p[i] * Partial(p[i], p[j]), exp(o[i]) / Z * Partial(p[i], p[j])),
    (naming.name(P), y[j] * exp(o[j]) / Z**2, y[j] * p[j] / Z),
    (naming.name(P), exp(2 * o[j]) / Z**2, p[j] ** 2),
    (naming.use(SQUARE), total(y[k] * Partial(o[k] ** 2, o[i]), k), total(2 * y[k] * o[k] * Partial(o[k], o[i]), k)),
    (naming.use(SQUARE, back=True), 2 * o[i] * d(o[i]), d(o[i] ** 2)),
    (naming.one_hot(y[k], c), total(y[k] * o[k], k), total(delta(k, c) * o[k], k)),
    (
        naming.row_by_row(ROW),
        total(Partial(exp(oB[b, i]), oB[a, j]), b),
        total(delta(a, b) * exp(oB[a, i]) * delta(i, j), b),
    ),
]
MODULES = (calculus, algebra, sums, naming)
RULES = [rule for module in MODULES for rule in vars(module).values() if isinstance(rule, Rule)]


def test_every_rule_has_an_example():
    assert {rule.name for rule in RULES} <= {rule.name for rule, _, _ in EXAMPLES}


@pytest.mark.parametrize(("rule", "before", "after"), EXAMPLES, ids=lambda value: getattr(value, "name", ""))
def test_a_rule_rewrites_its_example(rule, before, after):
    assert canonical(rule(before, (P,))) == canonical(after)


@pytest.mark.parametrize("rule", [rule for rule, _, _ in EXAMPLES], ids=lambda rule: rule.name)
@pytest.mark.parametrize("expression", [array("q", B)[b], Integer(3), total(array("q", B)[b], b)], ids=str)
def test_a_rule_refuses_what_it_does_not_match(rule, expression):
    with pytest.raises(RuleDoesNotApply, match="finds nothing to rewrite"):
        result = rule(canonical(expression), (P,))
        pytest.fail(f"became {result}")


@pytest.mark.parametrize(
    ("rule", "expression"),
    [
        (calculus.constant_rule, d(p[i])),  # p depends on o by its definition
        (calculus.coordinates, d(p[i])),
        (calculus.maximum_rule, d(Max(x[i], o[i]))),
        (calculus.power_rule, d(exp(o[i]))),
        (calculus.chain_through(P), d(o[i] * p[i])),  # o enters beside p
        (sums.sift, total(o[k] * delta(i, j), k)),
        (sums.sums_to_one(y[k]), total(x[k], k)),
        (sums.sums_to_one(y[k]), total(y[i], k)),
        (sums.include, total(o[k], k)),
        (algebra.log_of_product, log(o[i] + y[i])),
        (algebra.multiply_out, all_but(o[k], k, c)),  # the 1 − δ of Σ_{k≠c} is no difference
        (naming.name(P), exp(o[j]) * Z),
        (naming.unfold(P), Partial(p[i], p[j])),  # 1 for i = j, but 0 for the meaning of p_i
    ],
)
def test_what_only_looks_alike_is_left_alone(rule, expression):
    with pytest.raises(RuleDoesNotApply):
        rule(expression, (P,))


def test_a_hypothesis_is_added_to_a_rule_and_not_to_the_original():
    hypothesis = sums.sums_to_one(y[k]).hypotheses
    assert calculus.log_rule.under(*hypothesis).hypotheses == hypothesis
    assert calculus.log_rule.hypotheses == ()


def preserved(rule, before, sizes=(1, 2)):
    """Whether the rule keeps the exact value, at these sizes and every coincidence of the letters."""
    after, checker = rule(before, (P,)), Checker((P,))
    for size in sizes:
        for pattern in patterns((before, after), (P,), {n: size, B: size}):
            if checker.difference(before, after, {n: size, B: size}, pattern, rule.hypotheses) is not None:
                return False
    return True


@pytest.mark.parametrize(("rule", "before", "after"), EXAMPLES, ids=lambda value: getattr(value, "name", ""))
def test_a_rule_keeps_the_value_of_its_example(rule, before, after):
    assert preserved(rule, before, sizes=(1, 2, 3))


def test_a_wrong_rule_would_be_noticed():
    wrong = Rule("wrong", "", lambda expression, names: expression.subs(delta(i, j), 1))
    assert not preserved(wrong, p[i] * (delta(i, j) - p[j]))


def random_expression(rng, depth, letters=(i, j)):
    """A random index expression that is defined everywhere, with derivatives, deltas and sums in it."""
    letter, other = (letters[number] for number in rng.integers(len(letters), size=2))
    if depth == 0:
        entries = [o[letter], y[letter], A[letter, other], p[letter], exp(o[letter])]
        leaves = [*entries, delta(letter, other), Rational(1, 2)]
        return leaves[rng.integers(len(leaves))]
    first, second = (random_expression(rng, depth - 1, letters) for _ in range(2))
    new = fresh(n, letters)
    shapes = [
        lambda: first + second,
        lambda: first - second * 2,
        lambda: first * second,
        lambda: first * second,
        lambda: first / Z,
        lambda: (first + o[letter]) ** 2,
        lambda: first * exp(o[letter] - y[other]),
        lambda: first * log(exp(o[letter]) / Z),
        lambda: first * tanh(o[letter]) * Max(0, y[other]),
        lambda: total(random_expression(rng, depth - 1, (*letters, new)), new),
        lambda: total(random_expression(rng, depth - 1, (*letters, new)) * delta(new, letter), new),
        lambda: Partial(first, o[other]),
    ]
    return shapes[rng.integers(len(shapes))]()


def random_applications(seed):
    """(rule, expression) for a random expression and each rule that applies to it."""
    expression = random_expression(np.random.default_rng(seed), 3)
    for rule in dict.fromkeys(rule for rule, _, _ in EXAMPLES):
        try:
            rule(expression, (P,))
        except RuleDoesNotApply:
            continue
        yield rule, expression


@pytest.mark.parametrize("seed", range(60))
def test_rules_keep_the_value_of_random_expressions(seed):
    for rule, expression in random_applications(seed):
        assert preserved(rule, expression), (rule.name, expression)


def test_most_rules_meet_random_expressions_to_which_they_apply():
    met = {rule.name for seed in range(60) for rule, _ in random_applications(seed)}
    assert len(met) > len({rule.name for rule, _, _ in EXAMPLES}) / 2
