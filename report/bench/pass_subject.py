"""A pass of the catalogue as a function with a backward pass, y = f(x, …) and x̄ = (∂f/∂x)ᵀ g, on an ordinary draw.

What the pass does not say itself is taken from the definition: the value beside a backward pass, and the backward pass
beside a value. The gradient of a loss is multiplied by the upstream g, a number; a Jacobian J (B, n, n) gives
x̄_bj = Σ_i J_bij g_bi. The targets of a loss are no input of f but constants.
"""

import numpy as np

from derivations.registry import operation
from report.passes.regimes import inputs

LOSSES = ("cce", "nll", "softmax-cce", "mse", "network")
PARAMETERS = ("linear", "network")  # only their first input, and the targets, have a row a sample


class PassSubject:
    """inputs: the arrays that f is differentiated by; they are fresh, and so is an object that the pass is."""

    def __init__(self, entry):
        self._entry, self._loss = entry, entry.operation in LOSSES
        self._batched = entry.options.get("batched", True)
        arrays = self._drawn()
        self.inputs, self._targets = (arrays[:-1], arrays[-1:]) if self._loss else (arrays, ())
        self._object = entry.function() if entry.kind == "object" and self._lasting() else None

    def forward(self, *inputs):
        """(y, what backward wants of this call): an object where the pass is one, else None.

        One object serves all calls where it claims to remember nothing; each call has its own where it is cached or
        made of its parameters.
        """
        kind = self._entry.kind
        if kind == "object":
            made = self._object or self._made(inputs)
            return np.asarray(made.forward(*self._arguments(inputs))), made
        if kind in ("value", "value_and_gradient"):
            found = self._entry.function(*inputs, *self._targets)
            return np.asarray(found if kind == "value" else found[0]), None
        return np.asarray(self._defined("value", inputs)), None

    def backward(self, made, *inputs_and_upstream):
        """(x̄, …) for the inputs and g; made: what forward gave beside the value, None: call it first."""
        *inputs, g = inputs_and_upstream
        if self._entry.kind == "object":
            found = self._of_object(made or self.forward(*inputs)[1], inputs, g)
        elif self._loss:
            found = self._gradient(inputs)
        else:
            found = self._vjp(inputs, g)
        found = tuple(found) if isinstance(found, tuple | list) else (found,)
        return tuple(np.asarray(np.asarray(part) * g if self._loss else part) for part in found)

    def _drawn(self):
        """An ordinary draw of the arguments, upstream gradient left out."""
        entry = self._entry
        arrays = inputs(entry.operation, entry.kind, entry.options)["always"]
        if entry.kind in ("vjp", "object") and not self._loss:
            arrays = arrays[:-1]
        return tuple(arrays) if self._batched else self._rows(arrays, lambda array: array[0])

    def _rows(self, arrays, change):
        """The arrays, changed where they have the batch axis."""
        alone = self._entry.operation in PARAMETERS
        last = len(arrays) - 1 if self._loss else 0
        return tuple(change(a) if not alone or i in (0, last) else a for i, a in enumerate(arrays))

    def _lasting(self):
        return self._entry.operation != "linear" and not self._entry.options.get("cached")

    def _made(self, inputs):
        return self._entry.function(*inputs[1:]) if self._entry.operation == "linear" else self._entry.function()

    def _arguments(self, inputs):
        return (*inputs, *self._targets) if self._loss else inputs[:1]

    def _of_object(self, made, inputs, g):
        if self._entry.options.get("cached"):
            return made.backward() if self._loss else made.backward(g)
        return made.backward(*self._arguments(inputs)) if self._loss else made.backward(inputs[0], g)

    def _gradient(self, inputs):
        if self._entry.kind == "value":
            return self._defined("gradient", inputs)
        found = self._entry.function(*inputs, *self._targets)
        return found[1] if self._entry.kind == "value_and_gradient" else found

    def _vjp(self, inputs, g):
        if self._entry.kind == "jacobian":
            return np.einsum("bij,bi->bj", self._entry.function(*inputs), g)
        return self._defined("vjp", inputs, g) if self._entry.kind == "value" else self._entry.function(*inputs, g)

    def _defined(self, kind, inputs, *upstream):
        """What the function derived from the definition gives; values of one sample without the batch axis."""
        options = {name: self._entry.options[name] for name in ("reduction", "targets") if name in self._entry.options}
        arguments = (*inputs, *self._targets)
        if not self._batched:
            arguments = self._rows(arguments, lambda array: np.asarray(array)[None])
        found = operation(self._entry.operation).function(kind, **options).compiled(*arguments, *upstream)
        return found if self._batched or self._loss else found[0]
