"""Functions that people make entrywise themselves, and those that exact numbers are kept out of."""

import math

import numpy as np
import pytest

from derivations import verify
from derivations.execution.cannot_trace import CannotTrace
from derivations.execution.compare import compare
from derivations.registry import operation

SIZES = {"B": 2, "n": 3}


def even(t):
    return 2 / (1 + math.exp(-2 * t)) - 1


by_vectorize = np.vectorize(math.tanh, otypes=[float])
by_own_function = np.vectorize(even)
by_objects = np.frompyfunc(even, 1, 1)


def by_iterator(x):
    return np.fromiter((math.tanh(t) for t in x.ravel()), float, x.size).reshape(x.shape)


@pytest.mark.parametrize("call", [by_vectorize, by_own_function, by_objects, by_iterator], ids=range(4))
def test_functions_of_one_entry_are_run_on_each(call):
    found = compare(operation("tanh"), "value", lambda x: call(x), SIZES)
    assert (found.verdict, found.conditions) == ("equal", ())


def test_a_row_may_be_summed_by_reduceat():
    def softmax(o):
        e = np.exp(o)
        return e / np.add.reduceat(e.ravel(), range(0, o.size, o.shape[1])).reshape(-1, 1)

    assert compare(operation("softmax"), "value", softmax, SIZES).verdict == "equal"


def test_reduceat_takes_one_entry_where_the_next_start_is_no_later():
    def first_for_the_sum(o):
        e = np.exp(o)
        return e / np.add.reduceat(e, [0, 0], axis=1)[:, :1]

    assert compare(operation("softmax"), "value", first_for_the_sum, SIZES).verdict == "different"


@pytest.mark.parametrize("rounded", [np.ceil, np.floor, math.floor])
def test_whole_numbers_are_conditions_where_they_matter(rounded):
    def shifted(o):
        e = np.exp(o - rounded(o[0, 0]))
        return e / e.sum(axis=1, keepdims=True)

    found = compare(operation("softmax"), "value", shifted, SIZES)
    assert found.verdict == "equal" and found.conditions

    def added(o):
        return shifted(o) + rounded(o[0, 0] + 7)

    assert compare(operation("softmax"), "value", added, SIZES).verdict == "different"


def matrix(o):
    e = np.asmatrix(np.exp(o))
    return e / (e * np.ones((e.shape[1], 1)))


def by_address(x):
    return x.ctypes.data


@pytest.mark.parametrize("call, words", [(matrix, "matrix"), (by_address, "memory")])
def test_what_would_be_another_function_of_exact_numbers_is_refused(call, words):
    with pytest.raises(CannotTrace, match=words):
        compare(operation("softmax"), "value", call, SIZES)


def test_compiled_code_never_sees_the_memory_of_exact_numbers():
    numba = pytest.importorskip("numba")

    @numba.njit
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    with pytest.raises(CannotTrace, match="numba"):
        compare(operation("sigmoid"), "value", lambda x: sigmoid(x), SIZES)


def test_clip_is_numpys_though_its_ufunc_has_no_name_in_numpy():
    found = compare(operation("relu"), "value", lambda x: x.clip(0, 1000), SIZES)
    assert found.verdict == "equal"


def test_the_name_of_a_ufunc_says_nothing_of_what_it_does():
    numba = pytest.importorskip("numba")

    @numba.vectorize
    def tanh(x):
        return 2 * x

    with pytest.raises(CannotTrace, match="tanh"):
        compare(operation("tanh"), "value", lambda x: tanh(x), SIZES)


def test_integers_are_still_made_of_what_vectorize_is_told_to():
    def rounded(x):
        return np.vectorize(lambda t: t, otypes=[int])(x)

    assert verify("tanh", value=rounded).refuted
