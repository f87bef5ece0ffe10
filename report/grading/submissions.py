"""The submissions of a directory: its source files and those of the directories in it."""

import os
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path

from report.failure import CommandFailed


@dataclass(frozen=True)
class Submission:
    """name: its path below the directory, with slashes, as it can be printed; path: where it is."""

    name: str
    path: str


def found(directory, out, pattern="*.py"):
    """[Submission, …] sorted by name: regular files, none of them hidden, below `out`, or linked from elsewhere.

    Raises: CommandFailed where there is no such directory, nothing in it that the pattern fits, or one name for two;
    OSError where a directory in it cannot be read.
    """
    directory = Path(directory)
    if not directory.is_dir():
        raise CommandFailed(f"{str(directory)!r}: expected a directory of submissions")
    root, out = directory.resolve(), Path(out).resolve()
    if out == root:
        raise CommandFailed(f"{str(directory)!r}: the results need a directory of their own")
    paths = [path for path in _files(root, out) if fnmatch(path.name, pattern) and _is_within(path, root)]
    if not paths:
        raise CommandFailed(f"{str(directory)!r}: there is no file {pattern} in it")
    named = [Submission(_text(path.relative_to(root)), str(path)) for path in paths]
    return _told_apart(sorted(named, key=lambda x: x.name))


def _told_apart(named):
    """The same submissions, once each has a name of its own: one result is kept under each name."""
    for one, other in pairwise(named):
        if one.name == other.name:
            raise CommandFailed(f"{one.name!r}: two submissions have that name when it is printed; rename one of them")
    return named


def _text(path):
    """The path with slashes, and with escapes for what is no text."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _files(root, out):
    for where, directories, names in os.walk(root, onerror=_refuse):
        here = Path(where)
        directories[:] = [x for x in directories if x[0] != "." and x != "__pycache__" and here / x != out]
        yield from (here / name for name in names if not name.startswith("."))


def _refuse(error):
    """A directory that cannot be read may hold submissions; none is left out in silence."""
    raise error


def _is_within(path, root):
    """Whether it is a file of this directory, and not a link to another place, a pipe or a device."""
    return path.is_file() and path.resolve().is_relative_to(root)
