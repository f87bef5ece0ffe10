"""Bad input: the right built-in exception, naming the operation, what was expected and what came."""

import warnings

import numpy as np
import pytest

from nnlib import (
    CategoricalCrossEntropy,
    FullyConnectedLayer,
    LinearSoftmaxCrossEntropy,
    LogSoftmax,
    MeanSquaredError,
    NegativeLogLikelihood,
    NeuralNetwork,
    Sigmoid,
    Softmax,
    SoftmaxCrossEntropy,
    Tanh,
    target_checks,
)

X = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0]])
P = np.array([[0.5, 0.25, 0.25], [0.125, 0.75, 0.125]])
CLASSIFICATION = {SoftmaxCrossEntropy: X, CategoricalCrossEntropy: P, NegativeLogLikelihood: np.log(P)}

BAD_TARGETS = [
    (np.array([0, 3]), IndexError, "classes must lie in 0 … 2, got 0 … 3"),
    (np.array([-1, 2]), IndexError, "classes must lie in 0 … 2, got -1 … 2"),
    (np.array([2**63, 0], np.uint64), IndexError, "classes must lie in 0 … 2"),
    (np.array([0.0, 1.0]), TypeError, "classes must be integers, got dtype float64"),
    (np.array([True, False]), TypeError, "classes must be integers, got dtype bool"),
    (np.array(["a", "b"]), TypeError, "classes must be integers, got dtype <U1"),
    (np.array([0, 1, 2]), ValueError, r"y must hold 2 classes, one for each row, got shape \(3,\)"),
    (np.array([[0], [1]]), ValueError, r"y must be classes \(2,\) or rows \(2, 3\), got shape \(2, 1\)"),
    (np.array(1), ValueError, r"y must be classes \(2,\) or rows \(2, 3\), got shape \(\)"),
    (P * 0.9, ValueError, "each row of y must sum to 1 within .*e-16, got a row off by 1.0e-01"),
    (P.astype(np.float32) * np.float32(1 + 1e-6), ValueError, "each row of y must sum to 1 within 3.6e-07"),
    (P * [2, 0, 2], ValueError, "each row of y must sum to 1"),
    (np.array([[1.0, np.nan, 0], [1, 0, 0]]), ValueError, "y must be probabilities, got 1 NaN"),
    (np.array([[1.0, 1.0, -1.0], [1, 0, 0]]), ValueError, "y must be probabilities, got an entry -1.0"),
    (np.array([[1.5, -0.5, 0], [1, 0, 0]]), ValueError, "y must be probabilities, got an entry -0.5"),
    (P.astype(object), TypeError, "y must be real numbers, got dtype object"),
]


@pytest.mark.parametrize(("loss", "pred"), CLASSIFICATION.items())
@pytest.mark.parametrize(("y", "error", "message"), BAD_TARGETS)
@pytest.mark.parametrize("method", ("forward", "backward"))
def test_bad_targets(loss, pred, y, error, message, method):
    with pytest.raises(error, match=f"{loss.__name__}: {message}"):
        getattr(loss(), method)(pred, y)


@pytest.mark.parametrize("dtype", (np.float32, np.float64))
@pytest.mark.parametrize("n", (1, 2, 10, 1000))
def test_rows_divided_by_their_own_sum_are_probabilities(dtype, n):
    y = np.random.default_rng(0).random((50, n)).astype(dtype)
    y /= y.sum(axis=1, keepdims=True)
    for other in (np.float32, np.float64):
        assert target_checks.probability_rows("Test", y, other)[0].dtype == other


BAD_SETTINGS = [
    (lambda: MeanSquaredError("average"), ValueError, 'reduction must be "mean" or "sum", got \'average\''),
    (lambda: CategoricalCrossEntropy(None), ValueError, 'reduction must be "mean" or "sum", got None'),
    (lambda: SoftmaxCrossEntropy(label_smoothing=1.0), ValueError, r"label_smoothing must lie in \[0, 1\), got 1.0"),
    (lambda: SoftmaxCrossEntropy(label_smoothing=-0.1), ValueError, "label_smoothing must lie in"),
    (lambda: SoftmaxCrossEntropy(label_smoothing="0"), TypeError, "label_smoothing must be a number, got '0'"),
    (lambda: SoftmaxCrossEntropy(temperature=0), ValueError, r"temperature must lie in \(0, inf\), got 0"),
    (lambda: SoftmaxCrossEntropy(temperature=np.nan), ValueError, "temperature must lie in"),
    (lambda: SoftmaxCrossEntropy(temperature=True), TypeError, "temperature must be a number"),
    (lambda: SoftmaxCrossEntropy(class_weights=[1, -1]), ValueError, "class_weights must be finite and at least 0"),
    (lambda: SoftmaxCrossEntropy(class_weights=[1, np.nan]), ValueError, "class_weights must be finite"),
    (lambda: SoftmaxCrossEntropy(class_weights=[[1.0]]), ValueError, "one for each class"),
    (lambda: SoftmaxCrossEntropy(class_weights=["a"]), TypeError, "class_weights must be real numbers"),
    (lambda: SoftmaxCrossEntropy(ignore_index=1.0), TypeError, "ignore_index must be an integer or None, got 1.0"),
    (lambda: FullyConnectedLayer(0, 2), ValueError, "inputs must be a positive integer, got 0"),
    (lambda: FullyConnectedLayer(2, 2.0), TypeError, "outputs must be a positive integer, got 2.0"),
    (lambda: FullyConnectedLayer(True, 2), TypeError, "inputs must be a positive integer, got True"),
    (lambda: NeuralNetwork(2, 1, [3, -1], Tanh), ValueError, "must be a positive integer, got -1"),
    (lambda: NeuralNetwork(2, 1, 3, Tanh), TypeError, "hidden_sizes must be a list, got 3"),
    (lambda: NeuralNetwork(2, 1, "33", Tanh), TypeError, "hidden_sizes must be a list, got '33'"),
    (lambda: NeuralNetwork(2, 1, [3], np.tanh), TypeError, "activation must have a method forward"),
    (lambda: NeuralNetwork(2, 1, [3], int), TypeError, "activation must have a method forward, got 0"),
    (lambda: LinearSoftmaxCrossEntropy(Sigmoid()), TypeError, "layer must be a FullyConnectedLayer"),
    (
        lambda: LinearSoftmaxCrossEntropy(FullyConnectedLayer(1, 1), MeanSquaredError()),
        TypeError,
        "loss must be a SoftmaxCrossEntropy",
    ),
]


@pytest.mark.parametrize(("make", "error", "message"), BAD_SETTINGS)
def test_bad_settings(make, error, message):
    with pytest.raises(error, match=message):
        make()


BAD_CALLS = [
    (lambda: Softmax().forward([[-np.inf, -np.inf]]), "Softmax: a row of logits must have an entry that is not masked"),
    (lambda: LogSoftmax().forward([[np.inf, 0.0]]), "LogSoftmax: logits must be below .inf and not NaN, got 1 .inf"),
    (lambda: Sigmoid().forward([[-np.inf, 0.0]]), "Sigmoid: x must be finite, got 1 -inf"),
    (lambda: Softmax().backward(X, X - np.inf), "Softmax: grad must be finite, got 6 -inf"),
    (lambda: SoftmaxCrossEntropy().forward(X + [[np.nan], [0]], [0, 1]), "logits must be below .* got 3 NaN"),
    (lambda: CategoricalCrossEntropy().forward(P - 0.2, [0, 1]), r"p must lie in \[0, 1\], got -0.0"),
    (lambda: CategoricalCrossEntropy().forward(P + 0.3, [0, 1]), r"p must lie in \[0, 1\], got 0.4.* … 1.05"),
    (lambda: MeanSquaredError().forward(X, [1.0, 2.0]), r"y must have shape \(2, 3\), no size 0; got \(2,\)"),
    (lambda: FullyConnectedLayer(3, 2).backward(X, X), r"grad must have shape \(2, 2\), no size 0; got \(2, 3\)"),
    (lambda: FullyConnectedLayer(2, 2).forward(X), r"x must have shape \(any, 2\), no size 0; got \(2, 3\)"),
    (lambda: SoftmaxCrossEntropy(class_weights=[1, 2]).forward(X, [0, 1]), "an entry for each of 3 classes, got 2"),
    (lambda: SoftmaxCrossEntropy(class_weights=[1, 2, 3]).hessian(X), "with class_weights the Hessian depends on y"),
    (lambda: SoftmaxCrossEntropy(ignore_index=0).forward(X, P), r"ignore_index needs y to be classes \(2,\)"),
    (lambda: SoftmaxCrossEntropy(class_weights=[0, 1, 1]).forward(X, [0, 0]), "the mean needs a row of"),
    (lambda: SoftmaxCrossEntropy().hessian_vector_product(X, X[:1]), r"v must have shape \(2, 3\)"),
]


@pytest.mark.parametrize(("call", "message"), BAD_CALLS)
def test_bad_calls(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_booleans_are_zeros_and_ones():
    rows = np.array([[True, False, False], [False, True, False]])
    assert SoftmaxCrossEntropy().forward(X, rows) == SoftmaxCrossEntropy().forward(X, [0, 1])
    assert Sigmoid().forward(rows).dtype == np.float64


def test_ignored_classes_may_be_out_of_range_and_others_may_not():
    loss = SoftmaxCrossEntropy(ignore_index=-1)
    assert loss.forward(X, [-1, 1]) == SoftmaxCrossEntropy().forward(X[1:], [1])
    with pytest.raises(IndexError, match="classes must lie in 0 … 2"):
        loss.forward(X, [-1, -2])


def test_out_may_be_the_model_and_nothing_else():
    q = np.array([[0.2, 0.8], [0.5, 0.5]])
    for call in (lambda: SoftmaxCrossEntropy().backward(q, q, out=q), lambda: Softmax().backward(q, q, out=q)):
        with pytest.raises(ValueError, match="share memory"):
            call()
    o = q.copy()
    assert np.array_equal(SoftmaxCrossEntropy().backward(q.copy(), q), SoftmaxCrossEntropy().backward(o, q, out=o))


@pytest.mark.parametrize(
    "call",
    [
        lambda x: MeanSquaredError().forward(x, [[1e300]]),
        lambda x: SoftmaxCrossEntropy(class_weights=[1e300]).forward(x, np.array([0])),
        lambda x: Softmax().backward(x, [[1e300]]),
        lambda x: FullyConnectedLayer(1, 1).backward(x, [[1e300]]),
    ],
)
def test_what_does_not_fit_the_type_is_refused_without_a_warning(call):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="in float32 must be finite"):
            call(np.float32([[0]]))


@pytest.mark.parametrize("threads", [0, -1, 1.5, "2"])
@pytest.mark.parametrize("shape", [(2, 2), (4000, 1000)])
def test_threads_are_a_positive_integer(threads, shape):
    with pytest.raises((TypeError, ValueError), match="threads must be a positive integer"):
        Softmax().forward(np.zeros(shape), threads=threads)


def test_settings_are_numbers_of_their_own():
    assert SoftmaxCrossEntropy(temperature=np.float64(2)).hessian(np.float32([[0, 1]])).dtype == np.float32
    small = FullyConnectedLayer(np.int8(100), np.int8(100))
    assert np.array_equal(small.weights, FullyConnectedLayer(100, 100).weights)
