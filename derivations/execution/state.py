"""What the subject remembers, wherever it keeps it, as it is before a run.

A run leaves exact numbers behind in whatever the code keeps from call to call. They are taken out again, since they
would meet the next caller's floats; that they were there is an event. The judge goes back to the same state to see what
the code answers when nothing was called before.
"""

from collections import deque
from functools import _lru_cache_wrapper, cached_property, partial
from itertools import chain, islice
from types import FunctionType, MethodType

import numpy as np

from derivations.execution import kept
from derivations.execution.kept import slots

LARGE = 10**5  # entries of an array that is copied: what is larger is data, and no cache
MANY = 10**4  # parts of one container that are looked into
KEEPERS = ("collections", "types", "weakref", "_thread")  # whose objects hold what others put there
_CONTAINERS = (dict, list, tuple, set, frozenset, deque, np.ndarray)
_AROUND = (MethodType, partial, staticmethod, classmethod, property, cached_property, _lru_cache_wrapper)
_MADE_OF = ("__func__", "__self__", "func", "args", "keywords", "fget", "fset", "__wrapped__")
_PLAIN = (int, float, complex, str, bytes, bool, type(None), np.generic)


class Memory:
    """A copy of all that code which consists of these globals and values may change; own(class): is it the code's?"""

    def __init__(self, modules, values, own):
        self._own = own
        self._kept = [kept.Globals("", names) for names in modules]
        self._seen = {id(names): names for names in modules}  # with the values, so that no id comes twice
        named = (part for x in self._kept for part in x.parts())
        last = sorted(values, key=lambda x: isinstance(x, _CONTAINERS))  # those that a variable names come with it
        waiting = [*named, *((f"a {type(value).__name__}", value) for value in last)][::-1]
        while waiting:
            waiting += self._parts(*waiting.pop())

    def _parts(self, words, value):
        """Keep what the value holds; (words, part) for all that may hold something in turn."""
        if isinstance(value, _PLAIN) or id(value) in self._seen or not self._is_looked_into(value):
            return []
        self._seen[id(value)] = value
        if isinstance(value, type | FunctionType | _lru_cache_wrapper):
            words = value.__name__
        elif not isinstance(value, _CONTAINERS):
            words = type(value).__name__
        holds = [kind(words, thing) for kind, thing in kinds(value)]
        self._kept += holds
        return islice(chain(*(x.parts() for x in holds), _others(words, value)), MANY)

    def _is_looked_into(self, value):
        """Whether it is a container, or the subject's own."""
        if isinstance(value, type | FunctionType | _lru_cache_wrapper):
            return self._own(value)
        if isinstance(value, (*_CONTAINERS, *_AROUND)) or type(value).__module__ in KEEPERS:
            return True
        return self._own(type(value))

    def restore(self):
        """Everything as it was; what had changed, in words."""
        moved = [x for x in self._kept if not x.stands()]
        return list(dict.fromkeys(words for x in moved for words in x.restore()))


def _others(words, value):
    """(words, part) for what a value is made of and does not change."""
    if isinstance(value, tuple | frozenset):
        return [(words, x) for x in value]
    if isinstance(value, FunctionType):
        defaults = (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values())
        return [(f"a default argument of {words}", x) for x in defaults]
    if isinstance(value, type):
        return [(words, kind) for kind in value.__mro__]
    made_of = [(words, getattr(value, name, None)) for name in _MADE_OF] if isinstance(value, _AROUND) else []
    return [*made_of, (words, type(value))]


def kinds(value):
    """[(class of Kept, thing), …]: all that a value holds, its class and its parts apart."""
    found = [x for x in (_container(value), _with_attributes(value)) if x is not None]
    if isinstance(value, FunctionType) and value.__closure__:
        found.append((kept.Variables, value))
    if not isinstance(value, type) and slots(type(value)):
        found.append((kept.Slots, value))
    return found


def _container(value):
    if isinstance(value, dict):
        return kept.Entries, value
    if isinstance(value, list | deque):
        return kept.Items, value
    if isinstance(value, set):
        return kept.Members, value
    if isinstance(value, np.ndarray):
        return (kept.Numbers, value) if value.size <= LARGE else None
    return (kept.Results, value) if isinstance(value, _lru_cache_wrapper) else None


def _with_attributes(value):
    if isinstance(value, type):
        return kept.ClassAttributes, value
    attributes = getattr(value, "__dict__", None)
    return (kept.Attributes, attributes) if type(attributes) is dict else None
