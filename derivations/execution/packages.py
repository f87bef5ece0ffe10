"""Which modules belong to the subject: neither Python's, nor installed, nor this package's."""

import os
import sys
import sysconfig
from functools import partial

INSTALLED = tuple(sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib"))
FOLDERS = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")  # of a user, a distribution
OURS = {"nnlib", "report"}  # subjects wherever they are installed
NEVER = {"derivations", "numpy", "sympy", "mpmath"}  # this very code and what it stands on, wherever that lies


def package(value):
    """The name of the package that a function, a class or an object comes from."""
    if isinstance(value, partial):
        value = value.func
    try:
        module = getattr(value, "__module__", None)
    except Exception:  # of an object that answers for every attribute
        module = None
    return str(module or type(value).__module__).split(".")[0]


def belongs(module, roots):
    """Whether the module of that name is the subject's; roots: names of packages that are, though installed.

    A module that was made by hand, and not imported, is somebody's.
    """
    name = module.split(".")[0]
    if name in NEVER or name in sys.stdlib_module_names:
        return False
    if name in roots or name in OURS or module not in sys.modules:
        return True
    file = getattr(sys.modules[module], "__file__", None)
    return file is None or not (file.startswith(INSTALLED) or any(folder in file for folder in FOLDERS))
