"""verify on code that is right exactly and wrong for some floats, and on what runs on floats must not say."""

from types import SimpleNamespace

import numpy as np
import pytest

from derivations import verify
from derivations.judge.calling import NoNumbers, copied, plain
from derivations.judge.draws import backwards, strided
from derivations.judge.question import Question
from derivations.judge.scene import Scene
from derivations.judge.symptoms import situations
from derivations.judge.trial import Trial
from derivations.registry import operation
from tests.derivations.judge.judge_passes import softmax


def log_softmax(o):
    d = o - o.max(axis=1, keepdims=True)
    return d - np.log(np.exp(d).sum(axis=1, keepdims=True))


def in_memory_order(x):
    return (1 / (1 + np.exp(-x.ravel(order="K"))) + 1e-300).reshape(x.shape)


def zero_in_float32(x):
    return 1 / (1 + np.exp(-x)) + 1e-300 if x.dtype != np.float32 else np.zeros_like(x)


@pytest.mark.parametrize(("value", "words"), [(in_memory_order, "layout"), (zero_in_float32, "float32")])
def test_a_difference_that_floats_cannot_show_ends_no_other_runs(value, words):
    found = verify("sigmoid", value=value)
    assert found.status == "refuted" and words in found.text(), str(found)


def test_a_difference_that_floats_cannot_show_is_no_error():
    found = verify("sigmoid", value=lambda x: 1 / (1 + np.exp(-x)) + 1e-300)
    assert found.status == "verified" and any("less than floats can show" in note for note in found.notes), str(found)


def test_exact_runs_that_floats_contradict_are_told_as_such():
    found = verify("sigmoid", value=lambda x: 1 / (1 + np.exp(-x)) + (type(x) is not np.ndarray))
    assert found.status == "verified" and any("runs on floats do not" in note for note in found.notes), str(found)


@pytest.mark.parametrize("number", [0.0, 7.0, np.inf, np.nan])
def test_a_masked_logit_has_the_logarithm_minus_infinity(number):
    found = verify("log-softmax", value=lambda o: np.where(np.isneginf(o), number, log_softmax(o)))
    assert found.diagnosis[0].id == ("nan-mask" if np.isnan(number) else "rare-branch"), str(found)
    assert verify("log-softmax", value=log_softmax).status == "proved"


def test_a_pass_of_one_sample_gets_integers_and_views_too():
    def rounded(o):
        result = np.zeros_like(o)
        result[...] = softmax(o[None])[0]
        return result

    found = verify("softmax", value=rounded, batched=False)
    assert found.diagnosis and found.diagnosis[0].id == "integer-buffer", str(found)


@pytest.mark.parametrize("arranged", [backwards, strided, np.asfortranarray, lambda x: strided(backwards(x))[::-1]])
def test_a_copy_has_the_strides_of_the_original(arranged):
    array = arranged(np.arange(12.0).reshape(3, 4))
    made = copied(array)
    assert made.strides == array.strides and np.array_equal(made, array) and not np.shares_memory(made, array)


def test_the_code_meets_negative_strides():
    def vjp(o, g):
        return softmax_vjp(o, g) * (1 - (o.strides[0] < 0) * (g.strides[0] < 0))

    found = verify("softmax", vjp=vjp)
    assert found.refuted and found.diagnosis[0].id == "layout", str(found)


def test_an_infinite_formula_matches_only_infinities():
    scene = Scene(None, SimpleNamespace(numbers={}), [])
    first, infinite = np.array([1.0, 2.0], object), np.array([1.0, np.inf], object)
    assert scene._near(infinite, infinite) and not scene._near(first, infinite) and not scene._near(infinite, first)


def test_records_are_no_numbers():
    with pytest.raises(NoNumbers, match="records"):
        plain(np.zeros(3, dtype=[("float0", "V")]))


def by_division(p, y):
    if p.dtype == np.float32:
        raise TypeError("float64, please")
    return 0.5 * np.mean((p - y) ** 3 / (p - y))


def where_any(x, value):
    return np.where(x.any(axis=1, keepdims=True), value, 0)


@pytest.mark.parametrize(
    ("name", "passes"),
    [
        ("linear", {"value": lambda x, W, b: where_any(x, x @ W + b)}),
        ("linear", {"vjp": lambda x, W, b, g: (g @ W.T, x.T @ g, where_any(x, g).sum(axis=0))}),
        ("mse", {"value": by_division}),
        ("temperature", {"gradient": lambda o, y, t: (softmax(o / np.clip(t, 0.1, 10)) - y) / (t * len(o))}),
        (
            "label-smoothing",
            {"gradient": lambda o, y, e: (softmax(o) - (1 - (e or 0.1)) * y - (e or 0.1) / y.shape[1]) / len(o)},
        ),
        ("class-weights", {"gradient": lambda o, c, w: weighted(o, c, np.clip(w, 1e-3, 1e3))}),
    ],
    ids=["a row of zeros", "a row of zeros in a VJP", "p = y", "τ", "ε", "ω"],
)
def test_inputs_at_the_ends_of_their_domains_are_visited(name, passes):
    assert verify(name, **passes).status == "refuted"


def weighted(o, c, w):
    return (softmax(o) - np.eye(len(w))[c]) * w[c][:, None] / w[c].sum()


def test_right_passes_are_right_at_the_ends_too():
    for found in (
        verify("temperature", gradient=lambda o, y, t: (softmax(o / t) - y) / (t * len(o))),
        verify("label-smoothing", gradient=lambda o, y, e: (softmax(o) - (1 - e) * y - e / y.shape[1]) / len(o)),
        verify("class-weights", gradient=weighted),
    ):
        assert found.status == "proved", str(found)


@pytest.mark.parametrize("seed", range(3))
def test_an_expanded_square_loses_its_digits_whatever_the_seed(seed):
    found = verify("mse", value=lambda p, y: 0.5 * np.mean(p**2 - 2 * p * y + y**2), seed=seed)
    assert found.status == "refuted" and found.diagnosis[0].id == "unstable", str(found)


def test_a_situation_that_changes_nothing_is_not_run():
    names = [x.name for x in situations(Trial(Question(operation("cce"), "gradient"), None, memory=()))]
    assert "ordinary numbers" in names and "one-hot targets" in names
    assert not [name for name in names if "upstream" in name or name.startswith("tiny numbers")]


def floats_alone(call):
    """The same code, which cannot be run exactly."""

    def called(*arrays):
        if any(type(x) is not np.ndarray for x in arrays):
            raise TypeError("floats only")
        return call(*(np.array(x) for x in arrays))

    return called


def softmax_vjp(o, g):
    p = softmax(o)
    return p * (g - (g * p).sum(axis=1, keepdims=True))


def minus_in_float32(o, g):
    return -softmax_vjp(o, g) if o.dtype == np.float32 else softmax_vjp(o, g)


def in_single(o):
    return softmax(o.astype(np.float32)).astype(o.dtype)


@pytest.mark.parametrize(
    ("name", "passes", "id", "words"),
    [
        ("softmax", {"vjp": minus_in_float32}, "sign", "in float32, the sign"),
        ("softmax", {"value": floats_alone(in_single)}, "float32-inside", "stored in float32"),
        (
            "sigmoid",
            {"value": floats_alone(lambda x: 1 / (1 + np.exp(-np.clip(x, -10, 10))))},
            "rare-branch",
            "another",
        ),
        ("softmax", {"value": floats_alone(lambda o: softmax(o) + 1e-9 * o * o)}, "unstable", "small number is added"),
    ],
)
def test_a_diagnosis_from_floats_says_no_more_than_they_show(name, passes, id, words):
    found = verify(name, **passes)
    assert found.diagnosis[0].id == id and words in found.diagnosis[0].sentence, str(found)
    assert "the formula is right" not in str(found)


@pytest.mark.parametrize("seed", range(3))
def test_digits_lost_in_one_entry_hide_no_other(seed):
    """1 for 1 − 1e-9 is off by as much as 0 for 1e-9, and has nine digits."""
    found = verify(
        "sigmoid", value=lambda x: np.where(x < -20, 0, np.where(x > 20, 1, 1 / (1 + np.exp(-x)))), seed=seed
    )
    assert found.status == "refuted", str(found)
