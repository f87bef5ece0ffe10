"""PyTorch and JAX functions as NumPy passes: value f(x, …), and x̄ = (∂f/∂x)ᵀ g by the framework's own backward pass.

    verify("softmax", **torch_passes(lambda o: torch.softmax(o, dim=1)))
    verify("softmax-cce", **jax_passes(lambda o, y: -(y * jax.nn.log_softmax(o)).sum(axis=1).mean()))

The function takes and returns the framework's arrays: a function, a module, `apply` of a `torch.autograd.Function`, a
`jax.custom_vjp`. It is compiled code, which cannot be run on exact numbers: arrays of objects are refused.
"""

import warnings
from importlib import import_module

import numpy as np

SIZES = (2, 3)  # of the rows on which it is tried whether a function is a loss


def torch_passes(function, loss=None):
    """{"value": f, "vjp": b}, or {"value": f, "gradient": b} of a loss, NumPy functions around a PyTorch function.

    value(x, …): f(x, …), of its shape. vjp(x, …, g): x̄ of the shape of x, a tuple where there are several inputs;
    gradient(x, …, y): the same for g = 1, not for the targets y, the last argument, whose integers of fewer axes than
    x are classes (int64). Results are new arrays of the dtype that the framework gives: float32 of float32, float64
    of float64; integer inputs count as float64. What its own backward pass changes in an
    argument is changed. loss: whether it is one, None: tried out on two rows of three.
    Raises: ValueError where that cannot be tried out; the passes: TypeError for arrays that do not hold numbers.
    """
    return _passes(_Torch(function), loss)


def jax_passes(function, loss=None):
    """`torch_passes` for a JAX function. Numbers of 64 bits are enabled while it runs, and not elsewhere."""
    return _passes(_Jax(function), loss)


def _passes(run, loss):
    loss = run.is_loss() if loss is None else loss
    if loss:
        return {"value": run.loss, "gradient": run.gradient}
    return {"value": run.value, "vjp": run.vjp}


class _Framework:
    """A function of one framework; a subclass says how it is called and how it goes backward."""

    package = ""

    def __init__(self, function):
        import_module(self.package)  # absent is absent now, and not in the middle of a verdict
        self._function = function

    def value(self, *inputs):
        """f(x, …), a new array."""
        return self._value(self._inputs(inputs), ())

    def vjp(self, *arguments):
        """(∂f/∂x)ᵀ g for the inputs x, … and the upstream gradient g, the last argument."""
        inputs, g = self._inputs(arguments[:-1]), self._numbers(arguments[-1])
        found = self._pulled(inputs, (), g)
        _hand_back(arguments, (*inputs, g))
        return _alone(found)

    def loss(self, *arguments):
        """f(x, …, y) of the targets y, a new array without axes."""
        return self._value(*self._with_targets(arguments))

    def gradient(self, *arguments):
        """∂f/∂x for the inputs x, … and the targets y, the last argument."""
        inputs, targets = self._with_targets(arguments)
        found = self._pulled(inputs, targets, None)
        _hand_back(arguments, inputs)
        return _alone(found)

    def is_loss(self):
        """Whether f is a single number for a matrix, alone or with targets: rows or classes.

        Raises: ValueError where it takes none of these.
        """
        o = np.full(SIZES, 0.25)
        for arguments in ((o,), (o, o), (o, np.zeros(len(o), int))):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    found = self.value(o) if len(arguments) == 1 else self.loss(*arguments)
            except Exception:  # somebody's code: any error says that it does not take these arguments
                continue
            return found.ndim == 0
        raise ValueError(
            f"{self.package}_passes: {self._function!r} took no matrix of shape {SIZES}, alone or with targets; "
            "expected loss=True or loss=False to say which it is"
        )

    def _with_targets(self, arguments):
        *inputs, y = arguments
        inputs, y = self._inputs(inputs), self._numbers(y)
        classes = y.dtype.kind in "iu" and y.ndim < inputs[0].ndim
        return inputs, (y.astype(np.int64 if classes else inputs[0].dtype),)

    def _inputs(self, arrays):
        made = [self._numbers(array) for array in arrays]
        return [array if array.dtype.kind == "f" else array.astype(np.float64) for array in made]

    def _numbers(self, array):
        """A new plain array. Raises: TypeError for objects, among them exact numbers, and anything else but numbers."""
        made = np.array(array, order="C")
        if made.dtype.kind not in "fiub":
            raise TypeError(
                f"{self.package}_passes: expected floats or integers, got dtype {made.dtype} and shape {made.shape}: "
                "compiled code does not run on objects"
            )
        return made


class _Torch(_Framework):
    package = "torch"

    def _value(self, inputs, targets):
        import torch

        with torch.no_grad():
            return _copied(self._function(*map(torch.from_numpy, (*inputs, *targets))))

    def _pulled(self, inputs, targets, g):
        import torch

        variables = [torch.from_numpy(array).requires_grad_() for array in inputs]
        with torch.enable_grad():
            copies = [variable.clone() for variable in variables]  # a leaf may not be changed in place
            out = self._function(*copies, *map(torch.from_numpy, targets))
        upstream = torch.ones_like(out) if g is None else torch.from_numpy(g).to(out.dtype)
        given = list(zip((*copies, upstream), (*inputs, g), strict=True))
        before = [_copied(tensor) for tensor, _ in given]  # what forward does in place is its own business
        found = torch.autograd.grad(out, variables, upstream, allow_unused=True, materialize_grads=True)
        gradients = [_copied(gradient) for gradient in found]
        for (tensor, array), was in zip(given, before, strict=True):
            if array is not None and not np.array_equal(now := _copied(tensor), was, equal_nan=True):
                array[...] = now
        return gradients


def _hand_back(arguments, made):
    """What backward changed in the arrays that were made of its arguments is changed in these, too."""
    for argument, array in zip(arguments, made, strict=False):
        if isinstance(argument, np.ndarray) and not np.array_equal(argument, array, equal_nan=True):
            argument[...] = array


def _copied(tensor):
    return np.array(tensor.detach().numpy())


class _Jax(_Framework):
    package = "jax"

    def _value(self, inputs, targets):
        import jax

        with jax.enable_x64(True):
            return np.array(self._function(*map(jax.numpy.array, (*inputs, *targets))))

    def _pulled(self, inputs, targets, g):
        import jax

        with jax.enable_x64(True):
            variables, constants = ([jax.numpy.array(array) for array in part] for part in (inputs, targets))
            out, back = jax.vjp(lambda *arrays: self._function(*arrays, *constants), *variables)
            g = jax.numpy.ones_like(out) if g is None else jax.numpy.array(g, dtype=out.dtype)
            return [np.array(gradient) for gradient in back(g)]


def _alone(gradients):
    """The only one itself, several as a tuple."""
    return gradients[0] if len(gradients) == 1 else tuple(gradients)
