"""verify: its arguments, what it says about a few passes of its own, and that its answer survives JSON."""

import json
from dataclasses import replace

import numpy as np
import pytest

from derivations import verify
from derivations.judge.verdict import Verdict
from tests.derivations.judge.judge_passes import diagonal_only, softmax, softmax_backward


def p_minus_y(o, y):
    return softmax(o) - y


class Softmax:
    def forward(self, x):
        return softmax(x)

    def backward(self, x, grad):
        return softmax_backward(x, grad)


class Layer:
    """Made of sizes, as nnlib's."""

    def __init__(self, inputs, outputs):
        self.weights, self.bias = np.zeros((inputs, outputs)), np.zeros(outputs)

    def forward(self, x):
        return x @ self.weights + self.bias

    def backward(self, x, grad):
        return grad @ self.weights.T, x.T @ grad, grad.sum(axis=0)


def test_value_and_vjp_of_softmax_are_proved():
    found = verify("softmax", value=softmax, vjp=softmax_backward)
    assert found.status == "proved" and found.judged == ("value", "vjp")
    assert "1×1, 1×2, 2×1, 2×2, 2×3, 3×2" in found.checks[0]


def test_a_wrong_pass_is_named_with_a_counterexample():
    found = verify("softmax", vjp=diagonal_only)
    example = found.counterexample
    assert found.status == "refuted" and found.diagnosis[0].id == "diagonal-only"
    assert set(example.inputs) == {"o", "g"} and example.got.shape == example.want.shape
    assert abs(example.got[example.index] - example.want[example.index]) > 1e-3
    assert np.allclose(diagonal_only(*example.inputs.values()), example.got)
    assert np.allclose(softmax_backward(*example.inputs.values()), example.want)


def test_an_object_is_judged_by_both_its_passes():
    for subject in (Softmax, Softmax()):
        assert verify(subject, against="softmax").status == "proved"
    assert verify(Layer, against="linear").status == "proved"
    assert verify(Layer(2, 3), against="linear").status == "proved"


def test_a_value_that_is_wrong_like_its_gradient_is_caught():
    found = verify("mse", value=lambda p, y: np.mean((p - y) ** 2), gradient=lambda p, y: 2 * (p - y) / p.size)
    assert found.status == "refuted" and found.diagnosis[0].convention
    one_sided = verify("mse", value=lambda p, y: np.mean((p - y) ** 2) / 2, gradient=lambda p, y: 2 * (p - y) / p.size)
    assert one_sided.status == "refuted" and not one_sided.diagnosis[0].convention


@pytest.mark.parametrize(
    "operation, passes",
    [
        ("softmax-cce", {"gradient": p_minus_y}),
        ("mse", {"value": lambda p, y: np.mean((p - y) ** 2), "gradient": lambda p, y: 2 * (p - y) / p.size}),
        ("mse", {"value": lambda p, y: ((p - y) ** 2).sum() / len(p), "gradient": lambda p, y: 2 * (p - y) / len(p)}),
        ("linear", {"vjp": lambda x, W, b, g: (g @ W, g.T @ x, g.sum(axis=0))}),
        ("softmax", {"vjp": lambda o, g: softmax_backward(o.T, g.T).T}),
    ],
    ids=["sum for mean", "no half", "no half and no 1/n", "weights transposed", "samples in columns"],
)
def test_a_convention_is_refuted_strictly_and_reported_otherwise(operation, passes):
    strict = verify(operation, **passes)
    assert strict.status == "refuted" and any(x.convention for x in strict.diagnosis)
    reported = verify(operation, **passes, conventions="report")
    assert reported.status == "proved" and "up to a convention" in reported.notes[0]


@pytest.mark.parametrize("shared", [False, True])
def test_a_convention_of_an_object(shared):
    class Summed:
        kept = np.zeros((3, 4))

        def forward(self, o, y):
            d = o - o.max(axis=1, keepdims=True)
            return -(y * (d - np.log(np.exp(d).sum(axis=1, keepdims=True)))).sum()

        def backward(self, o, y):
            if not shared or o.shape != self.kept.shape or o.dtype != self.kept.dtype:
                return softmax(o) - y
            self.kept[...] = softmax(o) - y
            return self.kept

    reported = verify(Summed, against="softmax-cce", conventions="report")
    assert reported.status == ("refuted" if shared else "proved"), str(reported)
    assert any("up to a convention" in note for note in reported.notes)


def test_an_error_is_no_convention():
    assert verify("softmax", vjp=diagonal_only, conventions="report").status == "refuted"


def test_a_jacobian_of_one_sample():
    found = verify(
        "softmax", jacobian=lambda o: np.diag(softmax(o[None])[0]) - np.outer(softmax(o[None]), softmax(o[None]))
    )
    assert found.status == "proved"
    assert verify("softmax", jacobian=lambda o: np.diag(softmax(o[None])[0])).status == "refuted"


def test_one_sample_without_a_batch_axis():
    def vjp(o, g):
        p = softmax(o[None])[0]
        return p * (g - g @ p)

    assert verify("softmax", vjp=vjp, batched=False).status == "proved"


def test_targets_and_reductions():
    def gradient(o, c):
        p = softmax(o)
        p[np.arange(len(c)), c] -= 1
        return p

    assert verify("softmax-cce", gradient=gradient, targets="indices", reduction="sum").status == "proved"
    assert verify("softmax-cce", gradient=gradient, targets="indices").diagnosis[0].id == "batch-missing"


def test_parameters_of_the_operation():
    def gradient(share):
        return lambda o, y: (softmax(o) - (1 - share) * y - share / o.shape[1]) / len(o)

    assert verify("label-smoothing", gradient=gradient(0.1), epsilon=0.1).status == "proved"
    assert verify("label-smoothing", gradient=gradient(0.2), epsilon=0.1).status == "refuted"


def test_more_sizes_are_run_where_they_are_asked_for():
    def wrong_for_many(o, g):
        p = softmax(o)
        seen = min(o.shape[1], 300)
        return p * (g - (g[:, :seen] * p[:, :seen]).sum(axis=1, keepdims=True))

    assert verify("softmax", vjp=wrong_for_many).status == "proved"
    assert verify("softmax", vjp=wrong_for_many, sizes={"B": 2, "n": 1000}).status == "refuted"


def test_a_composition_is_audited():
    right = {"softmax": {"value": softmax, "vjp": softmax_backward}, "cce": {"gradient": lambda p, y: -y / p / len(p)}}
    found = verify("softmax-cce", parts=right)
    assert found.status == "refuted" and "the parts are right" in found.notes[0] and "in floats" in found.notes[0]

    def halved(o, g):
        return softmax_backward(o, g) / 2

    cancelling = {
        "softmax": {"value": softmax, "vjp": halved},
        "cce": {"gradient": lambda p, y: -2 * y / p / len(p)},
    }
    assert "the errors cancel" in verify("softmax-cce", parts=cancelling).notes[0]


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: verify("softmx", vjp=diagonal_only), LookupError, "softmx"),
        (lambda: verify("softmax", gradient=diagonal_only), LookupError, "gradient"),
        (lambda: verify("softmax"), TypeError, "expected a function"),
        (lambda: verify("softmax", vjp=3), TypeError, "got int"),
        (lambda: verify(Softmax()), TypeError, "against"),
        (lambda: verify(object(), against="softmax"), TypeError, "forward and backward"),
        (lambda: verify("softmax", vjp=diagonal_only, conventions="lax"), ValueError, "'lax'"),
        (lambda: verify("softmax", vjp=diagonal_only, epsilon=0.1), TypeError, "epsilon"),
        (lambda: verify("softmax", vjp=diagonal_only, sizes={"n": 0}), ValueError, "sizes"),
        (lambda: verify("softmax", vjp=diagonal_only, parts={}), LookupError, "no composition"),
        (lambda: verify("softmax-cce", parts={}, epsilom=3), TypeError, "without"),
        (lambda: verify("softmax-cce", parts={}, sizes={"n": 3}), TypeError, "without"),
        (lambda: verify(Softmax(), against="softmax", vjp=diagonal_only), TypeError, "forward and backward"),
        (lambda: verify(Softmax(), against="softmax", batched=False), TypeError, "forward and backward"),
        (lambda: verify("softmax", vjp=diagonal_only, sizes={"B": float("inf")}), ValueError, "sizes"),
        (lambda: verify("temperature", value=p_minus_y, tau=0.0), ValueError, "tau as positive numbers, got 0.0"),
        (lambda: verify("temperature", value=p_minus_y, tau=float("nan")), ValueError, "tau as positive"),
        (lambda: verify("label-smoothing", value=p_minus_y, epsilon=1.5), ValueError, "between 0 and 1"),
        (lambda: verify("class-weights", value=p_minus_y, omega=[0.0, 0.0]), ValueError, "omega as positive"),
        (lambda: verify("ignored-rows", value=p_minus_y, kappa=[0.0, 0.0]), ValueError, "kappa as 1 for rows"),
    ],
)
def test_wrong_usage_is_an_error_at_once(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize("function", [softmax_backward, diagonal_only, lambda o, g: o * np.nan, lambda o, g: 1 / 0])
def test_a_verdict_survives_json(function):
    found = verify("softmax", vjp=function)
    again = Verdict.from_dict(json.loads(json.dumps(found.as_dict())))
    assert again.status == found.status and str(again) == str(found)
    with pytest.raises(ValueError, match="expected what as_dict wrote"):
        Verdict.from_dict({"status": "proved"})


def test_without_spoilers_neither_numbers_nor_formula_are_told():
    found = verify("softmax", vjp=diagonal_only)
    assert "want" in found.text() and "right    p[b,j]" in found.text()
    assert "want" not in found.text(spoilers=False) and "right  " not in found.text(spoilers=False)
    told = json.dumps(found.as_dict(spoilers=False), ensure_ascii=False)
    assert all(hint in found.text(spoilers=False).replace("\n         ", " ") for hint in found.diagnosis[0].hints)
    assert found.as_dict(spoilers=False)["diagnosis"][0]["hints"] == list(found.diagnosis[0].hints)
    assert found.diagnosis[0].formula not in told and '"want"' not in told


def test_no_line_is_wider_than_a_terminal():
    found = verify("softmax", vjp=diagonal_only)
    far = replace(found.diagnosis[0], evidence="seen at /" + "far/away/" * 20 + "mine.py, line 3")
    lines = replace(found, diagnosis=(far,)).text().splitlines()
    assert max(map(len, lines)) <= 80 and "mine.py, line 3" in "".join(line.strip() for line in lines)
