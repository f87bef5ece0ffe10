"""All operations of this package, found by looking: a module that defines an `Operation` adds it."""

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import derivations
from derivations.operation import Operation


@cache
def operations():
    """{name: Operation}, in the order of the names."""
    found = {}
    for module in iter_modules(derivations.__path__):
        if not module.ispkg:
            values = vars(import_module(f"derivations.{module.name}")).values()
            found.update({value.name: value for value in values if isinstance(value, Operation)})
    return dict(sorted(found.items()))


def operation(name):
    """The operation of that name; LookupError says which is meant, if one is like it, and lists the names there are."""
    found = operations()
    if name not in found:
        alike = [f"did you mean {x!r}? " for x in get_close_matches(name, found, 1)]
        raise LookupError(f"unknown operation {name!r}: {''.join(alike)}There are {', '.join(found)}")
    return found[name]
