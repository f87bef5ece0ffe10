"""The contenders: nnlib, the derived function, and other people's code for the same pass, each where it is installed.

The pass is L = mean_b (log Σ_k e^{o_bk} − o_bc) with its gradient ∂L/∂o, for logits o (B, n) and classes c (B,). A
contender is `prepare(o, c)`, which returns a function of nothing that returns (L, ∂L/∂o) in the contender's own arrays;
data are converted and functions compiled beforehand, so that the call alone is timed.
"""

from functools import cache
from importlib import import_module

import numpy as np

import nnlib
from report.bench.machine import cores, installed

CASTS = {"float32": np.float32, "float64": np.float64}


def problem(B, n, dtype, scale=1.0, seed=0):
    """Normal logits o (B, n) of that scale and classes c (B,), made without a copy of another type."""
    rng = np.random.default_rng(seed)
    o = rng.standard_normal((B, n), dtype=CASTS[np.dtype(dtype).name])
    if scale != 1:
        o *= scale
    return o, rng.integers(0, n, B)


def touched(model):
    """An array like the model whose pages the system has already provided, as those of a reused array are."""
    return np.full_like(model, 0)


def nnlib_fresh(o, c):
    """nnlib, the gradient in new memory."""
    run = nnlib.SoftmaxCrossEntropy().value_and_gradient
    return lambda: run(o, c)


def nnlib_out(o, c, threads=1):
    """nnlib, the gradient into memory that is given."""
    run, out = nnlib.SoftmaxCrossEntropy().value_and_gradient, touched(o)
    return lambda: run(o, c, out, threads=threads)


def derived(o, c):
    """The function derived and generated from the definition."""
    from report.catalogue import row

    function = row("softmax-cce").operation.function("value_and_gradient", targets="indices")
    return lambda: function(o, c)


def pytorch(o, c, threads=None):
    """torch.nn.functional.cross_entropy, eager, with backward(); all cores unless threads are given."""
    import torch

    logits, classes = torch.from_numpy(o).requires_grad_(), torch.from_numpy(c)
    use_threads(TORCH, threads or cores())

    def run():
        logits.grad = None
        loss = torch.nn.functional.cross_entropy(logits, classes)
        loss.backward()
        return loss.detach(), logits.grad

    return run


def jax(o, c):
    """value_and_grad under jit of log Σ e^o − o_c, both of jax's own making, on all cores."""
    import jax

    run = _jax_pass()  # first, because it lets arrays be of 64 bits
    logits, classes = jax.device_put(o), jax.device_put(c)
    return lambda: jax.block_until_ready(run(logits, classes))


@cache
def _jax_pass():
    import jax

    jax.config.update("jax_enable_x64", True)  # else float64 would silently be computed in float32

    def loss(logits, classes):
        chosen = jax.numpy.take_along_axis(logits, classes[:, None], axis=1)[:, 0]
        return jax.numpy.mean(jax.nn.logsumexp(logits, axis=1) - chosen)

    return jax.jit(jax.value_and_grad(loss))


def numba(o, c, threads=None):
    """nnlib's arithmetic as loops over entries, compiled, rows in parallel on all cores, into memory that is given."""
    from report.bench.numba_loop import fused_rows

    losses, gradient = touched(o[:, 0]), touched(o)
    use_threads(NUMBA, threads or cores())

    def run():
        fused_rows(o, c, losses, gradient)
        return losses.sum() / len(losses), gradient

    return run


def floor(o, c):
    """One np.copyto and one np.exp over the array: less a NumPy pass cannot do. It returns no loss and no gradient."""
    out = touched(o)

    def run():
        np.copyto(out, o)
        np.exp(o, out=out)

    return run


def nnlib_threads(o, c):
    """nnlib, into memory that is given, row blocks on all cores."""
    return nnlib_out(o, c, threads=cores())


NNLIB, OUT, THREADS, DERIVED = "nnlib", "nnlib out", "nnlib threads", "derived"
TORCH, JAX, NUMBA, FLOOR = "PyTorch", "JAX", "numba", "floor"
PASSES = {
    NNLIB: nnlib_fresh,
    OUT: nnlib_out,
    THREADS: nnlib_threads,
    DERIVED: derived,
    TORCH: pytorch,
    JAX: jax,
    NUMBA: numba,
}
PACKAGES = {TORCH: "torch", JAX: "jax", NUMBA: "numba"}


def contenders():
    """{name: prepare, or None where its package is absent}."""
    return {name: prepare if present(name) else None for name, prepare in PASSES.items()}


def prepared(o, c):
    """({name: call}, [names that are absent]) for one problem."""
    found = contenders()
    return {name: make(o, c) for name, make in found.items() if make}, [
        name for name, make in found.items() if not make
    ]


def present(name):
    """Whether a contender's package is installed; those of this project always are."""
    return name not in PACKAGES or installed(PACKAGES[name]) is not None


def use_threads(name, number):
    """Let that contender's package work on so many cores from here on."""
    package = import_module(PACKAGES[name])
    package.set_num_threads(number)


def as_numpy(found):
    """(loss as a float, gradient as an array) of what a contender returned."""
    loss, gradient = found
    return float(loss), np.asarray(gradient)


def as_numpy_row(found):
    """[L, ∂L/∂o_0, …] of a single row, shape (1 + n,)."""
    loss, gradient = as_numpy(found)
    return np.concatenate([[loss], gradient[0]])
