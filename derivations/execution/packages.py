"""Which modules belong to the subject: neither Python's, nor installed, nor this package's."""

import sys
import sysconfig

INSTALLED = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
OURS = {"nnlib", "report"}  # subjects wherever they are installed
NEVER = {"derivations"}  # this very code


def package(value):
    """The name of the package that a function, a class or an object comes from."""
    value = getattr(value, "func", value)  # of a partial
    module = getattr(value, "__module__", None) or type(value).__module__
    return str(module).split(".")[0]


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
    return file is None or not file.startswith(INSTALLED)
