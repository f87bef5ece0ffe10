"""Operation counts, against counts by hand."""

import pytest
from sympy import Symbol, exp, log, sqrt, tanh

from derivations.counting import counts
from derivations.definition import Definition
from derivations.notation import B, IndexMax, Iverson, array, b, delta, i, j, k, m, n, total, u
from derivations.numpy_code import Function
from derivations.registry import operation

x, y, W, V = array("x", B, n), array("y", B, n), array("W", n, m), array("V", n, n)
classes = array("c", B, integer=True)
tau = Symbol("tau", positive=True)


def counted(letters, expression, *names):
    return counts(Function("f", (x, y, W, V, classes, tau), ((letters, expression),), names)).operations


@pytest.mark.parametrize(
    ("letters", "expression", "by_hand"),
    [
        ((b, j), x[b, j] + y[b, j], {"add": B * n}),
        ((b, j), x[b, j] - y[b, j] - 1, {"add": 2 * B * n}),
        ((b, j), -x[b, j] * y[b, j], {"add": B * n, "mul": B * n}),
        ((b, j), exp(x[b, j]) / y[b, j] ** 2, {"exp": B * n, "div": B * n, "mul": B * n}),
        ((b, j), tanh(x[b, j]) + sqrt(y[b, j]), {"tanh": B * n, "sqrt": B * n, "add": B * n}),
        ((b,), total(x[b, k], k), {"add": B * n - B}),
        ((), total(x[b, k], b, k), {"add": B * n - 1}),
        ((b,), IndexMax(x[b, k], k), {"compare": B * n - B}),
        ((b,), log(total(exp(x[b, k]), k)), {"exp": B * n, "add": B * n - B, "log": B}),
        ((b, u), total(x[b, k] * W[k, u], k), {"mul": B * m * n, "add": B * m * n - B * m}),
        ((i, j), total(x[b, i] * y[b, j], b), {"mul": B * n**2, "add": B * n**2 - n**2}),
        ((b,), total(x[b, k] * y[b, k], k), {"mul": B * n, "add": B * n - B}),
        ((b, j), x[b, j] * Iverson(x[b, j]), {"compare": B * n, "mul": B * n}),
        ((b, j), x[b, j] * delta(j, classes[b]), {"compare": B * n, "mul": B * n}),
        ((b, i, j), x[b, i] * delta(i, j), {"compare": n**2, "mul": B * n**2}),
        ((b,), x[b, classes[b]] * 2, {"mul": B}),
        ((b, j), x[b, j] * (1 + n * B), {"mul": B * n}),
        ((b, j), x[b, j] / (B * tau), {"div": B * n}),
        ((j, b), x[b, j] * 2, {"mul": B * n}),
        ((b, j), (x[b, j] - y[b, j]) * exp(x[b, j] - y[b, j]), {"add": B * n, "exp": B * n, "mul": B * n}),
    ],
)
def test_counts_are_those_by_hand(letters, expression, by_hand):
    assert counted(letters, expression) == {kind: number.expand() for kind, number in by_hand.items()}


def test_what_is_named_or_shared_is_counted_once():
    s = array("s", B)
    norm = Definition(s[b], total(x[b, k] ** 2, k), "the squared norm")
    found = counted((b, j), x[b, j] / s[b] + y[b, j] * s[b], norm)
    assert found == {"mul": 2 * B * n, "add": (B * n - B + B * n).expand(), "div": B * n}


def test_softmax_with_cross_entropy_by_hand():
    """Shift, exponential, sum, quotient, difference, mean: 1 exp, 2 divisions and 3 additions for each entry."""
    fused = counts(operation("softmax-cce").function("gradient")).operations
    assert fused == {"add": 3 * B * n - B, "compare": B * n - B, "div": 2 * B * n, "exp": B * n}


def test_a_vjp_is_linear_in_the_number_of_classes_and_a_jacobian_quadratic():
    softmax = operation("softmax")
    degrees = {
        kind: max(number.as_poly(n).degree() for number in counts(softmax.function(kind)).operations.values())
        for kind in ("value", "vjp", "jacobian")
    }
    assert degrees == {"value": 1, "vjp": 1, "jacobian": 2}


def test_numbers_at_sizes():
    found = counts(operation("softmax").function("vjp"))
    assert found.at({"B": 32, "n": 10}) == {"add": 1216, "compare": 288, "div": 320, "exp": 320, "mul": 640}


@pytest.mark.parametrize(
    ("letters", "expression", "largest"),
    [
        ((b, j), x[b, j] * 2, B * n),
        ((), total(total(V[i, j] * 2, i), j), n**2),
        ((b, i), total(x[b, j] * V[i, j], j) * x[b, i], B * n),
        ((b, i, j), x[b, i] * y[b, j], B * n**2),
        ((b, u), total((x[b, k] * 2 - y[b, k]) * W[k, u], k) + total(x[b, i] * W[j, u] * 2, i, j), B * m * n**2),
        ((), total(V[i, j] * 2, i, j) + total(x[b, k] * 2, b, k), n**2),
    ],
)
def test_the_largest_array_is_that_of_the_highest_degree(letters, expression, largest):
    assert counts(Function("f", (x, y, W, V), ((letters, expression),))).largest == largest


def test_elements_moved():
    found = counts(Function("f", (x, y), (((b,), total(x[b, k] * y[b, k], k)),)))
    assert (found.read, found.written) == (3 * B * n, B * n + B)
