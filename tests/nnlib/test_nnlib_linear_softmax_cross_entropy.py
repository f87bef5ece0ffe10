"""LinearSoftmaxCrossEntropy is its two parts in a row, without the logits."""

import numpy as np
import pytest

from nnlib import FullyConnectedLayer, LinearSoftmaxCrossEntropy, SoftmaxCrossEntropy, blocks
from tests.nnlib.nnlib_oracle import DTYPES, soft_targets
from tests.nnlib.test_nnlib_blocks import peak_bytes

BATCH, FEATURES, COUNT = 40, 6, 11
CLASSES = np.random.default_rng(1).integers(0, COUNT, BATCH)
LOSSES = {
    "plain": SoftmaxCrossEntropy(),
    "sum": SoftmaxCrossEntropy("sum"),
    "options": SoftmaxCrossEntropy(label_smoothing=0.1, class_weights=np.arange(COUNT), temperature=2),
    "ignoring": SoftmaxCrossEntropy(ignore_index=3),
}


def parts(dtype):
    rng = np.random.default_rng(0)
    layer = FullyConnectedLayer(FEATURES, COUNT, rng)
    layer.weights, layer.bias = layer.weights.astype(dtype), rng.normal(size=COUNT).astype(dtype)
    return layer, rng.normal(size=(BATCH, FEATURES)).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES.keys())
@pytest.mark.parametrize("block_bytes", (1, 200, 1 << 20))
def test_it_equals_layer_then_loss(dtype, loss, block_bytes, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", block_bytes)
    layer, x = parts(dtype)
    value, gradients = LinearSoftmaxCrossEntropy(layer, loss).value_and_gradient(x, CLASSES)
    logits = layer.forward(x)
    expected_value, gradient = loss.value_and_gradient(logits, CLASSES)
    scale = 40 * float(np.finfo(dtype).eps)  # 40 rows are summed in another order, none above the largest entry
    assert value == pytest.approx(expected_value, rel=scale, abs=0) and value.dtype == dtype
    assert value == LinearSoftmaxCrossEntropy(layer, loss).forward(x, CLASSES)
    for actual, expected in zip(gradients, layer.backward(x, gradient), strict=True):
        assert actual.dtype == dtype
        np.testing.assert_allclose(actual, expected, rtol=0, atol=scale * abs(expected).max())


def test_rows_for_targets():
    layer, x = parts(np.float64)
    y = soft_targets((BATCH, COUNT), float)
    fused = LinearSoftmaxCrossEntropy(layer)
    assert fused.forward(x, y) == pytest.approx(SoftmaxCrossEntropy().forward(layer.forward(x), y), rel=1e-14, abs=0)
    assert np.array_equal(fused.backward(x, y)[0], fused.value_and_gradient(x, y)[1][0])


def test_the_logits_are_never_there_as_a_whole(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1 << 12)
    layer, x = FullyConnectedLayer(4, 2000), np.random.default_rng(0).normal(size=(1000, 4))
    fused = LinearSoftmaxCrossEntropy(layer)
    results = sum(gradient.nbytes for gradient in fused.backward(x, np.zeros(1000, int)))
    extra = peak_bytes(lambda: fused.value_and_gradient(x, np.zeros(1000, int))) - results
    assert extra < 0.05 * 1000 * 2000 * 8


def test_errors_are_those_of_the_parts():
    layer, x = parts(np.float64)
    with pytest.raises(ValueError, match="FullyConnectedLayer: x must have shape"):
        LinearSoftmaxCrossEntropy(layer).forward(x[:, :3], CLASSES)
    with pytest.raises(IndexError, match="SoftmaxCrossEntropy: classes must lie in 0 … 10"):
        LinearSoftmaxCrossEntropy(layer).forward(x, CLASSES + 1)
