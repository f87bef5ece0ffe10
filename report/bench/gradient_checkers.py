"""Finite differences as people use them on hand-written passes: torch.autograd.gradcheck and jax.test_util.check_vjp.

The pass is wrapped as the frameworks' documentation says: a `torch.autograd.Function` whose forward and backward call
NumPy, a `jax.custom_vjp` of `pure_callback`s. Inputs are of float64, settings are the defaults. A checker finds a pass
by raising anything at all.
"""

import logging
import time
import warnings
from functools import partial

import numpy as np

from report.bench.machine import installed
from report.bench.pass_subject import PassSubject
from report.passes.registry import catalogue

SLOW, FAST, JAX = "gradcheck", "gradcheck fast", "check_vjp"
PACKAGES = {SLOW: "torch", FAST: "torch", JAX: "jax"}


def present(checker):
    """Whether its package is installed."""
    return installed(PACKAGES[checker]) is not None


def checks(name):
    """{checker: {"found", "why", "seconds"} or None where it is absent} for the pass of that name."""
    entry = next(entry for entry in catalogue() if entry.name == name)
    return {checker: checked(checker, PassSubject(entry)) if present(checker) else None for checker in PACKAGES}


def checked(checker, subject):
    """{"found": whether the checker objects to the subject, "why": in its words, "seconds"}."""
    why = None
    logging.disable()  # JAX logs what a callback raises
    start = time.perf_counter()
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            check_of(checker, subject)()
    except Exception as error:  # the pass is anybody's
        why = words(error)
    finally:
        logging.disable(logging.NOTSET)
    return {"found": why is not None, "why": why, "seconds": time.perf_counter() - start}


def words(error):
    """The kind of an exception and what it says, in a line; of a traceback that JAX quotes the end."""
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[-1 if 'Traceback' in str(error) else 0]}"[:160]


def silent(patience):
    """The answers where there were none, after so many seconds."""
    answer = {"found": False, "why": "no answer", "seconds": float(patience)}
    return {checker: answer if present(checker) else None for checker in PACKAGES}


def check_of(checker, subject):
    """A function of nothing that raises where the checker objects to the subject."""
    return {SLOW: _gradcheck, FAST: partial(_gradcheck, fast_mode=True), JAX: _check_vjp}[checker](subject)


def _gradcheck(subject, **settings):
    import torch

    tensors = [torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in subject.inputs]
    return lambda: torch.autograd.gradcheck(torch_function(subject), tensors, **settings)


def torch_function(subject):
    """The subject as a function of tensors with a backward pass of its own; NumPy sees their memory, no copies."""
    import torch

    class Pass(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *tensors):
            ctx.save_for_backward(*tensors)
            value, ctx.made = subject.forward(*map(_array, tensors))
            return _tensor(value)

        @staticmethod
        def backward(ctx, g):
            found = subject.backward(ctx.made, *map(_array, (*ctx.saved_tensors, g)))
            return tuple(map(_tensor, found))

    return Pass.apply


def _array(tensor):
    return tensor.detach().numpy()


def _tensor(array):
    import torch

    return torch.from_numpy(array.copy() if min(array.strides, default=0) < 0 else array)  # it takes no such strides


def _check_vjp(subject):
    import jax
    from jax.test_util import check_vjp

    with jax.enable_x64(True):
        function, inputs = jax_function(subject), tuple(map(jax.numpy.array, subject.inputs))

    def run():
        with jax.enable_x64(True):
            check_vjp(function, partial(jax.vjp, function), inputs)

    return run


def jax_function(subject):
    """The subject as a function of JAX's arrays with a backward pass of its own; NumPy sees arrays it cannot write."""
    import jax

    value = _like(subject.forward(*(array.copy() for array in subject.inputs))[0])
    gradients = tuple(map(_like, subject.inputs))

    def run_forward(*inputs):
        return subject.forward(*map(np.asarray, inputs))[0]

    def run_backward(*inputs_and_upstream):
        return subject.backward(None, *map(np.asarray, inputs_and_upstream))

    @jax.custom_vjp
    def function(*inputs):
        return jax.pure_callback(run_forward, value, *inputs)

    def forward(*inputs):
        return function(*inputs), inputs

    def backward(inputs, g):
        return jax.pure_callback(run_backward, gradients, *inputs, g)

    function.defvjp(forward, backward)
    return function


def _like(array):
    """Its shape and dtype."""
    import jax

    return jax.ShapeDtypeStruct(array.shape, array.dtype)
