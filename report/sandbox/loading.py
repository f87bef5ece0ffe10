"""Loading judged code, in the process that is made for it: a file's bytes or a module, and the names that are meant."""

import importlib
import sys
from types import FunctionType, ModuleType

from derivations.execution.cannot_trace import in_words


class NotFound(Exception):
    """The code runs, and what is meant is not in it."""


def loaded(header, source):
    """{"subject": object, class or module} or {kind: function}; header: of the message that says what is judged.

    Raises: NotFound, and whatever the code raises.
    """
    module = _imported(header, source) if header["module"] else _executed(header["path"], source)
    if header["functions"]:
        return {kind: _attribute(module, name) for kind, name in header["functions"]}
    if not header["name"]:
        return {"subject": _of_module(module)}
    subject = _attribute(module, header["name"])
    if isinstance(subject, FunctionType):
        name = header["name"]
        raise NotFound(f"{name!r} is a function; what it gives has to be said, as in FILE.py:value={name}")
    return {"subject": subject}


def _imported(header, source):
    """The module of that name, whose file must still be what was read."""
    module = importlib.import_module(header["module"])
    with open(header["path"], "rb") as file:
        if file.read() != source:
            raise NotFound("its file has changed since it was read")
    return module


def _executed(path, source):
    """A module of the bytes that were read, so that what is judged is what was hashed."""
    module = ModuleType("submission")
    module.__file__ = path
    sys.modules["submission"] = module
    exec(compile(source, path, "exec"), vars(module))
    return module


def _attribute(module, name):
    found = module
    for part in name.split("."):
        if not hasattr(found, part):
            raise NotFound(f"there is no {name!r} in it; its functions and classes: {_public(module)}")
        found = getattr(found, part)
    return found


def _public(module):
    names = [name for name, value in vars(module).items() if not name.startswith("_") and callable(value)]
    return ", ".join(names[:8]) or "none"


def _of_module(module):
    """The module itself with its forward and backward, or the one class with both that no other such class refines."""
    if _passes(module):
        return module
    own = [x for x in vars(module).values() if isinstance(x, type) and x.__module__ == module.__name__ and _passes(x)]
    own = [x for x in own if not any(issubclass(y, x) for y in own if y is not x)]
    if len(own) == 1:
        return own[0]
    if own:
        raise NotFound(f"there are several classes with forward and backward: {', '.join(x.__name__ for x in own)}")
    there = f"neither forward with backward nor a class with both in it; its functions and classes: {_public(module)}"
    raise NotFound(f"there is {there}; one of them alone is named by its kind, as in FILE.py:value=NAME")


def _passes(value):
    return callable(getattr(value, "forward", None)) and callable(getattr(value, "backward", None))


def told(error):
    """What was raised, in a line: SyntaxError: expected ':' (line 8)."""
    return str(error) if isinstance(error, NotFound) else in_words(error)
