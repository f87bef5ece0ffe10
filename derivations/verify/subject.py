"""The code under test: every module that it is made of, and what stands there for NumPy, math and SciPy during a run.

The subject is left as it is; the names in its modules' globals are exchanged while it runs and put back afterwards,
also when it raises. Globals belong to the process: `run_exactly` holds a lock, and nobody else should call the subject
from another thread meanwhile.
"""

import builtins
import sys
import sysconfig
from contextlib import contextmanager
from functools import partial
from types import FunctionType, MethodType, ModuleType

from derivations.verify.namespace import FLOAT, exchange
from derivations.verify.state import NEVER, Memory, own

_INSTALLED = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
OURS = {"nnlib", "report"}  # subjects wherever they are installed
_MISSING = object()


def reachable(call):
    """What a callable is made of: functions, what they wrap and close over, objects bound to them, their classes."""
    found, waiting = {}, [call]
    while waiting:
        value = waiting.pop()
        if id(value) not in found:
            found[id(value)] = value
            waiting.extend(_parts(value))
    return list(found.values())


def _parts(value):
    if isinstance(value, FunctionType):
        return [_contents(cell) for cell in value.__closure__ or ()] + [getattr(value, "__wrapped__", None)]
    if isinstance(value, MethodType):
        return [value.__func__, value.__self__]
    if isinstance(value, partial):
        return [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, (staticmethod, classmethod)):
        return [value.__func__]
    if isinstance(value, property):
        return [value.fget, value.fset]
    if isinstance(value, type):
        return [part for kind in value.__mro__ if own(kind) for part in vars(kind).values()]
    if own(type(value)):
        return [type(value), *getattr(value, "__dict__", {}).values()]
    return []


def _contents(cell):
    try:
        return cell.cell_contents
    except ValueError:  # not assigned yet
        return _MISSING


def globals_of(values):
    """The global names of every module that these values are made of, and of those that they import.

    The standard library and installed packages are not part of it, but for the package of the values themselves.
    """
    functions = [value for value in values if isinstance(value, FunctionType)]
    roots = OURS | {(function.__module__ or "").split(".")[0] for function in functions}
    found, waiting = {}, [function.__globals__ for function in functions]
    while waiting:
        names = waiting.pop()
        if id(names) not in found and _is_subject(names, roots):
            found[id(names)] = names
            waiting.extend(other for value in list(names.values()) if (other := _module(value)) is not None)
    return list(found.values())


def _module(value):
    """The globals of the module that a global value is, or comes from."""
    if isinstance(value, ModuleType):
        return vars(value)
    if isinstance(value, FunctionType):
        return value.__globals__
    kind = value if isinstance(value, type) else type(value)
    module = sys.modules.get(str(kind.__module__))
    return None if module is None else vars(module)


def _is_subject(names, roots):
    name, file = names.get("__name__") or "", names.get("__file__")
    package = name.split(".")[0]
    if package in NEVER:
        return file is None  # generated code, such as a derived function, runs in globals of its own
    if package in roots or name == "__main__":
        return True
    return file is not None and not file.startswith(_INSTALLED)


@contextmanager
def exact_names(call, event):
    """The subject's names for NumPy, math, SciPy and float are exact while this runs; event(text): of what it kept."""
    values = reachable(call)
    places = globals_of(values)
    memory = Memory(places, values)
    undo, imports = [], builtins.__import__
    known = {id(names) for names in places}

    def imported(name, globals=None, locals=None, fromlist=(), level=0):  # noqa: A002  (Python's names)
        module = imports(name, globals, locals, fromlist, level)
        return exchange(module, module) if id(globals) in known else module

    try:
        for names in places:
            _exchange_names(names, undo)
        _exchange_cells(values, undo)
        builtins.__import__ = imported
        yield
    finally:
        builtins.__import__ = imports
        for restore in reversed(undo):
            restore()
        for words in memory.restore():
            event(f"changes {words}")


def _exchange_names(names, undo):
    for name, value in list(names.items()):
        new = exchange(value)
        if new is not None and not name.startswith("__"):
            undo.append(partial(names.__setitem__, name, value))
            names[name] = new
    if "float" not in names:
        undo.append(partial(names.pop, "float", None))
        names["float"] = FLOAT


def _exchange_cells(values, undo):
    for function in values:
        for cell in getattr(function, "__closure__", None) or () if isinstance(function, FunctionType) else ():
            value = _contents(cell)
            new = exchange(value)
            if new is not None:
                undo.append(partial(setattr, cell, "cell_contents", value))
                cell.cell_contents = new
