"""What somebody claims to compute: each given function as a call of an operation's own, batched arguments.

    verify("softmax", vjp=f)                   one Claim: f(o, g)
    verify(Loss(), against="softmax-cce")      two: forward(o, y) and backward(o, y), or backward() of a cached forward

Nothing is computed here beyond what turns one calling convention into the other.
"""

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

KINDS = ("value", "jacobian", "vjp", "gradient", "value_and_gradient", "hessian", "hvp")
SPELLINGS = {"weights": ("weights", "weight", "W", "w"), "bias": ("bias", "biases", "b", "beta")}


@dataclass(frozen=True)
class Claim:
    """One kind of answer: call(*arguments) takes the arguments of the operation's function of that kind.

    single: the code takes one sample, so that it is run with batches of one row; passes: the object that it belongs to,
    if any; subject: the stranger's own function or object.
    """

    kind: str
    call: Callable
    subject: object = field(repr=False)
    single: bool = False
    passes: "Passes | None" = field(default=None, repr=False)


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
        call = _without(function, [names.index(name) for name in fixed if name in names])
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


class Passes:
    """The forward and backward of an object, or of the objects that a class makes.

    An object that is given is used as it is; a class makes a fresh one for each call. A layer's parameters are
    handed to its class, or set as attributes where the class takes sizes; inputs that are fixed are its own.
    """

    def __init__(self, subject, operation, reduction, targets, fixed=()):
        for name in ("forward", "backward"):
            if not callable(getattr(subject, name, None)):
                raise TypeError(f"{operation.name}: expected an object with forward and backward, got {subject!r}")
        self.subject = subject
        names = [x.name for x in operation.specification(reduction, targets).inputs]
        self._fixed = [names.index(name) for name in fixed]
        self.names = [name for name in names if name not in fixed]
        self.gradient = operation.upstream is None
        self.parameters = self.names[1:] if not self.gradient else []
        self.cached = self._is_cached()

    def _is_cached(self):
        """Whether backward takes less than the input of forward beside the upstream gradient."""
        try:
            signature = inspect.signature(self.subject.backward)
        except (TypeError, ValueError):
            return False
        accepted = [x for x in signature.parameters.values() if x.kind in (x.POSITIONAL_ONLY, x.POSITIONAL_OR_KEYWORD)]
        if any(x.kind is x.VAR_POSITIONAL for x in signature.parameters.values()):
            return False
        required = len(accepted) - self._takes_itself()
        return required < (len(self.names) if self.gradient else 2)

    def _takes_itself(self):
        """Whether the signature of backward has the object in it: of a class, where it is a plain method."""
        plain = not isinstance(inspect.getattr_static(self.subject, "backward"), staticmethod | classmethod)
        return isinstance(self.subject, type) and plain

    def claims(self):
        """[Claim, Claim]: the value, and the gradient or VJP."""
        kind = "gradient" if self.gradient else "vjp"
        return [
            Claim("value", partial(_asked, self.subject, self.value), self.subject, passes=self),
            Claim(kind, partial(_asked, self.subject, self.backward), self.subject, passes=self),
        ]

    def made(self, arguments):
        """An object with the parameters that are among the arguments."""
        parameters = self._taken(arguments)[1 : 1 + len(self.parameters)]
        if not parameters:
            return self.subject() if isinstance(self.subject, type) else self.subject
        if not isinstance(self.subject, type):
            return _set(copy.copy(self.subject), parameters)
        try:
            return self.subject(*parameters)
        except (TypeError, ValueError):
            return _set(self.subject(*parameters[0].shape), parameters)

    def value(self, *arguments):
        return self.forward(self.made(arguments), arguments)

    def backward(self, *arguments):
        made = self.made(arguments)
        self.forward(made, arguments)
        return self.gradients(made, arguments)

    def forward(self, made, arguments):
        """made.forward of the inputs among the arguments."""
        return made.forward(*self._taken(arguments)) if self.gradient else made.forward(arguments[0])

    def _taken(self, arguments):
        """The arguments but those that are fixed."""
        return [x for k, x in enumerate(arguments) if k not in self._fixed]

    def gradients(self, made, arguments):
        """made.backward of the arguments, or of what a cached forward did not see."""
        if self.gradient:
            return made.backward() if self.cached else made.backward(*self._taken(arguments))
        return made.backward(arguments[-1]) if self.cached else made.backward(arguments[0], arguments[-1])


def _asked(subject, method, *arguments):
    """method(*arguments); whoever looks for a stranger's code in a partial finds the subject."""
    return method(*arguments)


def _set(made, parameters):
    """The object with its weights and bias set, under whichever of the usual names they have."""
    for names, value in zip(SPELLINGS.values(), parameters, strict=True):
        name = next((name for name in names if hasattr(made, name)), None)
        if name is None:
            raise TypeError(f"expected an attribute named {' or '.join(names)} on {type(made).__name__}, found none")
        setattr(made, name, value)
    return made
