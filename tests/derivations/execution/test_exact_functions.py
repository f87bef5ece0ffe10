"""Every NumPy function that is supported: its exact result, evaluated, is the result that NumPy has on floats."""

from fractions import Fraction

import numpy as np
import pytest

from derivations.execution.exact import leaves, run_exactly
from derivations.execution.values import Values
from derivations.scalar import variable
from tests.derivations.execution.exact_cases import CASES

# Both sides evaluate the same formula: a few dozen operations, each to a unit in the last place.
TOLERANCE = 1e-12

SHAPES = {"x": (2, 3), "y": (2, 3), "p": (2, 3), "v": (3,), "w": (3,), "m": (3, 2), "t": (2, 3, 2), "s": ()}


def inputs(names):
    """(arrays of unknowns, arrays of floats, {unknown: Fraction}); p is positive and below 1."""
    rng = np.random.default_rng(3)
    exact, floats, numbers = [], [], {}
    for name in names:
        array = rng.integers(1, 95, SHAPES[name]) if name == "p" else rng.integers(-150, 150, SHAPES[name]) | 1
        unknowns = np.empty(SHAPES[name], object)
        for position in np.ndindex(SHAPES[name]):
            called = f"{name}{list(position)}"
            unknowns[position] = variable(called)
            numbers[called] = Fraction(int(array[position]), 96)
        exact.append(unknowns if unknowns.ndim else unknowns[()])
        floats.append(array / 96)
    return exact, floats, numbers


def check(function, names="x"):
    """The function of those arrays is the same exactly and on floats, in values, shapes and kinds."""
    exact, floats, numbers = inputs(names)
    run = run_exactly(function, exact, numbers)
    with np.errstate(all="ignore"):
        expected = leaves(function(*floats))
    got = leaves(run.outputs)
    assert len(got) == len(expected) and not run.events
    values = Values(numbers)
    for have, want in zip(got, expected, strict=True):
        assert np.shape(have) == np.shape(want)
        have = [float(values.number(node)) for node in np.ravel(np.asarray(have, object))]
        np.testing.assert_allclose(have, np.ravel(want).astype(float), rtol=TOLERANCE, atol=0)


UNARY = "exp exp2 expm1 sqrt log log2 log10 log1p tanh sinh cosh arctanh square reciprocal negative positive".split()
UNARY += "absolute fabs sign conjugate isnan isinf isfinite logical_not signbit abs isneginf isposinf".split()
BINARY = "add subtract multiply divide true_divide maximum minimum fmax fmin logaddexp logaddexp2 hypot".split()
BINARY += "greater greater_equal less less_equal equal not_equal logical_and logical_or logical_xor heaviside".split()


@pytest.mark.parametrize("name", UNARY)
def test_of_one_array(name):
    check(lambda p: getattr(np, name)(p), "p")


@pytest.mark.parametrize("name", UNARY)
def test_of_one_number(name):
    check(lambda p: getattr(np, name)(p[0, 1]), "p")


@pytest.mark.parametrize("name", BINARY)
def test_of_two_arrays(name):
    check(lambda x, v: (getattr(np, name)(x, v), getattr(np, name)(v, 0.25), getattr(np, name)(-2, v[1])), "xv")


@pytest.mark.parametrize("names, function", CASES.values(), ids=CASES.keys())
def test_function(names, function):
    check(function, names)


def test_scipy():
    special = pytest.importorskip("scipy.special")

    def of_rows(x, p):
        yield special.softmax(x, axis=1), special.log_softmax(x, axis=1), special.softmax(x)
        yield special.logsumexp(x, axis=0), special.logsumexp(x, b=p), special.logsumexp(x, axis=1, keepdims=True)

    def of_entries(x, p):
        yield special.expit(x), special.logit(p), special.log_expit(x), special.entr(p)
        yield special.xlogy(x, p), special.xlog1py(x, p), special.xlogy(0, p)

    check(lambda x, p: list(of_rows(x, p)), "xp")
    check(lambda x, p: list(of_entries(x, p)), "xp")
