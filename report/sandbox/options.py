"""What is asked about some code: an operation, its variant, and how strictly."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Options:
    """As `derivations.verify` takes them; parameters: {name: number or nested lists} of inputs that are fixed.

    Raises: LookupError for an unknown operation or variant, ValueError for an option that is none.
    """

    operation: str
    reduction: str = "mean"
    targets: str = "rows"
    batched: bool = True
    conventions: str = "strict"
    parameters: dict = field(default_factory=dict)

    def __post_init__(self):
        allowed = {"reduction": ("mean", "sum"), "targets": ("rows", "indices"), "conventions": ("strict", "report")}
        for name, values in allowed.items():
            if getattr(self, name) not in values:
                raise ValueError(f"expected {name} {' or '.join(map(repr, values))}, got {getattr(self, name)!r}")
        inputs = {x.name: x for x in self.known.specification(self.reduction, self.targets).inputs}
        for name, value in self.parameters.items():
            if name not in inputs:
                raise ValueError(f"{self.operation}: there is no input {name!r}; there are {', '.join(inputs)}")
            if np.ndim(value) != len(inputs[name].axes) or np.asarray(value).dtype.kind not in "iuf":
                raise ValueError(f"{self.operation}: expected {name} as numbers with {len(inputs[name].axes)} axes")
            inputs[name].domain.require(self.operation, name, value)

    @property
    def known(self):
        """The operation of the catalogue."""
        from derivations.registry import operation

        return operation(self.operation)

    def require(self, kinds):
        """Raises: LookupError where the operation has no such kind of answer."""
        for kind in kinds:
            self.known.function(kind, self.reduction, self.targets)

    def as_dict(self):
        """As JSON can hold it."""
        parameters = {name: np.asarray(value).tolist() for name, value in self.parameters.items()}
        return {**vars(self), "parameters": parameters}
