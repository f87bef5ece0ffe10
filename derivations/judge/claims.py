"""What somebody claims to compute: each given function as a call of an operation's own, batched arguments.

    verify("softmax", vjp=f)                   one Claim: f(o, g)
    verify(Loss(), against="softmax-cce")      two: forward(o, y) and backward(o, y), or backward() of a cached forward

Nothing is computed here beyond what turns one calling convention into the other.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from derivations.judge.parameters import answering

KINDS = ("value", "jacobian", "vjp", "gradient", "value_and_gradient", "hessian", "hvp")


@dataclass(frozen=True)
class Claim:
    """One kind of answer: call(*arguments) takes the arguments of the operation's function of that kind.

    single: the code takes one sample, so that it is run with batches of one row; passes: the object that it belongs to,
    if any, a `Passes`; subject: the stranger's own function or object.
    """

    kind: str
    call: Callable
    subject: object = field(repr=False)
    single: bool = False
    passes: object = field(default=None, repr=False)


def claims(operation, passes, reduction, targets, batched, fixed=()):
    """[Claim, …] of functions {kind: function}; fixed: names of the inputs that the functions do not take.

    Raises LookupError for a kind that the operation does not have, TypeError for what cannot be called.
    """
    found = []
    for kind, function in passes.items():
        wanted = operation.function(kind, reduction, targets)
        if not callable(function):
            raise TypeError(f"{operation.name}: expected a function for {kind}, got {type(function).__name__}")
        names = [str(getattr(argument, "label", argument)) for argument in wanted.arguments]
        outputs = len(operation.specification(reduction, targets).outputs(kind))
        call = answering(function, kind, names, outputs)
        call = _without(call, [names.index(name) for name in fixed if name in names])
        single = not batched
        if single:
            call = _one_row(call, *_batched_axes(operation, wanted, kind, reduction, targets))
        found.append(Claim(kind, call, function, single))
    return found


def _without(function, positions):
    """The function of all arguments but those at the positions."""
    if not positions:
        return function

    def call(*arguments):
        return function(*(x for k, x in enumerate(arguments) if k not in positions))

    return call


def _batched_axes(operation, function, kind, reduction, targets):
    """Whether each argument, and each output, has the batch as its first axis."""
    arguments = [str((getattr(x, "shape", None) or ("",))[0]) == "B" for x in function.arguments]
    outputs = operation.specification(reduction, targets).outputs(kind)
    return arguments, [bool(letters) and str(letters[0].size) == "B" for letters, _ in outputs]


def _one_row(function, arguments, outputs):
    """The call for a batch of one row of a function that takes a single sample."""

    def call(*given):
        result = function(*(x[0] if batched else x for x, batched in zip(given, arguments, strict=True)))
        if len(outputs) == 1:
            return _with_axis(result) if outputs[0] else result
        if not isinstance(result, tuple | list):
            return result
        return tuple(_with_axis(x) if batched else x for x, batched in zip(result, outputs, strict=True))

    return call


def _with_axis(result):
    return result[None] if hasattr(result, "shape") and getattr(result, "shape", None) != () else [result]
