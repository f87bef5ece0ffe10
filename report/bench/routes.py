"""Fused against separate: operations, bytes and seconds of the routes to ∂L/∂o, and where they lose the answer.

Three passes, on 128 rows in float32. "kept": the backward pass alone, softmax kept from the forward pass, by the
derived functions whose operations are counted (derivations/routes.py); "again": the same and nnlib's, softmax computed
again; "whole": forward and backward with class indices, by nnlib and PyTorch, each fused and one operation after the
other.
"""

import numpy as np

import nnlib
from report.bench import peers
from report.bench.linear import traced_peak
from report.bench.machine import free_memory
from report.bench.timing import QUICK, Ratio, interleaved

BATCH = 128
CLASSES, QUICK_CLASSES = (10, 30, 100, 300, 1000, 3000, 10000), (3, 10)
FULL = {"rounds": 11, "seconds": 8.0}
JACOBIANS, VJPS, FUSED = "separate, Jacobians", "separate, VJPs", "fused"
NNLIB_SEPARATE, NNLIB_FUSED = "nnlib, separate", "nnlib, fused"
TORCH_SEPARATE, TORCH_FUSED = "PyTorch, separate", "PyTorch, fused"
AGAINST = {JACOBIANS: FUSED, VJPS: FUSED, NNLIB_SEPARATE: NNLIB_FUSED, TORCH_SEPARATE: TORCH_FUSED}
MOST_WITH_JACOBIANS, MATRICES_AT_ONCE = 1000, 4  # classes, and arrays (B, n, n) that the Jacobian route may hold
SCALES, QUICK_SCALES = (1, 10, 30, 50, 100, 300), (1, 300)
ROWS, WIDTH = 1000, 100  # rows and classes on which a lost answer is looked for


def measured(quick=False):
    """{"B", "dtype", "passes": {"kept", "again", "whole": [cell, …]}, "lost": [row, …]}, for JSON."""
    sizes, effort = (QUICK_CLASSES, QUICK) if quick else (CLASSES, FULL)
    scales = QUICK_SCALES if quick else SCALES
    passes = {
        "kept": [backward(n, True, effort) for n in sizes],
        "again": [backward(n, False, effort) for n in sizes],
        "whole": [whole(n, effort) for n in sizes],
    }
    lost_rows = [lost(scale, dtype) for dtype in ("float32", "float64") for scale in scales]
    return {"B": BATCH, "dtype": "float32", "passes": passes, "lost": lost_rows}


def backward(n, kept, effort=FULL):
    """The cell of the backward pass alone; the Jacobian route is None where it is too large."""
    calls = backward_calls(*problem(BATCH, n), kept)
    absent = [] if jacobians_fit(n) else [JACOBIANS]
    found = cell(n, {name: call for name, call in calls.items() if name not in absent}, effort)
    for name, counted in _counted(n, kept).items():
        if name not in absent:
            found["routes"][name] |= counted
    found["routes"] |= dict.fromkeys(absent)
    return found


def whole(n, effort=FULL):
    """The cell of forward and backward together; PyTorch is None where it is absent."""
    o, c = peers.problem(BATCH, n, "float32")
    found = cell(n, whole_calls(o, c), effort)
    found["routes"] |= {} if peers.present(peers.TORCH) else dict.fromkeys((TORCH_SEPARATE, TORCH_FUSED))
    return found


def cell(n, calls, effort):
    """{"n", "routes": {name: {"seconds", "bytes", "ratio"}}, "others"}.

    bytes: the peak of what NumPy allocates, result included; None for PyTorch, whose memory is not traced.
    ratio: to the seconds of its fused counterpart, None for that itself.
    """
    run = interleaved(calls, **effort)
    spreads, routes = run.spreads(), {}
    for name, call in calls.items():
        fused = AGAINST.get(name)
        ratio = Ratio.paired(run.samples[name], run.samples[fused]).as_dict() if fused else None
        peak = None if name in (TORCH_SEPARATE, TORCH_FUSED) else traced_peak(call)
        routes[name] = {"seconds": spreads[name], "bytes": peak, "ratio": ratio}
    return {"n": n, "routes": routes, "others": run.others}


def problem(B, n, seed=0):
    """Logits o, probability rows y and probabilities p, (B, n) each; y is not one-hot, so that no term is spared."""
    rng = np.random.default_rng(seed)
    o, y = rng.standard_normal((B, n), dtype=np.float32), rng.random((B, n), dtype=np.float32)
    return o, y / y.sum(axis=1, keepdims=True), nnlib.Softmax().forward(o)


def backward_calls(o, y, p, kept):
    """{name: function of nothing that returns ∂L/∂o (B, n)}; nnlib is not there for `kept`: it computes p again."""
    from derivations.routes import routes

    first = p if kept else o
    calls = {name: lambda run=function.compiled: run(first, y) for name, function in routes(kept).items()}
    if not kept:
        softmax, loss = nnlib.Softmax(), nnlib.CategoricalCrossEntropy()
        fused = nnlib.SoftmaxCrossEntropy()
        calls[NNLIB_SEPARATE] = lambda: softmax.backward(o, loss.backward(p, y))
        calls[NNLIB_FUSED] = lambda: fused.backward(o, y)
    return calls


def whole_calls(o, c):
    """{name: function of nothing that returns (L, ∂L/∂o)}, PyTorch's where it is installed."""
    softmax, loss = nnlib.Softmax(), nnlib.CategoricalCrossEntropy()

    def separate():
        p = softmax.forward(o)
        value, behind = loss.value_and_gradient(p, c)
        return value, softmax.backward(o, behind)

    calls = {NNLIB_SEPARATE: separate, NNLIB_FUSED: peers.nnlib_fresh(o, c)}
    if peers.present(peers.TORCH):
        calls |= {TORCH_SEPARATE: pytorch_separate(o, c), TORCH_FUSED: peers.pytorch(o, c)}
    return calls


def pytorch_separate(o, c):
    """nll_loss(log(softmax(o)), c) in eager PyTorch with backward(), on as many cores as its fused loss."""
    import torch

    logits, classes = torch.from_numpy(o).requires_grad_(), torch.from_numpy(c)

    def run():
        logits.grad = None
        loss = torch.nn.functional.nll_loss(torch.log(torch.softmax(logits, dim=1)), classes)
        loss.backward()
        return loss.detach(), logits.grad

    return run


def jacobians_fit(n):
    """Whether B matrices n × n are worth trying, and there is memory for them."""
    free = free_memory()
    return n <= MOST_WITH_JACOBIANS and (free is None or MATRICES_AT_ONCE * BATCH * n * n * 4 < free)


def _counted(n, kept):
    """{derived route: its operations and the bytes that it reads and writes at n, from its polynomials}."""
    from derivations.counting import counts
    from derivations.routes import routes

    found = {}
    for name, function in routes(kept).items():
        counted = counts(function)
        totals = sum(counted.operations.values()), counted.read + counted.written
        sizes = {symbol: {"B": BATCH, "n": n}[symbol.name] for total in totals for symbol in total.free_symbols}
        operations, moved = (int(total.subs(sizes)) for total in totals)
        found[name] = {"operations": operations, "moved": 4 * moved}
    return found


def lost(scale, dtype):
    """{"scale", "dtype", "rows", "lost": {name: share of rows with a gradient that is not finite}}.

    Normal logits of that scale; PyTorch is None where it is absent. nnlib's Softmax refuses a gradient that is not
    finite, so for its separate route the gradient that its loss hands on is looked at.
    """
    o, c = peers.problem(ROWS, WIDTH, dtype, scale)
    softmax, loss = nnlib.Softmax(), nnlib.CategoricalCrossEntropy()
    gradients = {
        NNLIB_SEPARATE: lambda: loss.backward(softmax.forward(o), c),
        NNLIB_FUSED: lambda: nnlib.SoftmaxCrossEntropy().backward(o, c),
        TORCH_SEPARATE: lambda: pytorch_separate(o, c)()[1],
        TORCH_FUSED: lambda: peers.pytorch(o, c)()[1],
    }
    if not peers.present(peers.TORCH):
        gradients |= dict.fromkeys((TORCH_SEPARATE, TORCH_FUSED))
    with np.errstate(all="ignore"):  # that something overflows is what is counted
        shares = {name: call and _lost(call()) for name, call in gradients.items()}
    return {"scale": scale, "dtype": dtype, "rows": ROWS, "lost": shares}


def _lost(gradient):
    """The share of rows that are not finite."""
    return float(np.mean(~np.isfinite(np.asarray(gradient)).all(axis=1)))
