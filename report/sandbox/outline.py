"""What the second process is told of an operation: names and axes of what goes in and comes out, and no formula.

`Outline` answers what `derivations.judge.claims` asks an Operation, so that code is called as the judge calls it.
"""

from dataclasses import dataclass
from types import SimpleNamespace


def outlined(operation, kinds, reduction, targets):
    """The outline as JSON can hold it."""
    specification = operation.specification(reduction, targets)
    arguments = {kind: _arguments(operation.function(kind, reduction, targets)) for kind in kinds}
    outputs = {kind: [[str(x.size) for x in letters] for letters, _ in specification.outputs(kind)] for kind in kinds}
    return {
        "name": operation.name,
        "inputs": [x.name for x in specification.inputs],
        "upstream": operation.upstream is not None,
        "arguments": arguments,
        "outputs": outputs,
    }


def _arguments(function):
    axes = [getattr(x, "shape", None) or () for x in function.arguments]
    names = [str(getattr(x, "label", x)) for x in function.arguments]
    return [[name, [str(size) for size in shape]] for name, shape in zip(names, axes, strict=True)]


@dataclass(frozen=True)
class Outline:
    """An operation as far as its calls go; the variant is the one that was asked for."""

    found: dict

    @property
    def name(self):
        return self.found["name"]

    @property
    def inputs(self):
        return [SimpleNamespace(name=name) for name in self.found["inputs"]]

    @property
    def upstream(self):
        return True if self.found["upstream"] else None

    def function(self, kind, reduction, targets):
        arguments = self.found["arguments"][kind]
        return SimpleNamespace(arguments=[SimpleNamespace(label=name, shape=shape) for name, shape in arguments])

    def specification(self, reduction, targets):
        return SimpleNamespace(inputs=self.inputs, outputs=self._outputs)

    def _outputs(self, kind):
        return [([SimpleNamespace(size=size) for size in sizes], None) for sizes in self.found["outputs"][kind]]
