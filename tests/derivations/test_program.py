"""Every distinct subexpression is computed once, whatever its letters are called and wherever it stands."""

import ast

import numpy as np
import pytest
from sympy import exp

from derivations.definition import Definition
from derivations.notation import B, array, b, i, j, k, n, total
from derivations.numpy_code import Function
from tests.derivations.derived_functions import OPERATIONS

o, x, y = array("o", n), array("x", B, n), array("y", B, n)


def one(arguments, letters, expression, names=()):
    return Function("one", arguments, ((letters, expression),), names)


def exponentials(function):
    """How often the code calls exp."""
    calls = [node for node in ast.walk(ast.parse(function.source)) if isinstance(node, ast.Call)]
    return [ast.unparse(node.func) for node in calls].count("exp")


@pytest.mark.parametrize(
    "expression",
    [
        array("p", n)[j] * (1 - array("p", n)[j]),
        total(exp(o[i]), i) + total(exp(o[j]) * o[j], j) + 0 * o[j],
        exp(o[j]) * total(exp(o[i]) / (1 + exp(o[i])), i),
    ],
    ids=str,
)
def test_what_occurs_twice_is_computed_once(expression):
    softmax = Definition(array("p", n)[i], exp(o[i]) / total(exp(o[k]), k), "softmax")
    assert exponentials(one((o,), (j,), expression, (softmax,))) == 1


def test_a_definition_that_is_not_used_is_not_computed():
    unused = Definition(array("q", n)[i], exp(o[i]), "unused")
    assert exponentials(one((o,), (j,), 2 * o[j], (unused,))) == 0


R = Definition(array("r", B, n)[b, k], x[b, k] / n + y[b, k], "a sum")


@pytest.mark.parametrize(
    "expression",
    (
        exp(R.symbol) * (y[b, k] + x[b, k] / n),
        R.symbol**2 - x[b, k] / n - y[b, k] + exp(x[b, k]),
        total(exp(R.symbol), k) * x[b, k] - (x[b, k] / n + y[b, k]),
    ),
    ids=str,
)
def test_what_has_a_name_is_not_computed_again_as_a_part_of_a_sum(expression):
    function = one((x, y), (b, k), expression, (R,))
    assert function.source.count("/ n") == 1
    X, Y = np.arange(6.0).reshape(2, 3) - 2, np.arange(6.0).reshape(2, 3)[::-1] + 1
    meant = one((x, y), (b, k), R.unfold(expression))
    np.testing.assert_allclose(function(X, Y), meant(X, Y), rtol=1e-14)


def test_the_smoothed_targets_are_made_once():
    assert OPERATIONS["label-smoothing"].functions["value_and_gradient"].source.count("epsilon / n") == 1


def test_the_same_arrays_with_other_letters_are_other_entries():
    t = array("t", B, n, n)
    pairs = Definition(t[b, i, j], x[b, i] + y[b, j], "sums of pairs")
    function = one((x, y), (b, i, j), t[b, i, j] ** 2 * (x[b, j] + y[b, i]), (pairs,))
    X, Y = np.arange(6.0).reshape(2, 3) - 2, np.arange(6.0).reshape(2, 3)[::-1] ** 2
    sums = X[:, :, None] + Y[:, None, :]
    np.testing.assert_array_equal(function(X, Y), sums**2 * sums.transpose(0, 2, 1))
