"""Linear layer, softmax and cross entropy as one pass in blocks of rows, against the three one after the other."""

import tracemalloc

import numpy as np

import nnlib
from report.bench import peers
from report.bench.timing import QUICK, interleaved

SIZES, QUICK_SIZES = (4096, 512, 32000), (64, 8, 50)  # tokens, features, classes
FULL = {"rounds": 7, "seconds": 60.0}
FUSED, UNFUSED, IN_PLACE = "fused", "unfused", "unfused, in place"


def measured(quick=False):
    """Seconds and peak memory beyond inputs and results; `share` is of the logits matrix."""
    tokens, features, classes = QUICK_SIZES if quick else SIZES
    layer, x, c = problem(tokens, features, classes)
    calls = passes(layer, x, c)
    results = x.nbytes + layer.weights.nbytes + layer.bias.nbytes
    logits = tokens * classes * x.itemsize
    peaks = {name: traced_peak(call) - results for name, call in calls.items()}
    absent = {} if peers.present(peers.TORCH) else {peers.TORCH: None}
    if not absent:
        calls[peers.TORCH] = pytorch(layer, x, c)
    run = interleaved(calls, **(QUICK if quick else FULL))
    return {
        "tokens": tokens,
        "features": features,
        "classes": classes,
        "logits": logits,
        "extra": peaks,
        "share": {name: peak / logits for name, peak in peaks.items()},
        "seconds": {**run.spreads(), **absent},
        "ratios": {**{name: ratio.as_dict() for name, ratio in run.ratios(FUSED).items()}, **absent},
        "others": run.others,
    }


def problem(tokens, features, classes, seed=0):
    """A layer with float32 parameters, x (tokens, features) and classes (tokens,)."""
    rng = np.random.default_rng(seed)
    layer = nnlib.FullyConnectedLayer(features, classes, rng)
    layer.weights, layer.bias = layer.weights.astype(np.float32), layer.bias.astype(np.float32)
    return layer, rng.standard_normal((tokens, features), dtype=np.float32), rng.integers(0, classes, tokens)


def passes(layer, x, c):
    """{name: call} of nnlib's ways to (L, (∂L/∂x, ∂L/∂W, ∂L/∂β))."""
    fused, loss = nnlib.LinearSoftmaxCrossEntropy(layer), nnlib.SoftmaxCrossEntropy()

    def unfused(in_place):
        logits = layer.forward(x)
        value, gradient = loss.value_and_gradient(logits, c, logits if in_place else None)
        return value, layer.backward(x, gradient)

    return {
        FUSED: lambda: fused.value_and_gradient(x, c),
        UNFUSED: lambda: unfused(False),
        IN_PLACE: lambda: unfused(True),
    }


def pytorch(layer, x, c):
    """The same in eager PyTorch, all cores."""
    import torch

    functional = torch.nn.functional
    leaves = [torch.from_numpy(array).requires_grad_() for array in (x, layer.weights, layer.bias)]
    classes = torch.from_numpy(c)

    def run():
        loss = functional.cross_entropy(functional.linear(leaves[0], leaves[1].T, leaves[2]), classes)
        return loss.detach(), torch.autograd.grad(loss, leaves)

    return run


def traced_peak(call):
    """Bytes that NumPy held at most during the call, its results included."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
