"""Index notation: bound letters step out of the way, equal lines are recognised, what is written stays as written."""

import pickle

import pytest
from sympy import Integer, KroneckerDelta, Rational, exp, sqrt

from derivations.notation import (
    B,
    Index,
    IndexMax,
    IndexSum,
    Partial,
    Size,
    all_but,
    array,
    b,
    binder,
    c,
    canonical,
    delta,
    distinct,
    excluded,
    free_indices,
    fresh,
    i,
    j,
    k,
    l,
    n,
    over_under,
    substitute,
    total,
)

o, y, A = array("o", n), array("y", n), array("A", n, n)
classes = array("c", B, integer=True)
next_letter = Index("l1", n)


@pytest.mark.parametrize(
    ("expression", "changes", "expected"),
    [
        (A[i, j], {i: j, j: i}, A[j, i]),
        (total(A[i, k], k), {i: j}, total(A[j, k], k)),
        (total(A[i, k], k), {i: k}, total(A[k, j], j)),
        (total(A[i, k], k), {k: j}, total(A[i, k], k)),
        (total(A[i, k], k), {i: k, j: l}, total(A[k, next_letter], next_letter)),
        (total(A[i, k] * total(A[k, j], j), k), {i: j}, total(A[j, k] * total(A[k, i], i), k)),
        (total(o[k] * y[i], k), {y[i]: o[k]}, total(o[l] * o[k], l)),
        (total(o[k], k), {o[k]: y[k]}, total(o[k], k)),
        (delta(i, j) * o[i], {i: j}, o[j]),
        (IndexMax(A[i, k], k), {i: k}, IndexMax(A[k, j], j)),
        (Partial(o[i], o[j]), {i: j}, Partial(o[j], o[j])),
        (o[classes[b]], {b: Integer(1)}, o[classes[Integer(1)]]),
    ],
)
def test_substitute_is_simultaneous_and_captures_nothing(expression, changes, expected):
    assert canonical(substitute(expression, changes)) == canonical(expected)


def test_a_fresh_letter_is_none_that_is_being_replaced():
    result = substitute(total(A[i, k], k), {i: k, j: l})
    assert binder(result) not in (i, j, k, l)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (total(o[k], k), total(o[j], j)),
        (total(total(A[i, j], j), i), total(total(A[k, i], i), k)),
        (total(o[i] * total(A[i, j], j), i), total(o[k] * total(A[k, l], l), k)),
    ],
)
def test_lines_that_differ_in_bound_letters_alone_are_canonically_equal(first, second):
    assert canonical(first) == canonical(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (total(A[i, k], k), total(A[k, i], k)),
        (total(total(A[i, j], j), i), total(total(A[j, i], j), i)),
        (total(A[i, k], k), total(A[j, k], k)),
        (total(o[k], k), IndexMax(o[k], k)),
    ],
)
def test_lines_that_differ_in_more_are_not(first, second):
    assert canonical(first) != canonical(second)


@pytest.mark.parametrize("expression", [total(o[k], k) * total(y[k], k), total(o[i] * total(y[j], j), i), o[i] + y[j]])
def test_distinct_leaves_letters_alone_where_nothing_clashes(expression):
    assert distinct(expression) == expression


@pytest.mark.parametrize("expression", [total(o[k] * total(y[k], k), k), o[k] * total(y[k], k)])
def test_distinct_renames_a_letter_that_would_be_read_as_another(expression):
    result = distinct(expression)
    letters = [part.index for part in result.atoms(IndexSum)]
    assert result != expression and canonical(result) == canonical(expression)
    assert len({*letters, *free_indices(result)}) == len(letters) + len(free_indices(result))


@pytest.mark.parametrize(
    ("expression", "letters"),
    [
        (o[i] * y[j], {i, j}),
        (total(A[i, k], k), {i}),
        (total(o[k], k) * y[k], {k}),
        (Partial(total(A[i, k], k), o[j]), {i, j}),
        (o[classes[b]], {b}),
        (all_but(o[k], k, c), {c}),
        (exp(o[Integer(1)]), set()),
    ],
)
def test_free_indices(expression, letters):
    assert free_indices(expression) == letters


@pytest.mark.parametrize("target", [c, i, j, l, classes[b]])
def test_a_sum_of_all_but_one_knows_the_one(target):
    assert excluded(k, all_but(o[k], k, target).function) == target


@pytest.mark.parametrize(
    "factor", [1, 1 - o[k], 1 - 2 * delta(k, c), 2 - delta(k, c), o[k] - delta(k, c), 1 - delta(i, c), delta(k, c)]
)
def test_other_sums_exclude_nothing(factor):
    assert excluded(k, factor * o[k]) is None


def test_nested_sums_stay_nested():
    nested = total(A[i, j], i, j)
    assert (binder(nested), binder(nested.function), nested.function.function) == (i, j, A[i, j])


def test_fresh_letters_are_the_size_s_own_before_numbered_ones():
    assert [fresh(n, (i, j)), fresh(n, (i, j, k, l)), fresh(B, (b,)).size] == [k, next_letter, B]


@pytest.mark.parametrize("thing", [n, c, next_letter, total(A[i, k] * delta(i, j), k), Partial(o[i], o[j])])
def test_everything_survives_pickling(thing):
    copy = pickle.loads(pickle.dumps(thing))
    assert copy == thing and hash(copy) == hash(thing)
    assert not isinstance(thing, Size) or copy.letters == thing.letters
    assert not isinstance(thing, Index) or copy.size == thing.size


def test_letters_of_different_sizes_differ_even_by_the_same_name():
    assert Index("q", n) != Index("q", B)


@pytest.mark.parametrize("variable", [o[i] + 1, exp(o[i]), Integer(2)])
def test_partial_refuses_what_is_no_entry(variable):
    with pytest.raises(TypeError, match="expected an array entry"):
        Partial(o[i], variable)


@pytest.mark.parametrize(
    ("expression", "over", "under"),
    [
        (exp(-o[i]) / (1 + exp(-o[i])), exp(-o[i]), 1 + exp(-o[i])),
        (Rational(2, 3) * o[i] / B, 2 * o[i], 3 * B),
        (o[i] ** -2, Integer(1), o[i] ** 2),
        (y[i] / sqrt(o[i]), y[i], sqrt(o[i])),
        (-o[i] / y[i], -o[i], y[i]),
        (exp(o[i]), exp(o[i]), Integer(1)),
    ],
)
def test_over_under_splits_a_fraction_as_it_is_written(expression, over, under):
    assert over_under(expression) == (over, under)


def test_a_delta_of_one_letter_is_one():
    assert delta(i, i) == 1 and isinstance(delta(i, j), KroneckerDelta)
