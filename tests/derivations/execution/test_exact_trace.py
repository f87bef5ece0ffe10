"""What a run records: its path, the choices that matter, constants, casts, output, gaps and infinities."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from derivations.execution.constants import Constants
from derivations.execution.trace import Condition, Trace, running
from derivations.execution.written import written
from derivations.scalar import constant, variable
from tests.derivations.execution.exact_inputs import run

x, y = variable("x"), variable("y")


# paths


def test_a_branch_is_a_condition():
    result = run(lambda x: x if x[0, 0] > x[0, 1] else -x)
    assert result.conditions == ("x[1,1] > x[1,2]",) and result.outputs[0, 0] is variable("x[1,1]")


def test_conditions_are_recorded_once():
    assert run(lambda x: x * (x[0, 0] > 0) * (x[0, 0] >= 0)).conditions == ("x[1,1] > 0",)


def test_what_holds_for_all_numbers_is_no_condition():
    assert run(lambda x: x if abs((x - x).sum() - 1) == 1 and (x * 0).max() < 1 else -x).conditions == ()


def test_a_choice_is_a_condition_if_the_result_depends_on_it():
    assert run(lambda x: x[0].max()).conditions == ("x[1,1] ≥ x[1,2]", "x[1,1] ≥ x[1,3]")
    assert run(lambda x: x[0] if x[0].max() < np.inf else None).conditions == ()
    assert run(lambda x: abs(x[0, 1])).conditions == ("x[1,2] ≤ 0",)


def test_what_holds_on_account_of_a_choice_is_a_condition_of_the_choice():
    assert run(lambda x: x if max(x[0, 0], 5) > 3 and np.maximum(x[0, 1], 5) > 3 else -x).conditions == (
        "x[1,1] < 5",
        "x[1,2] ≤ 5",
    )


def test_equal_numbers_are_told_from_identical_ones():
    """x + x and 2x are equal for all numbers; x[1] = x[2] at these numbers only, and then the path says so."""
    assert run(lambda x: x * (x[0, 0] + x[0, 0] == 2 * x[0, 0])).conditions == ()
    assert run(lambda x: x * (x[0] == x[1]), [[1.0], [1.0]]).conditions == ("x[1,1] = x[2,1]",)


@pytest.mark.parametrize("tiny", [1e-17, 1e-60, 1e-200])
def test_numbers_that_are_one_float_apart_or_less_are_no_tie(tiny):
    result = run(lambda x: 1 + x > 1, [tiny])
    assert result.outputs[0] is constant(1) and result.conditions == ("1 + x[1] > 1",)


def test_comparisons_are_not_troubled_by_overflow():
    result = run(lambda x: np.where(np.exp(x) < np.exp(2 * x), 1.0, 0.0), [800.0, -800.0])
    assert [node.args[0] for node in result.outputs] == [1, 0]


# constants


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        (1 / 3, "1/3"),
        (-2 / 7, "−2/7"),
        (1 / 3 / 7, "1/21"),
        (0.01, "1/100"),
        (2**0.5, "sqrt(2)"),
        ((2 / np.pi) ** 0.5, "sqrt(2/π)"),
        (float(np.log(2)), "log 2"),
        (float(np.e), "e"),
        (-np.pi, "−π"),
    ],
)
def test_floats_that_stand_for_constants(value, meaning):
    constants = Constants()
    node = constants.node(float(value))
    assert list(constants.found) == [f"{float(value)!r} is {meaning}"] and node.kind != "var" or meaning == "π"


@pytest.mark.parametrize(
    "value", [0.5, -3.0, 0.375, 1e-12, 0.5001, 1.0000000000000002, 0.3333333333333339, 0.1234567, 123456.789]
)
def test_floats_that_stand_for_themselves(value):
    constants = Constants()
    assert constants.node(value) is constant(value) and constants.found == {}


def test_constants_of_the_definition_may_have_any_denominator():
    meant = Fraction(44715, 10**6)
    assert Constants().node(0.044715) is constant(0.044715)
    assert Constants([meant]).node(0.044715) is constant(meant)


def test_float32_is_recognised_at_its_own_precision():
    assert Constants().node(float(np.float32(1 / 3)), "float32") is constant(Fraction(1, 3))
    assert Constants().node(float(np.float32(1 / 3))) is constant(float(np.float32(1 / 3)))


def test_an_identification_is_reported():
    result = run(lambda x: x * (1 / 3) + 0.25)
    assert result.identifications == ("0.3333333333333333 is 1/3",)


# events


def test_output_is_an_event_and_does_not_reach_the_screen(capsys):
    result = run(lambda x: (print(f"loss {x[0, 0]:.3f}", x.shape), x)[1])
    assert result.events == ("prints 'loss 0.500 (2, 3)'",) and capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "subject",
    [
        lambda x: x.astype(np.float32),
        lambda x: x.astype("f4").astype(float),
        lambda x: np.float32(x[0, 0]),
        lambda x: np.asarray(x, dtype=np.float32),
        lambda x: np.add(x, 1, out=np.empty(x.shape, np.float32)),
        lambda x: np.copyto(np.zeros(x.shape, np.float16), x),
    ],
)
def test_a_cast_to_a_narrower_float_is_an_event(subject):
    (event,) = run(subject).events
    assert "float32" in event or "float16" in event
    assert f"{Path(__file__).name}, line {subject.__code__.co_firstlineno}" in event


def test_a_cast_to_a_narrower_float_is_none_where_the_input_is_narrow():
    result = run(lambda x: x.astype(np.float32) + np.zeros(3, np.float32), dtype="float32")
    assert result.events == () and result.dtypes == (np.float32,)


def test_gaps_of_empty_are_unknowns():
    result = run(lambda x: np.multiply(x, 1.0, where=x > 0))
    assert result.events == ("returns entries of np.empty that were never written",)
    assert repr(result.outputs[0, 1]).startswith("uninitialised")


# infinities


def test_infinite_starting_values_are_harmless():
    def running_maximum(x):
        best = -np.inf
        for number in x[0]:
            best = number if number > best else best
        return best, np.maximum(np.full(3, -np.inf), x[0]), np.max(x, initial=-np.inf), float("inf") > best

    best, largest, _, below = run(running_maximum).outputs
    assert best is variable("x[1,1]") and list(map(repr, largest)) == ["x[1,1]", "x[1,2]", "x[1,3]"]
    assert below is constant(1)


def test_masks_vanish_in_exponentials():
    result = run(lambda x: np.exp(np.where(x > 0, x, -np.inf)))
    assert result.outputs[0, 1] is constant(0) and result.outputs[0, 0] is variable("x[1,1]").exp()


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (lambda x: np.log(x - x + 0.0), "-inf"),
        (lambda x: 1 / (x * 0), "inf"),
        (lambda x: x * 0 / (x * 0), "nan"),
        (lambda x: np.log(-abs(x)), "nan"),
        (lambda x: np.inf - np.where(x > 9, x, np.inf), "nan"),
        (lambda x: np.full(x.shape, np.nan) + x, "nan"),
        (lambda x: x * -np.inf, "-inf"),
        (lambda x: np.maximum(np.nan, x), "nan"),
        (lambda x: np.max([x[0, 0], np.nan]) + x, "nan"),
    ],
)
def test_what_is_infinite_or_nan_for_floats_is_so_here(subject, expected):
    assert str(run(subject).outputs[0, 0]) == expected


def test_comparisons_with_nan_are_false():
    gap = np.full((2, 3), np.nan)
    result = run(lambda x: (x > np.nan, x == np.nan, x != np.nan, np.isnan(x * np.nan), (x * gap) != (x * gap)))
    assert [bool(node[0, 0].args[0]) for node in result.outputs] == [False, False, True, True, True]


# words


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (x - y, "x − y"),
        (x * y + 1, "x·y + 1"),
        ((x + 1) * y, "(x + 1)·y"),
        (x / (y + 1), "x/(y + 1)"),
        (1 / x, "1/x"),
        (-x, "−x"),
        (x**2, "x^2"),
        ((x * y) ** 2, "(x·y)^2"),
        ((-x).exp(), "exp(−x)"),
        (x * Fraction(1, 3), "1/3·x"),
        (x.positive(), "[x > 0]"),
        (constant(0.1) * x, "0.1·x"),
        (float("-inf"), "−∞"),
    ],
)
def test_scalars_are_written_as_people_do(node, words):
    assert written(node) == words


def test_long_scalars_are_cut():
    node = x
    for _ in range(5000):
        node = node * y + 1
    assert len(written(node)) <= 160 and written(node, 20).endswith("…")


def test_conditions_are_written_with_the_constant_on_the_right():
    assert str(Condition(constant(0), ">", x)) == "x < 0" and str(Condition(x, "≥", y)) == "x ≥ y"


def test_a_choice_is_resolved_through_other_choices():
    trace = Trace({"x": Fraction(-2), "y": Fraction(1)})
    with running(trace):
        largest = trace.largest([trace.absolute(x), y])
        assert trace.resolved(largest * 3) is -x * 3
        assert set(map(str, trace.reasons(largest))) == {"|x| ≥ y", "x ≤ 0"}
