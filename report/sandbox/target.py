"""What is to be judged, found and read without importing any of it.

FILE.py:NAME              an object or a class with forward and backward
FILE.py:value=f,vjp=g     functions, by what they claim to be
FILE.py                   its functions forward and backward, or its one class that has both
package.module:NAME       the same of a module that Python finds, with or without NAME
"""

import hashlib
import os
import re
import stat
import sys
from dataclasses import dataclass
from importlib.machinery import PathFinder

from derivations.judge.claims import KINDS
from report.failure import CommandFailed

LARGEST = 2 * 2**20  # bytes of a source file
MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


class Unloadable(CommandFailed):
    """The code cannot be loaded; the message says why."""


@dataclass(frozen=True)
class Target:
    """A file and what in it is meant.

    text: as it was written; path: of the file; source: its bytes; module: its name where Python finds it by that, else
    ""; name: of the object or class, or ""; functions: {kind: name}; search: where imports are looked for.
    """

    text: str
    path: str
    source: bytes
    module: str = ""
    name: str = ""
    functions: tuple = ()
    search: tuple = ()

    @property
    def sha256(self):
        return hashlib.sha256(self.source).hexdigest()

    def header(self):
        """What a process needs to load it, beside the source."""
        named = {"name": self.name, "functions": self.functions}
        return {"path": self.path, "module": self.module, "search": self.search, **named}

    def kinds(self, operation):
        """The kinds of answer that are judged: those that are named, or those of forward and backward."""
        if self.functions:
            return tuple(kind for kind, _ in self.functions)
        return usual_kinds(operation)


def usual_kinds(operation):
    """What forward and backward answer."""
    return "value", "gradient" if operation.upstream is None else "vjp"


def found(text):
    """The Target of what was written. Raises: Unloadable where there is no such file, or the names are none."""
    where, names = _split(text)
    name, functions = _names(names, text)
    search = [os.path.abspath(entry) for entry in sys.path]
    if where.endswith(".py") or os.sep in where:
        path, module = os.path.abspath(where), ""
        search.append(os.path.dirname(path))
    else:
        search.append(os.getcwd())
        path, module = _of_module(where, search), where
    return Target(text, path, _read(path), module, name, functions, tuple(dict.fromkeys(search)))


def _split(text):
    """(file or module, what stands behind its last colon)."""
    where, colon, names = text.rpartition(":")
    if not colon or names.endswith(".py") or os.sep in names:  # the colon is part of the file's name
        return text, ""
    if not names:
        raise Unloadable(f"{text}: expected a name behind the colon")
    return where, names


def _names(names, text):
    """(NAME, ((kind, name), …)), one of them empty."""
    if "=" not in names:
        return names, ()
    pairs = [tuple(part.strip() for part in pair.partition("=")[::2]) for pair in names.split(",")]
    for kind, name in pairs:
        if kind not in KINDS or not name:
            raise Unloadable(f"{text}: expected value=f,vjp=g with kinds among {', '.join(KINDS)}; got {kind!r}")
    if len(dict(pairs)) < len(pairs):
        raise Unloadable(f"{text}: the same kind twice")
    return "", tuple(pairs)


def _of_module(name, search):
    """The path of the source of a module, whose packages are not imported for it."""
    if not MODULE.fullmatch(name):
        raise Unloadable(f"{name}: expected FILE.py or package.module, with :NAME behind it")
    places = search
    for depth in range(name.count(".") + 1):
        part = ".".join(name.split(".")[: depth + 1])
        spec = PathFinder.find_spec(part, places) or (_of_an_editable_install(part) if not depth else None)
        if spec is None:
            meant = f"; the file is meant by .{os.sep}{name}" if os.path.isfile(name) else ""
            raise Unloadable(f"{name}: there is no module {part}{meant}")
        places = spec.submodule_search_locations or []
    if not spec.origin or not spec.origin.endswith(".py"):
        raise Unloadable(f"{name}: expected a module with Python source")
    return spec.origin


def _of_an_editable_install(package):
    """The spec of a package that an installer's own finder knows, or None."""
    finders = (getattr(x, "find_spec", None) for x in sys.meta_path if x is not PathFinder)
    return next(filter(None, (find(package, None) for find in finders if find)), None)


def _read(path):
    try:
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:  # a pipe would wait
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Unloadable(f"{path}: expected a file, and it is something else")
            source = file.read(LARGEST + 1)
    except OSError as error:
        raise Unloadable(f"{path}: {error.strerror}") from error
    if len(source) > LARGEST:
        raise Unloadable(f"{path}: more than {LARGEST} bytes of source")
    return source
