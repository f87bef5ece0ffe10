"""A module as the subject of a judgement."""

from types import ModuleType


def as_functions(subject, operation):
    """{kind: function} of a module's forward and backward where the operation has parameters beside its first input.

    An object holds its parameters; a module cannot, so its functions take them, in the catalogue's order, the upstream
    gradient last. Anything else is returned as it is.
    """
    module = subject.get("subject")
    if not isinstance(module, ModuleType) or operation.upstream is None or len(operation.inputs) == 1:
        return subject
    return {"value": module.forward, "vjp": module.backward}
