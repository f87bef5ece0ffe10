"""Where exact execution ends: the exception that says so, and the line of the subject's code at which it happened."""

import linecache
import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb

_PACKAGE = str(Path(__file__).parent.parent) + os.sep  # derivations: the judge and its engine
_LIBRARIES = (
    _PACKAGE,
    *{sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib")},
    "<frozen ",
    "<__array_function__",
)
RUN = "run_exactly"  # the function that calls the subject
LINE = 300  # characters that an exception of the subject may have
_INSTALLED = (
    "/site-packages/numba/",
    "/site-packages/numpy/",
    "/site-packages/scipy/",
    "/site-packages/mpmath/",
    "/site-packages/sympy/",
)


@dataclass(frozen=True)
class Place:
    """A line of code."""

    file: str
    line: int
    source: str

    def __str__(self):
        return f"{_from_here(self.file)}, line {self.line}" + (f": {self.source}" if self.source else "")


def _from_here(file):
    """The file as seen from the working directory, so that what is said does not hang on where that lies."""
    try:
        return file.removeprefix(os.path.join(os.getcwd(), ""))
    except FileNotFoundError:  # the working directory is gone
        return file


NOWHERE = Place("<unknown>", 0, "")


class CannotTrace(Exception):
    """Code leaves exact arithmetic: `reason`, and the `place` in the subject's own code where it does."""

    def __init__(self, reason, place=None):
        self.reason, self.place = reason, here() if place is None else place
        super().__init__(reason, self.place)

    def __str__(self):
        return self.reason if self.place == NOWHERE else f"{self.reason} ({self.place})"


class Raised(CannotTrace):
    """The code itself raises: an exception of its own, in words."""


class Left(Exception):
    """The code was left by what is no Exception, such as pytest's Failed; `by` is that."""

    def __init__(self, by):
        super().__init__(by)
        self.by = by


def in_words(error):
    """'ValueError: what it says' in a line of LINE characters at most, whatever the exception does when it is asked."""
    error = error.by if isinstance(error, Left) else error
    try:
        says = str(error)
    except (Exception, SystemExit):
        says = ""
    return " ".join(f"{type(error).__name__}: {says[:LINE]}".split()).rstrip(":")[:LINE]


def here():
    """The line of the subject that is running: the innermost frame that is no library's and not this package's.

    Whoever asked for the run stands further out than the run itself, and is not the subject.
    """
    frame = sys._getframe(1)
    while frame is not None and _is_library(frame.f_code.co_filename):
        frame = None if frame.f_code.co_name == RUN and frame.f_code.co_filename.startswith(_PACKAGE) else frame.f_back
    return NOWHERE if frame is None else _place(frame.f_code.co_filename, frame.f_lineno)


def raised_at(error):
    """The innermost line of the subject in the traceback of an exception."""
    found = NOWHERE
    for frame, line in walk_tb(error.__traceback__):
        if not _is_library(frame.f_code.co_filename):
            found = _place(frame.f_code.co_filename, line)
    return found


def _place(file, line):
    return Place(file, line, linecache.getline(file, line).strip())


def _is_library(file):
    installed = "/site-packages/" in file or "/dist-packages/" in file
    if installed and not file.startswith(_PACKAGE):
        return any(name in file.replace("dist-packages", "site-packages") for name in _INSTALLED)
    return file.startswith(_LIBRARIES)
