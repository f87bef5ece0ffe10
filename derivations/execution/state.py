"""What the subject remembers: its global variables, containers, objects and classes, as they are before a run.

A run leaves exact numbers behind in whatever the code keeps from call to call. They are taken out again, since they
would meet the next caller's floats; that they were there is an event.
"""

from types import FunctionType, ModuleType

_MISSING = object()


class Memory:
    """A shallow copy of all that code which consists of these globals and values may change."""

    def __init__(self, modules, values, own):
        self._own = own  # class -> whether it is the subject's
        self._kept = []  # (words, the dict or list itself, its contents)
        self._seen = set()
        for names in modules:
            self._keep(f"the module {names.get('__name__')}", names)
            for name, value in list(names.items()):
                if not name.startswith("__"):
                    self._part(name, value)
        for value in values:
            self._part(f"a {type(value).__name__}", value)

    def _part(self, words, value):
        if isinstance(value, (dict, list)):
            self._keep(words, value)
        elif isinstance(value, FunctionType):
            for default in (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()):
                if isinstance(default, (dict, list)):
                    self._keep(f"a default argument of {value.__name__}", default)
        elif isinstance(value, type):
            for name, part in vars(value).items():
                if isinstance(part, (dict, list)) and not name.startswith("__"):
                    self._keep(f"{value.__name__}.{name}", part)
        elif self._own(type(value)) and type(getattr(value, "__dict__", None)) is dict:
            self._keep(words, vars(value))

    def _keep(self, words, thing):
        if id(thing) not in self._seen:
            self._seen.add(id(thing))
            self._kept.append((words, thing, thing.copy()))

    def restore(self):
        """Everything as it was; what had changed, in words."""
        changed = []
        for words, thing, before in self._kept:
            if isinstance(thing, dict):
                names = _restored(thing, before)
                changed += [f"{words} ({', '.join(names)})"] if names else []
            elif len(thing) != len(before) or any(a is not b for a, b in zip(thing, before, strict=True)):
                thing[:] = before
                changed.append(words)
        return changed


def _restored(thing, before):
    """The names that a dict had other values for, or none."""
    names = [key for key in thing.keys() | before.keys() if thing.get(key, _MISSING) is not before.get(key, _MISSING)]
    names = [key for key in names if not isinstance(thing.get(key), ModuleType)]  # imported meanwhile
    for key in names:
        if key in before:
            thing[key] = before[key]
        else:
            del thing[key]
    return sorted(str(name) for name in names if not str(name).startswith("__"))
