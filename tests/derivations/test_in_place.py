"""Memory that is used again: the same results and types as without, nothing lost, and less of it at a time."""

import ast
import tracemalloc

import numpy as np
import pytest
from sympy import exp, log

from derivations.notation import B, array, b, i, j, k, n, total
from derivations.numpy_code import Function
from tests.derivations.derived_functions import (
    FUNCTIONS,
    OPERATIONS,
    SHAPES,
    arguments,
    every_function,
    every_function_without_matrices,
)

x, y = array("x", B, n), array("y", B, n)


class Plain(Function):
    """The function with every result in new memory."""

    @property
    def executed(self):
        return self.program


def plain(function):
    return Plain(function.name, function.arguments, function.outputs, function.names)


def results(function, arrays):
    with np.errstate(all="ignore"):  # of no rows the mean is 0/0
        found = function(*arrays)
    return found if isinstance(found, tuple) else (found,)


def assert_same(function, arrays, eps):
    """The same types as without reuse, and within eps the same values as of arrays that have that type beforehand."""
    for first, second in zip(results(function, arrays), results(plain(function), arrays), strict=True):
        assert np.asarray(first).dtype == np.asarray(second).dtype
    named = dict(zip(map(str, function.arguments), arrays, strict=True))
    kind = np.result_type(*(one for name, one in named.items() if name != "c"), 1.0)
    wide = [one if name == "c" else one.astype(kind) for name, one in named.items()]
    for first, second in zip(results(function, arrays), results(plain(function), wide), strict=True):
        # Sums of a few terms of size one, in another order where δ is left out: some units in the last place.
        np.testing.assert_allclose(first, second, rtol=64 * eps, atol=16 * eps)


@every_function
@pytest.mark.parametrize("other", (np.int64, np.float64))
@pytest.mark.parametrize("position", (0, -1))
def test_whole_numbers_and_mixed_widths_give_what_numpy_would_make_of_them(name, key, position, other):
    function, arrays = OPERATIONS[name].functions[key], arguments(name, key, SHAPES["some"], np.float32)
    at = [place for place, one in enumerate(arrays) if one.dtype.kind == "f"][position]
    arrays[at] = np.ones_like(arrays[at]).astype(other)
    assert_same(function, arrays, np.finfo(np.float32).eps)


WITHOUT_MEAN = [(name, key) for name, key in FUNCTIONS if "/ B" not in OPERATIONS[name].functions[key].source]


@pytest.mark.parametrize(("name", "key"), WITHOUT_MEAN)
def test_no_rows_are_a_batch_too(name, key):
    function = OPERATIONS[name].functions[key]
    arrays = arguments(name, key, SHAPES["some"], np.float32)
    with_rows = [getattr(one, "shape", ())[:1] == (B,) for one in function.arguments]
    empty = [one[:0] if rows else one for one, rows in zip(arrays, with_rows, strict=True)]
    for first, second in zip(results(function, empty), results(plain(function), empty), strict=True):
        assert np.shape(first) == np.shape(second)


def held(function, arrays):
    """The most bytes held at a time, by those of a matrix (B, n)."""
    function(*arrays)
    tracemalloc.start()
    function(*arrays)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / arrays[0].nbytes


@pytest.mark.parametrize(
    ("name", "key", "matrices"),
    (
        ("softmax", "value", 1),
        ("softmax", "vjp", 2),
        ("log-softmax", "vjp", 1),
        ("tanh", "vjp", 1),
        ("sigmoid", "value", 2),
        ("sigmoid", "vjp", 3),
        ("softmax-cce", "gradient", 1),
        ("softmax-cce", "gradient indices", 1),
        ("softmax-cce", "value_and_gradient indices", 1),
        ("softmax-cce", "value_and_gradient", 2),
        ("temperature", "gradient", 1),
    ),
)
def test_few_matrices_are_held_at_a_time(name, key, matrices):
    arrays = arguments(name, key, (60, 700, 2, 2), np.float64)
    assert held(OPERATIONS[name].functions[key], arrays) < matrices + 0.2  # beside them maxima and sums of rows


def one(letters, expression, *more):
    return Function("one", (x, y), ((letters, expression), *more))


S, SK = (exp(x[b, k]) + y[b, k]).subs(k, j), exp(x[b, k]) + y[b, k]
X, Y = np.arange(6.0).reshape(2, 3) - 2, np.arange(6.0).reshape(2, 3)[::-1] + 1


@pytest.mark.parametrize(
    "function",
    (
        one((b, j), S**2 / (1 + S)),
        one((b, j), S * (S + y[b, j]) - exp(S)),
        one((b, j), exp(S) + log(S) * total(SK, k)),
        one((b, j), S - total(SK**2, k) * S**3),
        one((b, i, j), S.subs(j, i) / S),
        one((j, b), S + total(SK, k)),
        one((b, j), S, ((b, j), S**2)),
        one((b, j), S**2, ((j, b), S)),
        one((b, j), S**2, ((j, b), S), ((b, j), exp(S))),
    ),
    ids=lambda function: function.source.split('"""')[1],
)
def test_what_is_read_later_is_not_overwritten(function):
    assert_same(function, (X, Y), np.finfo(float).eps)


@every_function
def test_what_is_written_into_old_memory_is_a_temporary_and_not_an_argument(name, key):
    function = OPERATIONS[name].functions[key]
    tree = ast.parse(function.source)
    arguments_ = {argument.arg for argument in tree.body[0].args.args}
    written = {node.value.id for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "out"}
    assert not written & arguments_


def test_memory_is_used_again_in_most_functions():
    assert sum("out=" in OPERATIONS[name].functions[key].source for name, key in FUNCTIONS) > len(FUNCTIONS) / 2


def test_what_numpy_writes_in_place_by_itself_keeps_its_operator():
    e = exp(x[b, j])
    assert one((b, j), e * (e + x[b, j])).source.splitlines()[-1] == "    return e0 * (e0 + x)"


@every_function_without_matrices
def test_a_line_writes_into_old_memory_once(name, key):
    tree = ast.parse(OPERATIONS[name].functions[key].source)
    writing = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and any(x.arg == "out" for x in node.keywords)
    ]
    inside = [part for node in writing for argument in node.args for part in ast.walk(argument)]
    assert not any(part is node for part in inside for node in writing)
