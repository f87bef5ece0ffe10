"""Exact scalars: one node for one expression, arithmetic that folds constants only, and no recursion."""

import math
from fractions import Fraction

import numpy as np
import pytest

from derivations.dual import Functions
from derivations.scalar import ONE, ZERO, constant, evaluate, postorder, variable

x, y = variable("x"), variable("y")
FLOATS = Functions(float, math.exp, math.log, math.sqrt, math.tanh, lambda number: float(number > 0))
VALUES = {"x": 0.75, "y": 1.5}


@pytest.mark.parametrize(
    ("node", "number"),
    [
        (x + y * 2 - 1, 0.75 + 3.0 - 1),
        (1 / x - x / y, 1 / 0.75 - 0.5),
        (2 - x, 1.25),
        (-(x**3), -(0.75**3)),
        (x**-2, 0.75**-2),
        (x ** Fraction(1, 2), math.sqrt(0.75)),
        (x ** Fraction(-1, 2), 1 / math.sqrt(0.75)),
        ((x * y).exp() * y.log(), math.exp(1.125) * math.log(1.5)),
        (x.tanh(), math.tanh(0.75)),
        ((x - y).positive() + (y - x).positive() * 2, 2.0),
    ],
)
def test_a_scalar_is_the_number_that_it_stands_for(node, number):
    # A dozen operations, each to within one unit in the last place.
    assert evaluate(node, VALUES, FLOATS) == pytest.approx(number, rel=1e-14)


def test_equal_expressions_are_one_node():
    assert (x + y).exp() is (x + y).exp() and x is variable("x") and constant(2) is constant(2.0)


@pytest.mark.parametrize(
    ("node", "folded"),
    [
        (x + 0, x),
        (0 * x, ZERO),
        (x * 1, x),
        (x**0, ONE),
        (x**1, x),
        (constant(2) ** -3, constant(Fraction(1, 8))),
        (constant(0.1) + 0, constant(Fraction(0.1))),
        (ZERO.exp(), ONE),
        (ONE.log(), ZERO),
        (ONE.sqrt(), ONE),
        (constant(-3).positive(), ZERO),
        (constant(3).positive(), ONE),
    ],
)
def test_constants_fold(node, folded):
    assert node is folded


@pytest.mark.parametrize("exponent", [Fraction(1, 3), 0.3])
def test_only_whole_and_half_powers(exponent):
    with pytest.raises(ValueError, match="whole and half powers"):
        x**exponent


@pytest.mark.parametrize("other", ["1", None, [1]])
def test_only_numbers_mix_with_scalars(other):
    with pytest.raises(TypeError):
        x + other


def test_arguments_come_before_what_is_made_of_them_and_each_node_once():
    root = (x + y) * (x + y).exp()
    order = postorder(root)
    assert len(order) == len(set(order)) == 5
    assert all(order.index(part) < order.index(node) for node in order for part in node.args if part in order)


def test_deep_graphs_need_no_recursion():
    node = x
    for _ in range(20_000):
        node = node + y
    assert evaluate(node, {"x": 1.0, "y": 2.0}, FLOATS) == 40_001.0


def test_numpy_computes_with_scalars_in_object_arrays():
    result = np.exp(np.array([x, y])).sum()
    assert result is x.exp() + y.exp()
