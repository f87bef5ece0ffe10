"""How passes are called, and what is said of them: conventions, options, parts, one sample, too many results."""

import numpy as np
import pytest

from derivations import verify
from derivations.operation import variant
from tests.derivations.judge.judge_passes import softmax, softmax_backward


def log_softmax(o):
    d = o - o.max(axis=1, keepdims=True)
    return d - np.log(np.exp(d).sum(axis=1, keepdims=True))


def summed(o, y):
    return -(y * log_softmax(o)).sum()


def mean(o, y):
    return summed(o, y) / len(o)


def mean_gradient(o, y):
    return (softmax(o) - y) / len(o)


def in_rows(o, y):
    return softmax(o) - y


def in_columns(o, g):
    return softmax_backward(o.T, g.T).T


def no_half(p, y):
    return np.mean((p - y) ** 2)


@pytest.mark.parametrize(
    "operation, passes",
    [
        ("softmax-cce", {"value": summed, "gradient": mean_gradient}),
        ("softmax-cce", {"value": mean, "gradient": in_rows}),
        ("mse", {"value": no_half, "gradient": lambda p, y: (p - y) / p.size}),
        ("mse", {"value": lambda p, y: p.shape[1] * no_half(p, y), "gradient": lambda p, y: (p - y) / len(p)}),
        ("softmax", {"value": softmax, "vjp": in_columns}),
    ],
    ids=[
        "a sum's value",
        "a sum's gradient",
        "no half in the value",
        "no half and no 1/n in the value",
        "columns in the gradient",
    ],
)
def test_a_convention_of_value_or_gradient_alone_is_an_error(operation, passes):
    found = verify(operation, **passes, conventions="report")
    assert found.refuted and not any(x.convention for x in found.diagnosis), str(found)


def test_a_convention_of_both_is_said_in_the_summary():
    found = verify("softmax-cce", value=summed, gradient=in_rows, conventions="report")
    assert found.status == "proved" and "up to a convention: 1/B is missing" in found.summary
    of_a_dict = verify(
        "softmax-cce",
        value_and_gradient=lambda o, y: {"grad": in_rows(o, y), "loss": summed(o, y)},
        conventions="report",
    )
    assert of_a_dict.status == "proved" and "up to a convention" in of_a_dict.summary


def test_what_is_wrong_besides_a_convention_is_told():
    def unshifted(o, y):
        p = np.exp(o)
        return p / p.sum(axis=1, keepdims=True) - y

    found = verify("softmax-cce", gradient=unshifted, conventions="report")
    assert found.diagnosis[0].id == "no-shift" and found.notes[0].startswith("up to a convention"), str(found)


@pytest.mark.parametrize(
    "options", [{"reduction": "Sum"}, {"reduction": "none"}, {"targets": "Indices"}, {"targets": "onehot"}]
)
def test_an_option_that_is_none_is_an_error(options):
    with pytest.raises(LookupError, match=f"{next(iter(options))}: expected '"):
        variant(**options)
    with pytest.raises(LookupError, match="expected '"):
        verify("softmax-cce", gradient=mean_gradient, **options)


RIGHT = {"softmax": {"value": softmax, "vjp": softmax_backward}, "cce": {"gradient": lambda p, y: -y / p / len(p)}}


def with_softmax(**kinds):
    return {**RIGHT, "softmax": {**RIGHT["softmax"], **kinds}}


def unshifted(o):
    return np.exp(o) / np.exp(o).sum(axis=1, keepdims=True)


def scribbling(o, g):
    result = softmax_backward(o, g)
    g *= 2
    return result


@pytest.mark.parametrize(
    "kinds, besides, id",
    [
        ({"value": unshifted}, "softmax fails in floats", "no-shift"),
        ({"vjp": scribbling}, "softmax does not keep what its caller relies on", "mutates-upstream"),
    ],
)
def test_a_part_that_is_right_on_paper_alone(kinds, besides, id):
    found = verify("softmax-cce", parts=with_softmax(**kinds))
    assert found.notes[0].startswith("the parts are right on paper") and besides in found.notes[0]
    assert "cancel" not in found.notes[0]
    assert any(x.id == id and x.where.startswith("softmax: ") for x in found.diagnosis), str(found)


@pytest.mark.parametrize(
    "parts, error, words",
    [
        ([], TypeError, "got list"),
        ({**RIGHT, "softmax": [softmax, softmax_backward]}, TypeError, "softmax as a dict by kind, got list"),
        (with_softmax(vjp=None), TypeError, "vjp of softmax, got NoneType"),
        ({**RIGHT, "tanh": {}}, LookupError, "no part 'tanh'"),
        (with_softmax(backward=softmax_backward), LookupError, "no kind 'backward'"),
    ],
)
def test_parts_that_are_none_are_an_error(parts, error, words):
    with pytest.raises(error, match=words):
        verify("softmax-cce", parts=parts)


def diagonal(o, g):
    p = softmax(o[None])[0]
    return p * (1 - p) * g


def test_what_is_shown_of_one_sample_can_be_passed_to_its_code():
    example = verify("softmax", vjp=diagonal, batched=False).counterexample
    assert np.allclose(diagonal(*example.inputs.values()), example.got)
    assert example.got.shape == example.want.shape and len(example.index) == 1

    found = verify("softmax", jacobian=lambda o: np.diag(softmax(o[None])[0])[1:], batched=False)
    assert "(2, 3) where (3, 3) belongs" in found.diagnosis[0].sentence and found.counterexample.got.ndim == 2


def test_of_one_sample_that_is_changed_its_numbers_are_shown():
    def changes(o, g):
        o -= o.max()
        return softmax_backward(o[None], g[None])[0]

    example = verify("softmax", vjp=changes, batched=False).counterexample
    assert example.output == "o after the call" and example.got.shape == example.want.shape == example.inputs["o"].shape
    assert np.array_equal(example.want, example.inputs["o"])


@pytest.mark.parametrize(
    "function, words",
    [
        (lambda o, g: (softmax_backward(o, g), softmax(o)), "expected 1 result, got 2"),
        (lambda o, g: None, "nothing is returned"),
        (lambda o, g: (np.float32(softmax_backward(o, g)), np.ones(3)), "expected 1 result, got 2"),
    ],
)
def test_the_number_of_results_is_told(function, words):
    assert words in verify("softmax", vjp=function).diagnosis[0].sentence


def test_a_list_of_rows_is_one_result():
    assert verify("softmax", vjp=lambda o, g: list(softmax_backward(o, g))).accepted


def test_a_dict_names_its_gradients():
    found = verify("linear", vjp=lambda x, W, b, g: {"dW": x.T @ g, "db": g.sum(axis=0), "dx": g @ W.T})
    assert found.status == "proved", str(found)


def test_sentences_are_grammatical():
    found = verify("softmax-cce", value_and_gradient=lambda o, y: (mean(o, y), mean_gradient(o, y)))
    assert "the value and gradient of softmax with cross entropy equal the" in found.summary
    hessian = verify("softmax-cce-hessian", hessian=lambda o, y: np.zeros((*o.shape, o.shape[1])))
    assert "hessian of hessian" not in hessian.summary.lower() and hessian.refuted
    other = verify("cce", value_and_gradient=lambda p, y: (np.mean((p - y) ** 2) / 2, (p - y) / p.size))
    assert not any("value_and" in x.sentence for x in other.diagnosis)
