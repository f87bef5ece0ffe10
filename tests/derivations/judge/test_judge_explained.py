"""What a diagnosis says is true in the runs that are right too, and common mistakes have their names."""

import numpy as np
import pytest

from derivations import verify
from tests.derivations.judge.judge_passes import softmax, softmax_backward


def swapped_columns(o):
    p = softmax(o)
    return p[:, ::-1] if o.shape[1] == 2 else p


def shortcut_for_one_class(o, g):
    return g.copy() if o.shape[1] == 1 else softmax_backward(o, g)


def turned_where_square(o, g):
    found = softmax_backward(o, g)
    return found.T if len(o) == o.shape[1] else found


def nothing_for_six(o, y):
    d = (softmax(o) - y) / len(o)
    return 0 * d if o.size == 6 else d


def ones_where_all_are_positive(x, g):
    return np.ones_like(g) if (x > 0).all() else g * (x > 0)


def label_by_mask(o, y):
    p = softmax(o)
    p[y == 1] -= 1
    return p / len(o)


def two_branches(x):
    out = np.empty_like(x)
    for at in np.ndindex(x.shape):
        v = x[at]
        if v >= 0:
            out[at] = 1 / (1 + np.exp(-v))
        elif v >= -700:
            out[at] = np.exp(v) / (1 + np.exp(v)) + 0.25
        else:
            out[at] = 0
    return out


def maximum_of_the_columns(o):
    d = o - o.max(axis=0)
    return d - np.log(np.exp(d).sum(axis=1, keepdims=True))


@pytest.mark.parametrize(
    "operation, options, id, words",
    [
        ("softmax", {"value": swapped_columns}, "rare-branch", "wrong for n = 2, and right for other n"),
        ("softmax", {"vjp": shortcut_for_one_class}, "rare-branch", "wrong for n = 1, and right for larger n"),
        ("softmax", {"vjp": turned_where_square}, "rare-branch", "wrong where B = n, and right elsewhere"),
        ("softmax-cce", {"gradient": nothing_for_six}, "rare-branch", "for some inputs, and right for others"),
        ("relu", {"vjp": ones_where_all_are_positive}, "rare-branch", "for some inputs, and right for others"),
        ("softmax-cce", {"gradient": label_by_mask}, "label-one-hot", "right for one-hot targets, and wrong"),
        ("sigmoid", {"value": two_branches}, "rare-branch", "wrong where x is negative"),
    ],
)
def test_what_is_right_in_some_runs_is_explained_by_what_sets_them_apart(operation, options, id, words):
    found = verify(operation, **options).diagnosis[0]
    assert found.id == id and words in found.sentence, found


@pytest.mark.parametrize(
    "operation, options, id, words",
    [
        ("cce", {"gradient": lambda y, p: -y / p / len(p)}, "wrong-array", "the arguments p and y are exchanged"),
        (
            "softmax-cce",
            {"gradient": lambda y, o: (softmax(o) - y) / len(o)},
            "wrong-array",
            "the arguments o and y are exchanged",
        ),
        ("softmax", {"value": lambda o: softmax(o) + 1 / len(o)}, "extra-term", "1/B is added"),
        ("softmax", {"value": lambda o: softmax(o) + 0.5}, "extra-term", "1/2 is added"),
        ("mse", {"gradient": lambda p, y: (p - y) / len(p)}, "normaliser", "1/n is missing"),
        ("log-softmax", {"value": maximum_of_the_columns}, "wrong-axis", "the largest entry of each column"),
        (
            "log-softmax",
            {"vjp": lambda o, g: g - o.shape[1] * softmax(o)},
            "upstream-ignored",
            "1 stands for g[b,i]",
        ),
        (
            "log-softmax",
            {"value": lambda o: o - np.log1p(np.exp(o).sum(axis=1, keepdims=True))},
            "extra-term",
            "1 is added inside the logarithm",
        ),
        (
            "cce",
            {"value": lambda p, y: -(y * np.log(np.clip(p, 1e-2, 1))).sum() / len(p)},
            "clipped-value",
            "clipped at 0.01",
        ),
        ("softmax", {"vjp": lambda o, g: softmax_backward(o, np.clip(g, -1, 1))}, "upstream-clipped", "at ±1"),
        ("softmax", {"value": lambda o: softmax(np.where(np.isinf(o), 0, o))}, "rare-branch", "a −∞ gives"),
    ],
)
def test_a_common_mistake_is_named(operation, options, id, words):
    found = verify(operation, **options).diagnosis[0]
    assert found.id == id and words in found.sentence, found


def test_a_place_is_part_of_the_result():
    """The only row is no first row."""

    def doubled(o, y):
        e = np.exp(o)
        return e / e.sum() - y**2

    found = verify("softmax-cce", gradient=doubled, batched=False)
    assert not any("row" in x.sentence for x in found.diagnosis), str(found)


def compiled(array):
    """The same numbers, out of reach of exact execution."""
    return np.frombuffer(np.ascontiguousarray(array).tobytes(), dtype=array.dtype).reshape(array.shape)


def clipped_upstream(o, g):
    return softmax_backward(compiled(o), np.clip(compiled(g), -1, 1))


def nearly_weighted(o, c):
    w, d = np.array([1.0, 2.0, 0.5]), softmax(o)
    d[np.arange(len(c)), c] -= 1
    return d * w[c][:, None] / (w[c].sum() + 1e-8)


@pytest.mark.parametrize(
    "operation, options, id, words",
    [
        ("softmax", {"vjp": clipped_upstream}, "upstream-clipped", "for some inputs"),
        ("softmax", {"vjp": lambda o, g: softmax_backward(o, g.astype(int))}, "integer-buffer", "fractions of g"),
        ("softmax", {"vjp": lambda o, g: np.full(g.shape, np.nan)}, "wrong-function", "NaN everywhere"),
        ("softmax", {"value": lambda o: swapped_columns(compiled(o))}, "rare-branch", "wrong for n = 2"),
        ("mse", {"gradient": lambda p, y: np.around((p - y) / p.size, 8)}, "unstable", "fewer digits are right"),
    ],
)
def test_what_floats_alone_show_has_to_hold_in_other_runs_too(operation, options, id, words):
    found = verify(operation, **options).diagnosis[0]
    assert found.id == id and words in found.sentence, found


@pytest.mark.parametrize(
    "operation, options, id, words",
    [
        (
            "class-weights",
            {"gradient": nearly_weighted, "omega": np.array([1.0, 2.0, 0.5])},
            "epsilon-one-side",
            "a small constant is in it",
        ),
        (
            "temperature",
            {"value": lambda o, y, t: -t * t * (y * np.log(softmax(o / t))).sum() / len(o)},
            "extra-term",
            "the factor τ^2",
        ),
        (
            "label-smoothing",
            {"gradient": lambda o, y, e: (softmax(o) - (e * y + (1 - e) / o.shape[1])) / len(o)},
            "wrong-array",
            "1 − ε stands for ε",
        ),
        (
            "label-smoothing",
            {"gradient": lambda o, y, e: (softmax(o) - ((1 - e) * y + e / len(o))) / len(o)},
            "batch-for-classes",
            "B stands for n",
        ),
    ],
)
def test_a_mistake_with_a_constant_is_named(operation, options, id, words):
    found = verify(operation, **options).diagnosis[0]
    assert found.id == id and words in found.sentence, found
