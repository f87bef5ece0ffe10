"""The interpreter of index expressions: values against plain Python, derivatives against numerical ones."""

import math
from math import exp as e

import numpy as np
import pytest
from mpmath import mp, mpf
from sympy import Integer, Max, Rational, exp, log, sin, sqrt, tanh

from derivations.concrete import Concrete, coincidences, unknown
from derivations.definition import Definition
from derivations.dual import Functions
from derivations.normal_form import NormalForm
from derivations.notation import (
    B,
    Index,
    IndexMax,
    Iverson,
    Partial,
    all_but,
    array,
    b,
    c,
    delta,
    i,
    j,
    k,
    l,
    n,
    total,
)
from derivations.proof import mp_functions

o, x, y, A = array("o", n), array("x", n), array("y", n), array("A", n, n)
p = array("p", n, positive=True)
classes = array("c", B, integer=True)
P = Definition(p[i], exp(o[i]) / total(exp(o[k]), k), "softmax")
FLOATS = Functions(float, math.exp, math.log, math.sqrt, math.tanh, lambda number: float(number > 0), max)
DATA = {"x": [0.5, -1.25, 2.0], "y": [1.5, 0.25, 0.75], "A": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 10.0]]}
X, Y = DATA["x"], DATA["y"]


def entry(name, position):
    if name == "c":
        return (2, 3)[position[0] - 1]
    value = DATA[name]
    for number in position:
        value = value[number - 1]
    return value


@pytest.mark.parametrize(
    ("expression", "number"),
    [
        (x[i] + 2 * y[j] - Rational(1, 2), 0.5 + 2 * 0.25 - 0.5),
        (x[i] / y[j], 2.0),
        (x[j] ** 2 * y[i] ** -1, 1.5625 / 1.5),
        (sqrt(y[i]) * y[j] ** Rational(-1, 2), math.sqrt(1.5) / 0.5),
        (exp(-x[i]) + log(y[i]) + tanh(x[j]), e(-0.5) + math.log(1.5) + math.tanh(-1.25)),
        (total(x[k] * y[k], k), 0.75 - 0.3125 + 1.5),
        (total(A[k, l], k, l), 46.0),
        (total(A[i, k] * A[k, j], k), 36.0),
        (total(x[k] * delta(k, j), k), -1.25),
        (all_but(x[k], k, c), 0.5 - 1.25),
        (IndexMax(y[k] - x[k], k), 1.5),
        (Max(0, x[j]) + Max(0, x[i]), 0.5),
        (Iverson(x[i]) + Iverson(x[j]), 1.0),
        (n * x[i] + B, 3 * 0.5 + 2),
        (total(Integer(1), k), 3.0),
        (total(x[classes[b]], b), -1.25 + 2.0),
        (delta(j, classes[b]), 1.0),
        (y[Integer(3)], 0.75),
    ],
)
def test_values_are_those_of_plain_arithmetic(expression, number):
    world = Concrete({n: 3, B: 2}, entry, functions=FLOATS)
    # A handful of additions and functions, each to within one unit in the last place.
    assert world.value(expression, {i: 1, j: 2, c: 3, b: 1}) == pytest.approx(number, rel=1e-14)


def numbers(seed, size=3):
    """A random logit for each entry, and the interpreter in which o has them."""
    values = [mpf(value) for value in np.random.default_rng(seed).normal(size=size)]
    return values, lambda changed, names=(): Concrete(
        {n: size}, lambda name, position: changed[position[0] - 1], names, mp_functions()
    )


def numerically(expression, seed, *by):
    """∂expression/∂o_by … by mpmath's finite differences of the value."""
    values, world = numbers(seed)

    def function(*moved):
        changed = list(values)
        for position, number in zip(by, moved, strict=True):
            changed[position - 1] = number
        return world(changed, (P,)).value(expression, {i: 1, j: 2})

    orders = 1 if len(by) == 1 else (1,) * len(by)
    points = tuple(values[position - 1] for position in by)
    return mp.diff(function, points if len(by) > 1 else points[0], orders)


FUNCTIONS = {
    "exp": exp(2 * o[i] - o[j]),
    "log": log(1 + exp(o[i]) + o[j] ** 2),
    "tanh": tanh(o[i] * o[j]),
    "root": sqrt(1 + o[i] ** 2),
    "negative half power": (2 + o[i] ** 2) ** Rational(-3, 2),
    "quotient": o[i] / (3 + o[j] ** 2 + o[i] ** 4),
    "softmax": exp(o[i]) / total(exp(o[k]), k),
    "through a name": p[i] * log(p[j]),
    "max": Max(0, o[i]) ** 2 + Max(0, -o[i]),
    "bracket": Iverson(o[i]) * o[i] ** 3,
    "sum of squares": total(o[k] ** 2 * o[i], k),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("position", [1, 2, 3])
def test_dual_numbers_give_the_derivative(name, position):
    with mp.workdps(40):
        values, world = numbers(7)
        derivative = Partial(FUNCTIONS[name], o[Integer(position)])
        found = world(values, (P,)).value(derivative, {i: 1, j: 2})
        # mp.diff works with a step of 10^-20 here and loses the digits behind it.
        assert abs(found - numerically(FUNCTIONS[name], 7, position)) < mpf(10) ** -15


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in ("max", "bracket")])
@pytest.mark.parametrize("by", [(1, 2), (2, 3)])
def test_a_derivative_of_a_derivative_is_the_hessian(name, by):
    with mp.workdps(60):
        values, world = numbers(8)
        first, second = map(Integer, by)
        hessian = Partial(Partial(FUNCTIONS[name], o[first]), o[second])
        found = world(values, (P,)).value(hessian, {i: 1, j: 2})
        # Second differences lose twice as many digits as first ones.
        assert abs(found - numerically(FUNCTIONS[name], 8, *by)) < mpf(10) ** -12


def test_the_same_variable_twice():
    values, world = numbers(9)
    second = Partial(Partial(exp(3 * o[i]), o[i]), o[i])
    assert world(values).value(second, {i: 1}) == pytest.approx(9 * mp.exp(3 * values[0]), rel=1e-14)


def test_a_derivative_by_a_name_holds_the_other_entries_of_it_still():
    """∂/∂p_j Σ_k y_k log p_k = y_j/p_j although the p sum to one; by o_j the definition is followed."""
    form = NormalForm()
    world = Concrete({n: 3}, unknown, (P,))
    loss = -total(y[k] * log(p[k]), k)
    for position in (1, 2, 3):
        by_p = world.value(Partial(loss, p[j]) + y[j] / p[j], {j: position})
        by_o = world.value(Partial(loss, o[j]) - p[j] * total(y[k], k) + y[j], {j: position})
        assert form.zero(by_p) and form.zero(by_o)


def test_a_name_is_independent_of_everything_inside_a_derivative_by_it():
    world = Concrete({n: 3}, unknown, (P,))
    assert NormalForm().zero(world.value(Partial(Partial(p[i] ** 2, o[i]), p[i]), {i: 1}))
    assert not NormalForm().zero(world.value(Partial(Partial(p[i] ** 2, p[i]), o[i]), {i: 1}))


def test_the_value_of_a_derivative_by_a_name_is_taken_at_its_meaning():
    values, world = numbers(10)
    square = world(values, (P,)).value(Partial(p[i] ** 2, p[i]) - 2 * p[i], {i: 1})
    assert square == 0


@pytest.mark.parametrize("count", range(6))
def test_coincidences_are_all_partitions_of_the_letters(count):
    letters = [Index(f"k{number}", n) for number in range(count)]
    found = list(coincidences(letters, {n: 9}))
    partitions = {tuple(tuple(pattern[p] == pattern[q] for p in letters) for q in letters) for pattern in found}
    assert len(found) == len(partitions) == (1, 1, 2, 5, 15, 52)[count]


def test_coincidences_are_limited_by_the_size_and_independent_between_sizes():
    assert len(list(coincidences([i, j, k], {n: 2}))) == 4
    assert len(list(coincidences([i, j, k], {n: 1}))) == 1
    assert len(list(coincidences([i, j, b, Index("a", B)], {n: 3, B: 3}))) == 4


def test_letters_of_one_name_and_two_sizes_are_two_letters():
    first, second, z = Index("q", n), Index("q", B), array("z", B)
    world = Concrete({n: 2, B: 2}, unknown)
    expression = x[first] - z[second]
    assert world.value(expression, {first: 1, second: 2}) is not world.value(expression, {first: 2, second: 1})


@pytest.mark.parametrize("expression", [delta(j, classes[b]), x[classes[b]]])
def test_an_unknown_is_no_index(expression):
    with pytest.raises(TypeError, match="integer"):
        Concrete({n: 2, B: 1}, unknown).value(expression, {j: 1, b: 1})


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (IndexMax(x[k], k), "have no order"),
        (Max(x[i], x[j]), "have no order"),
        (x[i] ** Rational(1, 3), "whole and half powers"),
        (sin(x[i]), "has no sin"),
    ],
)
def test_what_has_no_exact_value_is_refused(expression, message):
    with pytest.raises(TypeError, match=message):
        Concrete({n: 2}, unknown).value(expression, {i: 1, j: 2})
