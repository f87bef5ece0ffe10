"""What one thing holds that outlives a call: a container, an object, a class, a variable, an array, a cache.

Each kind says how its contents are read and put back; what is compared is which objects they are, since exact numbers
answer == in their own way.
"""

from collections import OrderedDict
from operator import is_
from types import MemberDescriptorType, ModuleType

import numpy as np

_MISSING = object()


class Kept:
    """words: what it is called; thing: itself; before: what it held, {key: value}."""

    def __init__(self, words, thing):
        self.words, self.thing = words, thing
        self.before = self.read()

    def restore(self):
        """Everything as it was; in words what had changed, or nothing."""
        now = self.read()
        keys = [key for key in {**now, **self.before} if self.changed(now, key)]
        if keys:
            self.write(keys)
        return self.said(keys) if keys else []

    def stands(self):
        """Whether it plainly holds what it held; where that takes a copy, see `changed`."""
        return same(self.read(), self.before)

    def changed(self, now, key):
        return now.get(key, _MISSING) is not self.before.get(key, _MISSING)

    def said(self, keys):
        return [self.words]

    def parts(self):
        """[(words, value), …]: what it holds, which may hold something in turn."""
        return ((self.words, x) for x in self.before.values())


def same(now, before):
    """Whether two mappings hold the same objects under the same keys."""
    return len(now) == len(before) and all(map(is_, now.values(), before.values())) and now.keys() == before.keys()


class Entries(Kept):
    """The entries of a dict."""

    def read(self):
        return dict.copy(self.thing)

    def stands(self):
        if type(self.thing) is not dict:
            return super().stands()
        return not (self.thing or self.before) or same(self.thing, self.before)

    def write(self, keys):
        kind = OrderedDict if isinstance(self.thing, OrderedDict) else dict
        kind.clear(self.thing)
        kind.update(self.thing, self.before)

    def said(self, keys):
        names = sorted(key for key in keys if isinstance(key, str))
        return [self.words + (f" ({', '.join(names)})" if len(names) == len(keys) else "")]


class Attributes(Entries):
    """The attributes of an object or a function, in its `__dict__`; thing: that dict."""

    def said(self, keys):
        return sorted(f"{self.words}.{key}" for key in keys)

    def parts(self):
        return ((f"{self.words}.{key}", x) for key, x in self.before.items())


class Names(Kept):
    """The names of a module or a class, but for those of Python's own; all: with these, as they stood at first."""

    def __init__(self, words, thing):
        super().__init__(words, thing)
        self.all = dict(self.namespace())

    def read(self):
        return {name: x for name, x in self.namespace().items() if not str(name).startswith("__")}

    def stands(self):
        return same(self.namespace(), self.all)


class Globals(Names):
    """The global variables of a module, but for what is imported meanwhile."""

    def namespace(self):
        return self.thing

    def changed(self, now, key):
        return super().changed(now, key) and not isinstance(now.get(key), ModuleType)

    def write(self, keys):
        for key in keys:
            if key in self.before:
                self.thing[key] = self.before[key]
            else:
                del self.thing[key]

    def said(self, keys):
        return sorted(f"the global variable {key}" for key in keys)

    def parts(self):
        return self.before.items()


class ClassAttributes(Names, Attributes):
    """The attributes of a class, which are set through `type` alone."""

    def namespace(self):
        return vars(self.thing)

    def write(self, keys):
        for key in keys:
            if key in self.before:
                type.__setattr__(self.thing, key, self.before[key])
            else:
                type.__delattr__(self.thing, key)


class Slots(Attributes):
    """The attributes of an object that has `__slots__`."""

    def read(self):
        self.slots = slots(type(self.thing))
        return {name: slot.__get__(self.thing) for name, slot in self.slots.items() if _is_set(slot, self.thing)}

    def write(self, keys):
        for key in keys:
            if key in self.before:
                self.slots[key].__set__(self.thing, self.before[key])
            else:
                self.slots[key].__delete__(self.thing)


def slots(kind):
    """{name: where an object of that class holds it}"""
    found = [x for parent in kind.__mro__ if "__slots__" in vars(parent) for x in vars(parent).values()]
    return {x.__name__: x for x in found if isinstance(x, MemberDescriptorType)}


def _is_set(slot, thing):
    try:
        slot.__get__(thing)
    except AttributeError:
        return False
    return True


class Variables(Kept):
    """The variables that a function closes over."""

    def read(self):
        cells = zip(self.thing.__code__.co_freevars, self.thing.__closure__ or (), strict=True)
        self.cells = dict(cells)
        return {name: cell.cell_contents for name, cell in self.cells.items() if _is_assigned(cell)}

    def write(self, keys):
        for key in keys:
            if key in self.before:
                self.cells[key].cell_contents = self.before[key]
            else:
                del self.cells[key].cell_contents

    def said(self, keys):
        return sorted(f"the variable {key} around {self.words}" for key in keys)

    def parts(self):
        return self.before.items()


def _is_assigned(cell):
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:
        return False
    return True


class Items(Kept):
    """What a list or a deque holds, in its order."""

    def read(self):
        return dict(enumerate(self.thing))

    def write(self, keys):
        self.thing.clear()
        self.thing.extend(self.before.values())


class Members(Kept):
    """What a set holds."""

    def read(self):
        return {id(x): x for x in self.thing}

    def write(self, keys):
        self.thing.clear()
        self.thing.update(self.before.values())


class Numbers(Kept):
    """The numbers of an array."""

    def read(self):
        return {"": np.ndarray.view(self.thing, np.ndarray).copy()}  # of exact arrays too

    def changed(self, now, key):
        return now[key].tobytes() != self.before[key].tobytes()

    def write(self, keys):
        if self.thing.shape == self.before[""].shape and self.thing.flags.writeable:
            np.copyto(self.thing, self.before[""])

    def parts(self):
        return ()


class Results(Kept):
    """The results that functools.cache keeps: they are dropped, before the run too, and computed again."""

    def __init__(self, words, thing):
        thing.cache_clear()
        super().__init__(words, thing)

    def read(self):
        return {"": self.thing.cache_info().currsize}

    def write(self, keys):
        self.thing.cache_clear()

    def said(self, keys):
        return [f"the cached results of {self.words}"]

    def parts(self):
        return ()
