"""Comparisons with the definition: verdicts, what is reported of a difference, paths, the cases that are asked."""

from fractions import Fraction

import numpy as np
import pytest

from derivations.execution.case import Case
from derivations.execution.compare import compare, paths
from derivations.execution.decide import Decider
from derivations.execution.regimes import REGIMES
from derivations.execution.trace import Trace
from derivations.execution.values import Enclosures, Values
from derivations.normal_form import NormalForm
from derivations.registry import operation, operations
from derivations.scalar import constant, variable

x, y = variable("x"), variable("y")
SIZES = {"B": 2, "n": 3, "m": 2, "h": 2}
SOFTMAX, RELU, FUSED = operation("softmax"), operation("relu"), operation("softmax-cce")


def softmax(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# verdicts


def test_equal():
    result = compare(FUSED, "gradient", lambda o, y: (softmax(o) - y) / len(o), SIZES)
    assert result.verdict == "equal" and result.conditions == () and result.differences == ()


def test_different_names_the_entry_both_formulas_and_both_numbers():
    def transposed(o):
        p = softmax(o)
        J = p[:, :, None] * (np.eye(3) - p[:, None, :])
        J[1, 0, 2] += 1
        return J

    result = compare(SOFTMAX, "jacobian", transposed, SIZES)
    (difference,) = result.differences
    assert result.verdict == "different" and difference.output == 0 and difference.index == (2, 1, 3)
    assert difference.got_number == pytest.approx(difference.wanted_number + 1)
    assert (
        "exp(o[2,3]" in difference.got and "exp(o[2,3])" in difference.wanted and "output 1[2,1,3]" in str(difference)
    )


def test_a_missing_term_of_any_size_is_different():
    result = compare(SOFTMAX, "value", lambda o: softmax(o) + 1e-300, SIZES)
    assert result.verdict == "different"


def test_another_shape_is_different():
    result = compare(SOFTMAX, "value", lambda o: softmax(o)[:, :1], SIZES)
    assert result.verdict == "different" and result.shapes == ([(2, 1)], [(2, 3)])


def test_too_many_results_are_different():
    result = compare(operation("linear"), "vjp", lambda x, W, b, g: (g @ W.T, x.T @ g), SIZES)
    assert result.verdict == "different" and len(result.shapes[0]) == 2


def test_a_list_of_rows_is_an_array():
    assert compare(SOFTMAX, "value", lambda o: list(softmax(o)), SIZES).verdict == "equal"
    assert compare(SOFTMAX, "value", lambda o: softmax(o).tolist(), SIZES).verdict == "equal"


def test_unnormalised_targets_are_not_asked_for():
    """p − y holds on rows that sum to one; the arguments are such rows."""
    over_the_sum = compare(FUSED, "gradient", lambda o, y: (softmax(o) - y) / y.sum(), SIZES)
    assert over_the_sum.verdict == "equal"
    assert compare(operation("cce"), "gradient", lambda p, y: -y / p / y.sum(), SIZES).verdict == "equal"
    assert compare(operation("nll"), "value", lambda q, y: -(y * q).sum() / np.exp(q).sum(), SIZES).verdict == "equal"


def test_the_constants_of_the_sizes_are_recognised():
    result = compare(FUSED, "gradient", lambda o, y: (softmax(o) - y) * (1 / len(o)), {"B": 3, "n": 2})
    assert result.verdict == "equal" and result.identifications == ("0.3333333333333333 is 1/3",)


def test_the_conditions_of_a_choice_belong_to_the_verdict():
    result = compare(RELU, "value", lambda x: np.maximum(x, 0), {"B": 1, "n": 2}, regime="positive")
    assert result.verdict == "equal" and result.conditions == ("x[1,1] > 0", "x[1,2] > 0")


# paths


def test_a_branch_that_ordinary_numbers_miss_is_found():
    def hard_when_confident(o):
        p = softmax(o)
        return np.round(p.tolist()) if False else np.where(p > 0.999, 1.0, p)

    assert compare(SOFTMAX, "value", hard_when_confident, SIZES).verdict == "equal"
    found = paths(SOFTMAX, "value", hard_when_confident, SIZES)
    assert {result.verdict for result in found} == {"equal", "different"}


def test_one_of_each_path_is_kept():
    found = paths(RELU, "vjp", lambda x, g: g * (x > 0), {"B": 1, "n": 2}, regimes=("ordinary",), seeds=range(9))
    assert len(found) == len({result.conditions for result in found}) == 4


# decisions


def decide(got, wanted, numbers):
    return Decider(Trace(numbers), NormalForm()).decide(got, wanted).verdict


def test_numbers_that_agree_by_chance_are_not_equal():
    assert decide(x * y, x + y, {"x": Fraction(2), "y": Fraction(2)}) == "different"


def test_cancellation_is_no_difference():
    """1/(1 + e^−x) − 1 and −e^−x/(1 + e^−x) at 10000: the first has no digit left in any of the precisions."""
    e = (-x).exp()
    assert decide(1 / (1 + e) - 1, -e / (1 + e), {"x": Fraction(10_000)}) == "equal"
    assert decide(1 / (1 + e) - 1, -2 * e / (1 + e), {"x": Fraction(500)}) == "different"


def test_what_neither_proof_reaches_is_undecided():
    """√(x²) is |x|: the normal form knows no sign of x, and no number shows a difference."""
    assert decide((x**2).sqrt(), x, {"x": Fraction(2)}) == "undecided"


def test_numbers_off_the_path_prove_nothing():
    """√((x − y)²) is x − y as long as x > y; other numbers near these are not."""
    trace = Trace({"x": 1 + Fraction(1, 10**9), "y": Fraction(1)})
    assert trace.sign(x, y) == 1
    assert Decider(trace, NormalForm()).decide(((x - y) ** 2).sqrt(), x - y).verdict == "undecided"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_is_different(value):
    result = compare(SOFTMAX, "value", lambda o: np.where(o == o.max(), value, softmax(o)), SIZES)
    assert result.verdict == "different" and str(result.differences[0].got_number) == str(value)


def test_an_enclosure_holds_the_number_and_never_excludes_what_is_zero():
    numbers = {"x": Fraction(1, 3), "y": Fraction(22, 7)}
    node = (x.exp() * y.log() - y.sqrt()) / (1 + x)
    interval, number = Enclosures(numbers, 30).number(node), Values(numbers, 60).number(node)
    assert interval.a <= number <= interval.b and interval.b - interval.a < 1e-25
    assert not Enclosures(numbers, 30).excludes_zero((x.exp() * y.exp()) - (x + y).exp())


def test_nothing_is_proved_where_there_is_no_number():
    assert not Enclosures({"x": Fraction(-1)}, 30).excludes_zero(x.log() + 1)
    assert np.isnan(float(Values({"x": Fraction(-1)}).number(x.log())))


# cases


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("name", operations())
def test_numbers_are_in_the_domains(name, regime):
    chosen = operation(name)
    for variant in chosen.specifications:
        options = {
            "reduction": "sum" if "sum" in variant else "mean",
            "targets": "indices" if "ind" in variant else "rows",
        }
        case = Case(chosen, next(kind for kind in chosen.functions).split()[0], SIZES, **options, regime=regime)
        values = Values(case.numbers)
        inputs = {item.name: item.domain.name for item in case.specification.inputs}
        for argument, array in zip(case.function.arguments, case.arguments, strict=True):
            assert _in_domain(inputs.get(str(getattr(argument, "label", argument)), "real"), array, values)


def _in_domain(domain, array, values):
    if domain == "classes":
        return array.dtype.kind == "i" and array.min() >= 0 and array.max() < SIZES["n"]
    numbers = np.vectorize(values.number, otypes=[object])(np.array(array, object))
    holds = {
        "simplex": lambda p: (p >= 0).all() and all(abs(row.sum() - 1) < 1e-100 for row in p),
        "log simplex": lambda q: all(abs(sum(map(values.context.exp, row)) - 1) < 1e-100 for row in q),
        "positive": lambda t: (t > 0).all(),
        "unit": lambda t: ((t > 0) & (t < 1)).all(),
        "keep": lambda k: set(k) <= {0, 1} and 1 in k,
        "nonzero": lambda t: (t != 0).all(),
    }
    return holds.get(domain, lambda t: t.dtype == object)(numbers)


def test_ties_are_one_unknown():
    o = Case(SOFTMAX, "value", SIZES, regime="ties").arguments[0]
    assert o[0, 0] is o[0, 1] and o[0, 0] is not o[0, 2]


def test_one_hot_targets_are_constants():
    y = Case(FUSED, "gradient", SIZES, regime="one-hot").arguments[1]
    assert {entry for entry in y.flat} == {constant(0), constant(1)}


def test_the_same_question_has_the_same_numbers_and_another_seed_others():
    numbers = [Case(SOFTMAX, "value", SIZES, seed=seed).numbers for seed in (0, 0, 1)]
    assert numbers[0] == numbers[1] != numbers[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gradient", SIZES), "there is no 'gradient'"),
        (("value", {"B": 2}), "the size n is needed"),
        (("value", SIZES, "mean", "rows", "odd"), "unknown regime 'odd': expected one of ordinary"),
        (("value", SIZES, "sum"), "there is no"),
    ],
)
def test_what_there_is_not_is_named(arguments, words):
    with pytest.raises(LookupError, match=words):
        Case(SOFTMAX, *arguments)
