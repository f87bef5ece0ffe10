"""Every derived NumPy function, against fifty digits of the definition: its type, shapes, digits and manners."""

import ast
from functools import cache

import numpy as np
import pytest
from mpmath import mp, mpf
from sympy import Symbol

from derivations.concrete import Concrete
from derivations.counting import counts
from derivations.error_bound import error_bound
from derivations.notation import B, IndexMax, Iverson, array, b, delta, h, i, j, k, m, n, total, u
from derivations.numpy_code import Function
from derivations.proof import mp_functions
from derivations.unbuffered import unbuffered
from tests.derivations.derived_functions import (
    FUNCTIONS,
    OPERATIONS,
    SHAPES,
    WIDE,
    arguments,
    both_types,
    called,
    drawn,
    every_function,
    every_function_without_matrices,
    kind_of,
    sizes_at,
)


@cache
def definition(name, variant, shape, extreme=False):
    """The interpreter of the definition at those inputs."""
    values = drawn(name, variant, shape, extreme)

    def entry(array_, position):
        number = values[array_][tuple(p - 1 for p in position)]
        return int(number) + 1 if array_ == "c" else mpf(float(number))

    return Concrete(sizes_at(shape), entry, OPERATIONS[name].specifications[variant].names, mp_functions())


def compared(name, key, shape, dtype, most=None, extreme=False):
    """[(output, position, found, expected, budget), …] for the entries of every output, or `most` of them at random."""
    kind, variant = kind_of(key)
    arrays = arguments(name, key, shape, dtype, extreme=extreme)
    results, bounds = called(name, key, arrays), error_bound(OPERATIONS[name].functions[key], arrays, dtype)
    outputs, rng = OPERATIONS[name].specifications[variant].outputs(kind), np.random.default_rng(3)
    rows = []
    for number, ((letters, expression), result, bound) in enumerate(zip(outputs, results, bounds, strict=True)):
        positions = list(np.ndindex(np.shape(result)))
        for position in positions if most is None else rng.permutation(positions)[:most]:
            place = tuple(map(int, position))
            world = definition(name, variant, shape, extreme)
            expected = world.value(expression, {x: p + 1 for x, p in zip(letters, place, strict=True)})
            # Twice, because the running bound is of first order; `tiny` is what may underflow.
            budget = 2 * float(np.broadcast_to(bound, np.shape(result))[place]) + np.finfo(dtype).tiny
            rows.append((number, place, float(np.asarray(result)[place]), expected, budget))
    return rows


def assert_close(rows):
    assert rows
    for output, position, found, expected, budget in rows:
        assert abs(mpf(found) - expected) <= budget, (output, position, found, mp.nstr(expected, 20), budget)


def test_every_kind_of_every_variant_has_its_definition():
    for operation in OPERATIONS.values():
        for key in operation.functions:
            kind, variant = kind_of(key)
            outputs = operation.specifications[variant].outputs(kind)
            assert [len(letters) for letters, _ in outputs] == [len(x) for x, _ in operation.functions[key].outputs]


@every_function
@both_types
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_entry_agrees_with_fifty_digits_of_the_definition(name, key, shape, dtype):
    with mp.workdps(50):
        assert_close(compared(name, key, shape, dtype))


@every_function
@both_types
def test_logits_of_ten_thousand_neither_overflow_nor_lose_the_result(name, key, dtype):
    with mp.workdps(50):
        assert_close(compared(name, key, SHAPES["some"], dtype, extreme=True))


@every_function_without_matrices
@both_types
def test_a_thousand_classes(name, key, dtype):
    for result in called(name, key, arguments(name, key, WIDE, dtype)):
        assert np.isfinite(result).all() and np.asarray(result).dtype == dtype


@pytest.mark.parametrize(("name", "key"), [x for x in FUNCTIONS if kind_of(x[1])[0] in ("vjp", "gradient")])
def test_a_random_entry_of_a_thousand_agrees_with_the_definition(name, key):
    with mp.workdps(50):
        for dtype in (np.float32, np.float64):
            assert_close(compared(name, key, WIDE, dtype, most=1))
    definition.cache_clear()


@every_function
@both_types
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_type_of_the_inputs_is_kept_and_the_shape_is_that_of_the_letters(name, key, shape, dtype):
    results = called(name, key, arguments(name, key, shape, dtype))
    for result, (letters, _) in zip(results, OPERATIONS[name].functions[key].outputs, strict=True):
        assert np.asarray(result).dtype == dtype
        assert np.shape(result) == tuple(sizes_at(shape)[letter.size] for letter in letters)


@every_function
def test_inputs_are_neither_changed_nor_returned(name, key):
    arrays = arguments(name, key, SHAPES["some"], np.float64)
    copies = [array.copy() for array in arrays]
    for array_ in arrays:
        array_.flags.writeable = False
    for result in called(name, key, arrays):
        assert not any(np.shares_memory(result, array_) for array_ in arrays)
    assert all(map(np.array_equal, arrays, copies))


@every_function
def test_the_layout_of_the_inputs_does_not_matter(name, key):
    arrays = arguments(name, key, SHAPES["some"], np.float64)
    strided = [np.repeat(array_, 2, axis=0)[::2] if array_.ndim else array_ for array_ in arrays]
    for layout in ([np.asfortranarray(array_) for array_ in arrays], strided):
        for first, second in zip(called(name, key, arrays), called(name, key, layout), strict=True):
            # The order of summation may differ with the layout, by some units in the last place.
            np.testing.assert_allclose(first, second, rtol=1e-13, atol=1e-15)


def test_wide_rows_are_not_copied_and_the_bits_are_the_same():
    function, o = OPERATIONS["softmax"].functions["value"], np.random.default_rng(0).normal(size=(64, 700))
    assert np.array_equal(function(o), function.compiled(o))
    assert unbuffered(lambda x: np.getbufsize(), [o]) == 256 and np.getbufsize() == 8192
    with pytest.raises(IndexError):
        unbuffered(lambda x: x[700], [o])
    assert np.getbufsize() == 8192


@every_function
def test_one_compilation_serves_every_shape_and_has_no_loop(name, key):
    function = OPERATIONS[name].functions[key]
    before = function.compiled
    for shape in SHAPES.values():
        called(name, key, arguments(name, key, shape, np.float32))
    assert function.compiled is before
    loops = ast.For | ast.While | ast.comprehension
    assert not any(isinstance(node, loops) for node in ast.walk(ast.parse(function.source)))


@every_function
def test_the_source_that_is_shown_is_the_function_that_runs(name, key):
    function, arrays = OPERATIONS[name].functions[key], arguments(name, key, SHAPES["some"], np.float64)
    namespace = {imported: getattr(np, imported) for imported in function.imports}
    exec(function.source, namespace)
    shown = namespace[function.name.replace("-", "_")](*arrays)
    for first, second in zip(shown if isinstance(shown, tuple) else (shown,), called(name, key, arrays), strict=True):
        np.testing.assert_array_equal(first, second)


@every_function_without_matrices
def test_no_gradient_makes_a_matrix_of_classes_by_classes(name, key):
    largest = counts(OPERATIONS[name].functions[key]).largest
    assert all(largest.as_powers_dict()[size] <= 1 for size in (B, n, m, h)), largest
    assert largest.as_powers_dict()[B] * len(largest.free_symbols) <= 2, largest


# Single constructions, by what they compute.

o, x, y, W, V = array("o", n), array("x", B, n), array("y", B, n), array("W", n, m), array("V", n, n)
classes = array("c", B, integer=True)
shift = Symbol("s", real=True)


def one(arguments, letters, expression, names=()):
    return Function("one", arguments, ((letters, expression),), names)


X, Y = np.arange(6.0).reshape(2, 3) - 2, np.arange(6.0).reshape(2, 3)[::-1] + 1
WM, VM, CLASSES = np.arange(12.0).reshape(3, 4), np.arange(9.0).reshape(3, 3) ** 2, np.array([2, 0])


@pytest.mark.parametrize(
    ("function", "arrays", "expected"),
    [
        (one((x, W), (b, u), total(x[b, k] * W[k, u], k)), (X, WM), X @ WM),
        (one((x, W), (u, b), total(x[b, k] * W[k, u], k)), (X, WM), (X @ WM).T),
        (one((x, y), (i, j), total(x[b, i] * y[b, j], b)), (X, Y), X.T @ Y),
        (one((x, y), (b,), total(x[b, k] * y[b, k], k)), (X, Y), (X * Y).sum(axis=1)),
        (one((x, y), (), total(x[b, k] * y[b, k], b, k)), (X, Y), (X * Y).sum()),
        (one((x,), (j, b), x[b, j] * 2), (X,), 2 * X.T),
        (one((x,), (b, j), x[b, j] - total(x[b, k], k) / n), (X,), X - X.mean(axis=1, keepdims=True)),
        (one((x,), (b, j), total(x[b, k], k) + 0 * x[b, j]), (X,), np.repeat(X.sum(axis=1)[:, None], 3, axis=1)),
        (one((x,), (b, j), total(x[b, j], k)), (X,), 3 * X),
        (one((x,), (b, j), IndexMax(x[b, k], k) - x[b, j]), (X,), X.max(axis=1, keepdims=True) - X),
        (one((x, classes), (b,), x[b, classes[b]]), (X, CLASSES), X[[0, 1], CLASSES]),
        (one((x, classes), (b, j), x[b, j] * delta(j, classes[b])), (X, CLASSES), X * np.eye(3)[CLASSES]),
        (one((x, classes), (b, j), delta(j, classes[b]) / B), (X, CLASSES), np.eye(3)[CLASSES] / 2),
        (one((x, classes), (j,), total(delta(j, classes[b]), b)), (X, CLASSES), np.eye(3)[CLASSES].sum(axis=0)),
        (one((x,), (b, j), Iverson(x[b, j]) + Iverson(-x[b, j])), (X,), np.abs(np.sign(X))),
        (one((x,), (b, j), 1 - Iverson(x[b, j])), (X,), 1.0 * (X <= 0)),
        (one((x,), (b, i, j), x[b, i] * delta(i, j)), (X,), np.array([np.diag(row) for row in X])),
        (one((V,), (i,), V[i, i]), (VM,), np.diag(VM)),
        (one((V,), (), total(V[i, i], i)), (VM,), np.trace(VM)),
        (one((V,), (i, j), V[i, j] - V[j, i]), (VM,), VM - VM.T),
        (one((o, shift), (i,), o[i] + shift), (X[0], 0.5), X[0] + 0.5),
        (one((x,), (b, j), x[b, j] / 3 - x[b, j] ** 2 / 2 + x[b, j] ** 3), (X,), X / 3 - X**2 / 2 + X**3),
        (one((y,), (b, j), y[b, j] ** -2 / n), (Y,), 1 / (3 * Y**2)),
    ],
)
@both_types
def test_constructions(function, arrays, expected, dtype):
    arrays = [a if np.asarray(a).dtype.kind == "i" else np.asarray(a).astype(dtype)[()] for a in arrays]
    result = function(*arrays)
    # Sums of at most twelve terms of one size: a few units in the last place.
    np.testing.assert_allclose(result, expected, rtol=32 * np.finfo(dtype).eps)
    assert np.asarray(result).dtype == dtype and np.asarray(result).flags.writeable


def test_a_derived_function_reads_as_a_person_would_write_it():
    lines = OPERATIONS["softmax"].functions["vjp"].source.splitlines()
    assert lines[:1] + lines[2:] == [
        "def softmax_vjp(o, g):",
        "    dtype = result_type(o, g, 1.0)",
        "    o = o.astype(dtype, copy=False)",
        "    g = g.astype(dtype, copy=False)",
        "    d = o - o.max(axis=1)[:, None]",
        "    e0 = exp(d, out=d)",
        "    p = divide(e0, e0.sum(axis=1)[:, None], out=e0)",
        "    return p * (g - (g * p).sum(axis=1)[:, None])",
    ]


def test_a_number_is_the_second_argument_of_maximum_where_numpy_is_faster():
    assert "maximum(x, 0)" in OPERATIONS["relu"].functions["value"].source
