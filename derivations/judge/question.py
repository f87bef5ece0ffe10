"""What is asked of somebody's code: one kind of answer of one operation."""

from dataclasses import dataclass, field

import numpy as np

from derivations.judge.drawn import drawn, draws


@dataclass(frozen=True)
class Question:
    """What is asked: an operation's function of one kind, and the values of the inputs that are fixed.

    single: of code that takes one sample, so that the batch of one row is nothing that its writer knows of.
    """

    operation: object
    kind: str
    reduction: str = "mean"
    targets: str = "rows"
    fixed: dict = field(default_factory=dict)
    single: bool = False

    @property
    def function(self):
        return self.operation.function(self.kind, self.reduction, self.targets)

    @property
    def specification(self):
        return self.operation.specification(self.reduction, self.targets)

    @property
    def names(self):
        """The names of the arguments."""
        return [str(getattr(x, "label", x)) for x in self.function.arguments]

    @property
    def taken(self):
        """The names of the arguments that somebody's functions take."""
        return [name for name in self.names if name not in self.fixed]

    @property
    def outputs(self):
        """What each output is, in words."""
        by = [str(array.label) for array in self.specification.by]
        words = {
            "value": ["the value"],
            "jacobian": [f"the Jacobian by {by[0]}"],
            "hessian": [f"the Hessian by {by[0]}"],
            "hvp": [f"the Hessian by {by[0]} times {self.names[-1]}"],
        }
        gradients = [f"the gradient by {name}" for name in by]
        if self.kind == "value_and_gradient":
            return ["the value", *gradients]
        return words.get(self.kind, gradients)

    def as_taken(self, arrays):
        """The arguments as the code takes them: of one sample without the batch axis."""
        axes = [getattr(x, "shape", None) or () for x in self.function.arguments]
        return [x[0] if self._of_a_batch(sizes) else x for x, sizes in zip(arrays, axes, strict=False)]

    def as_returned(self, output, entries):
        """What has an entry for each axis of an output (a shape, an index), as the code returns it."""
        letters, _ = self.function.outputs[output]
        return entries[1:] if self._of_a_batch([x.size for x in letters]) else entries

    def _of_a_batch(self, sizes):
        return self.single and len(sizes) > 0 and str(sizes[0]) == "B"

    @property
    def draws(self):
        """Which of the draws of a situation the arguments come from."""
        return draws(self.specification, self.names, self.fixed)

    def drawn(self, situation, rng, dtype=np.float64):
        return drawn(self.function, self.specification, situation, rng, dtype, self.fixed)
