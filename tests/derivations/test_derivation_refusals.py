"""What a derivation refuses to be: steps, claims and hypotheses that do not follow are named with their place."""

from dataclasses import replace

import pytest
from sympy import Integer, Max, exp

from derivations.derivation import Derivation, DerivationError
from derivations.notation import B, Partial, a, array, delta, i, j, k, n, total
from derivations.proof import check
from derivations.rules.calculus import coordinates, exp_rule, log_rule, maximum_rule
from derivations.rules.hypotheses import AwayFromKink, Positive
from derivations.rules.rule import Rule
from derivations.rules.sums import sift, sums_to_one

o, p, y, pB = array("o", n), array("p", n, positive=True), array("y", n), array("p", B, n)
classes = array("c", B, integer=True)
Z = total(exp(o[k]), k)
SLOPE = Derivation("exp: slope", Partial(exp(o[i]), o[j]), (exp_rule, coordinates), exp(o[i]) * delta(i, j))
normalised = sums_to_one(y[k])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"claim": exp(o[i])}, r"exp: slope: the last line is exp\(o\[i\]\)·δ\[i,j\], the claim is exp\(o\[i\]\)$"),
        ({"steps": (exp_rule,)}, r"exp: slope: the last line is exp\(o\[i\]\)·∂o\[i\]/∂o\[j\], the claim is"),
        ({"steps": (exp_rule, sift, coordinates)}, r"exp: slope, step 2 \(sift\): .*finds nothing to rewrite"),
        ({"steps": (log_rule, coordinates)}, r"exp: slope, step 1 \(chain rule, log\): .*finds nothing"),
        (
            {"start": total(y[k], k), "steps": (normalised,), "claim": Integer(1)},
            r"exp: slope, step 1 \(y sums to one\): uses the hypothesis Σ_k y\[k\] = 1, which .* not declare",
        ),
        (
            {"steps": (exp_rule, coordinates.under(Positive(p[i])))},
            r"exp: slope, step 2 \(independent coordinates\): uses the hypothesis p\[i\] > 0",
        ),
        (
            {"start": Partial(Max(0, o[i]), o[j]), "steps": (maximum_rule.under(AwayFromKink(o[i])), coordinates)},
            r"step 1 \(chain rule, max\): uses the hypothesis o\[i\] ≠ 0",
        ),
    ],
)
def test_a_derivation_that_does_not_run_says_where(changes, message):
    with pytest.raises(DerivationError, match=message):
        replace(SLOPE, **changes).lines  # noqa: B018  (the lines are executed when they are asked for)


def test_a_declared_hypothesis_lets_the_same_step_pass():
    sums = Derivation("sum", o[i] * total(y[k], k), (normalised,), o[i], hypotheses=normalised.hypotheses)
    assert len(check(sums)) == 1


def test_two_lines_that_differ_in_bound_letters_alone_are_one_line():
    assert replace(SLOPE, start=total(SLOPE.start, i), steps=SLOPE.steps, claim=total(SLOPE.claim, i)).lines


WRONG_RULES = {
    "sign": (o[i] - y[i], o[i] + y[i], "n = 1"),
    "diagonal only": (Partial(exp(o[i]) / Z, o[j]), exp(o[i]) / Z * (1 - exp(o[j]) / Z) * delta(i, j), "n = 2"),
    "off the diagonal": (Partial(exp(o[i]) / Z, o[j]), -exp(o[i]) * exp(o[j]) / Z**2, "n = 1, i = 1, j = 1"),
    "right at n = 1 only": (Z, exp(o[i]), "n = 2"),
    "right at n ≤ 3 only": ((n - 1) * (n - 2) * (n - 3) + o[i], o[i], "n = 4"),
    "a class is no constant": (pB[a, j] - delta(j, classes[a]), pB[a, j], "c[1] = 1"),
    "an entry of another class": (pB[a, classes[a]], pB[a, j], "c[1] = 1, j = 2"),
    "the class of another row": (total(pB[a, classes[a]], a), total(pB[a, j], a), "n = 2"),
}


@pytest.mark.parametrize("name", WRONG_RULES)
def test_a_wrong_rule_is_refused_at_the_first_sizes_that_show_it(name):
    start, claim, where = WRONG_RULES[name]
    wrong = Derivation("wrong", start, (Rule(name, "", lambda expression, names: claim),), claim)
    with pytest.raises(DerivationError) as caught:
        check(wrong)
    message = str(caught.value)
    assert message.startswith(f"wrong, step 1 ({name}): the line does not follow at ")
    assert where in message and "for example" in message


def test_a_hypothesis_holds_in_its_own_step_only():
    """Σy may be 1 where a step says so; the step before it is checked for any y."""
    wrong = Derivation(
        "early",
        o[i] * total(y[k], k) * y[j],
        (Rule("cheat", "", lambda expression, names: total(y[k], k) ** 2 * o[i] * y[j]), normalised),
        o[i] * y[j],
        hypotheses=normalised.hypotheses,
    )
    with pytest.raises(DerivationError, match=r"early, step 1 \(cheat\)"):
        check(wrong)
