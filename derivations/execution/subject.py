"""The code under test: every module that it is made of, and what stands there for NumPy, math and SciPy during a run.

The subject is left as it is; the names in its modules' globals are exchanged while it runs and put back afterwards,
also when it raises. Globals belong to the process: `run_exactly` holds a lock, and nobody else should call the subject
from another thread meanwhile.
"""

import builtins
import sys
from contextlib import contextmanager
from functools import _lru_cache_wrapper, cached_property, partial
from types import FunctionType, MethodType, ModuleType

from derivations.execution.compiled import refuse_numba
from derivations.execution.namespace import FLOAT, exchange
from derivations.execution.packages import belongs, package
from derivations.execution.state import Memory

_MISSING = object()


class Subject:
    """values: the functions, objects and classes that a callable is made of; modules: the globals of their modules."""

    def __init__(self, call):
        self._roots = frozenset({package(call)} - {"builtins", "functools", "numpy"})
        self.values = self._reachable(call)
        self.modules = self._modules()

    def memory(self):
        """What it remembers now."""
        return Memory(self.modules, self.values, self.own)

    @cached_property
    def kept(self):
        """What it remembers when this is first asked: every run goes back there, so one copy serves them all."""
        return self.memory()

    def own(self, kind):
        """Whether a class is the subject's."""
        return belongs(str(kind.__module__), self._roots)

    def _reachable(self, call):
        found, waiting = {}, [call]
        while waiting:
            value = waiting.pop()
            if id(value) not in found:
                found[id(value)] = value
                waiting.extend(self._parts(value))
        return list(found.values())

    def _parts(self, value):
        """What a function wraps and closes over, the object that a method is bound to, an object's class and values."""
        if isinstance(value, FunctionType):
            return [_contents(cell) for cell in value.__closure__ or ()] + [getattr(value, "__wrapped__", None)]
        if isinstance(value, MethodType):
            return [value.__func__, value.__self__]
        if isinstance(value, partial):
            return [value.func, *value.args, *value.keywords.values()]
        if isinstance(value, _lru_cache_wrapper):
            return [value.__wrapped__]
        if isinstance(value, (staticmethod, classmethod)):
            return [value.__func__]
        if isinstance(value, property):
            return [value.fget, value.fset]
        if isinstance(value, type):
            return [part for kind in value.__mro__ if self.own(kind) for part in vars(kind).values()]
        if self.own(type(value)):
            return [type(value), *getattr(value, "__dict__", {}).values()]
        return []

    def _modules(self):
        """The globals of the functions' modules, and of those that these import, as far as they are the subject's."""
        functions = [value for value in self.values if isinstance(value, FunctionType)]
        roots = self._roots | {package(function) for function in functions}
        found, waiting = {}, [function.__globals__ for function in functions]
        while waiting:
            names = waiting.pop()
            if id(names) not in found and belongs(str(names.get("__name__")), roots):
                found[id(names)] = names
                waiting.extend(other for value in list(names.values()) if (other := _module(value)) is not None)
        return list(found.values())


def _contents(cell):
    try:
        return cell.cell_contents
    except ValueError:  # not assigned yet
        return _MISSING


def _module(value):
    """The globals of the module that a global value is, or comes from."""
    if isinstance(value, ModuleType):
        return vars(value)
    if isinstance(value, FunctionType):
        return value.__globals__
    kind = value if isinstance(value, type) else type(value)
    module = sys.modules.get(str(kind.__module__))
    return None if module is None else vars(module)


@contextmanager
def exact_names(subject, event):
    """The Subject's names for NumPy, math, SciPy and float are exact while this runs; event(text): of what it kept."""
    memory = subject.kept
    undo, imports = [], builtins.__import__
    known = {id(names) for names in subject.modules}

    def imported(name, globals=None, locals=None, fromlist=(), level=0):  # noqa: A002  (Python's names)
        module = imports(name, globals, locals, fromlist, level)
        refuse_numba()
        return exchange(module, module) if id(globals) in known else module

    refuse_numba()
    try:
        for names in subject.modules:
            _exchange_names(names, undo)
        _exchange_cells(subject.values, undo)
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
