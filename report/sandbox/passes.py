"""A module as the subject of a judgement."""

from types import ModuleType


def as_functions(subject, operation, batched=True):
    """{kind: function} of a module's forward and backward where they take one sample, or parameters of the operation.

    An object holds its parameters; a module cannot, so its functions take them, in the catalogue's order, the upstream
    gradient last. Anything else is returned as it is.
    """
    module = subject.get("subject")
    takes_parameters = operation.upstream is not None and len(operation.inputs) > 1
    if not isinstance(module, ModuleType) or (batched and not takes_parameters):
        return subject
    return {"value": module.forward, "gradient" if operation.upstream is None else "vjp": module.backward}
