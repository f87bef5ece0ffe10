"""The subject's names are exact during a run and its own before and after; what it remembers is taken out again."""

import math
import sys
import threading
import time
from functools import partial
from math import exp
from pathlib import Path
from types import ModuleType

import numpy
import numpy as np
import pytest
from numpy import float64, zeros
from numpy.linalg import norm

from derivations.execution import packages
from derivations.execution.cannot_trace import CannotTrace, _is_library
from derivations.execution.exact import run_exactly
from derivations.execution.subject import Subject, exact_names
from report.passes import forward
from tests.derivations.execution.exact_inputs import X, run, unknowns

NAMES = ("np", "numpy", "math", "exp", "zeros", "norm", "float64")


def own_names():
    return {name: id(globals()[name]) for name in NAMES}


def every_name(x):
    made = np.zeros(2), numpy.ones(2), zeros(2), np.array([1.0])
    made[0][0] = made[1][1] = made[2][0] = x[0, 0]
    return exp(x[0, 0]), math.exp(x[0, 0]), norm(x), float64(x[0, 0]), float(x[0, 1]), made


def local_imports(x):
    import math as m

    import numpy as other
    from numpy import zeros as nil

    made = other.zeros(2)
    made[0] = nil(1)[0] + x[0, 0]
    return made, m.exp(x[0, 0])


def test_names_are_exact_during_a_run_and_restored():
    before = own_names()
    seen = run(lambda x: (tuple(own_names().values()), every_name(x))[0]).outputs
    assert own_names() == before and "float" not in globals()
    assert all(during.args[0] != then for during, then in zip(seen, before.values(), strict=True))


def test_names_are_restored_after_an_exception():
    before = own_names()
    with pytest.raises(CannotTrace):
        run(lambda x: np.sin(x))
    with pytest.raises(CannotTrace, match="SystemExit"):
        run(lambda x: exit())
    assert own_names() == before and "float" not in globals() and __import__ is __builtins__["__import__"]


def test_imports_inside_functions_are_exact_too():
    importing = __import__
    made, number = run(local_imports).outputs
    assert repr(made[0]) == "x[1,1]" and repr(number) == "exp(x[1,1])"
    assert __import__ is importing


def test_names_in_closures_are_exact():
    library = np

    def subject(x):
        made = library.zeros(1)
        made[0] = x[0, 0]
        return made

    assert repr(run(subject).outputs[0]) == "x[1,1]"
    assert library is np and isinstance(library, ModuleType)


def test_modules_that_the_subject_imports_belong_to_it():
    files = {names["__name__"] for names in Subject(lambda x: forward.softmax(x)).modules}
    assert {__name__, "report.passes.forward"} <= files
    assert not any(name.startswith(("numpy", "derivations.execution", "pytest", "math")) for name in files)


class Layer:
    count = []

    def __init__(self):
        self.seen = None

    def __call__(self, x):
        self.seen = x
        Layer.count.append(x)
        return x + 1

    def method(self, x):
        return self(x)


@pytest.mark.parametrize(
    "call", [Layer(), Layer().method, partial(Layer.method, Layer())], ids=["object", "method", "partial"]
)
def test_objects_are_left_as_they_were(call):
    result = run(call)
    assert repr(result.outputs[0, 0]) == "add(x[1,1], const(Fraction(1, 1)))"
    assert Layer.count == [] and any("seen" in event for event in result.events)


_cache = {}
_last = None


def remembering(x, kept=[]):  # noqa: B006  (the mistake that is to be found)
    global _last
    _last = x
    _cache["x"] = x
    kept.append(x)
    return x


def test_what_is_remembered_is_an_event_and_taken_out():
    events = " ".join(run(remembering).events)
    assert _cache == {} and _last is None and remembering.__defaults__ == ([],)
    assert "_cache (x)" in events and "_last" in events and "a default argument of remembering" in events


def slow(x):
    time.sleep(0.02)
    return every_name(x)


def test_runs_in_threads_take_turns():
    """Globals are the process's: two runs at once would put back each other's names."""
    before, finished = own_names(), set()
    made, numbers = unknowns("x", X)
    threads = [
        threading.Thread(target=lambda k=k: finished.add((run_exactly(slow, [made], numbers), k)[1])) for k in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert own_names() == before and finished == {0, 1, 2, 3}


def test_names_are_exact_inside_only():
    with exact_names(Subject(every_name), print):
        assert np is not numpy or not isinstance(np, ModuleType)
    assert isinstance(np, ModuleType)


def test_a_module_made_by_hand_is_a_subject(tmp_path):
    """As a judge loads a file: neither imported nor installed."""
    module = ModuleType("submission")
    code = "import numpy as np\ndef f(x):\n    out = np.zeros(x.shape)\n    out[0] = x[0]\n    return out\n"
    exec(compile(code, tmp_path / "submission.py", "exec"), vars(module))
    assert repr(run(module.f).outputs[0, 0]) == "x[1,1]"


@pytest.mark.parametrize(
    ("file", "mine"),
    [
        ("/home/me/.local/lib/python3.12/site-packages/other.py", False),
        ("/usr/lib/python3/dist-packages/other.py", False),
        ("{installed}/other.py", False),
        ("{installed}_of_mine/other.py", True),
        ("/home/me/course/other.py", True),
    ],
)
def test_what_is_installed_anywhere_is_not_the_subject(file, mine, monkeypatch):
    module = ModuleType("other_module")
    module.__file__ = file = file.format(installed=packages.INSTALLED[0].rstrip("/"))
    monkeypatch.setitem(sys.modules, "other_module", module)
    assert packages.belongs("other_module", frozenset()) == mine
    monkeypatch.setattr(np, "__file__", file)
    assert not packages.belongs("numpy", frozenset())


def test_a_folder_whose_name_begins_like_the_package_is_not_the_package():
    assert not _is_library(f"{Path(packages.__file__).parents[1]}_hw/mine.py")
    assert _is_library(packages.__file__)
