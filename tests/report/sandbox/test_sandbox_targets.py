"""What is judged: files and modules by name, objects and functions in them, and the bytes that are hashed."""

import hashlib
import os
import signal
import sys
import time
from importlib.util import spec_from_file_location

import pytest

from report.sandbox import loading, process, target, worker
from report.sandbox.judging import judged
from report.sandbox.limits import Limits
from report.sandbox.options import Options

PASSES = """
import numpy as np
from helper import softmax

class Passes:
    def forward(self, o):
        return softmax(o)
    def backward(self, o, g):
        p = softmax(o)
        return p * (g - (g * p).sum(axis=1, keepdims=True))

class Loss:
    def forward(self, o, y):
        d = o - o.max(axis=1, keepdims=True)
        return -(y * (d - np.log(np.exp(d).sum(axis=1, keepdims=True)))).sum() / len(o)
    def backward(self, o, y):
        return (softmax(o) - y) / len(o)

class Other:
    def forward(self): ...
    backward = forward

class space:
    value = Passes().forward
    made = Passes()

def single(o):
    e = np.exp(o - o.max())
    return e / e.sum()

def jacobian(o):
    p = single(o)
    return np.diag(p) - np.outer(p, p)

def smoothed(o, y):
    r = 0.9 * y + 0.1 / o.shape[1]
    return (softmax(o) - r) / len(o)
"""
HELPER = """
import numpy as np

def softmax(o):
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("raise SystemExit('not to be imported by the tool')\n")
    for where in (tmp_path, tmp_path / "a:b.d"):
        where.mkdir(exist_ok=True)
        (where / "passes.py").write_text(PASSES)
        (where / "helper.py").write_text(HELPER)
    (tmp_path / "package" / "inner.py").write_text(PASSES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("passes.py:Passes", {}),
        ("passes:Passes", {}),
        ("a:b.d/passes.py:Passes", {}),
        ("passes.py:space.made", {}),
        ("passes.py:value=space.value,vjp=space.made.backward", {}),
        ("passes.py:value=single", {"batched": False}),
        ("passes.py:jacobian=jacobian", {}),  # of one sample, as the judge finds out
        ("passes.py:gradient=smoothed", {"operation": "label-smoothing", "parameters": {"epsilon": 0.1}}),
        ("passes.py:Loss", {"operation": "softmax-cce"}),
    ],
)
def test_what_is_named_is_judged(folder, text, options):
    found = judged(target.found(text), Options(**{"operation": "softmax", **options}), Limits())
    assert found.status == "proved", found.text()
    assert found.sha256 == hashlib.sha256(PASSES.encode()).hexdigest()


def test_a_convention_is_accepted_where_it_may_be(folder):
    (folder / "summed.py").write_text(PASSES.replace(" / len(o)", ""))
    where = target.found("summed.py:Loss")
    strict = judged(where, Options("softmax-cce"), Limits())
    assert strict.status == "refuted" and strict.verdict.diagnosis[0].convention
    lenient = judged(where, Options("softmax-cce", conventions="report"), Limits())
    assert lenient.status == "proved" and lenient.verdict.notes[0].startswith("up to a convention")


def test_several_classes_have_to_be_told_apart(folder):
    found = judged(target.found("passes.py"), Options("softmax"), Limits())
    assert found.status == "unloadable" and "several classes with forward and backward" in found.reason


def test_finding_a_module_imports_nothing(folder):
    found = target.found("package.inner:Passes")  # whose package would end the process
    assert found.path == str(folder / "package" / "inner.py")
    assert judged(found, Options("softmax"), Limits()).status == "unloadable"


def test_an_editable_install_is_found(tmp_path, monkeypatch):
    (tmp_path / "elsewhere.py").write_text(PASSES)

    class Finder:
        @staticmethod
        def find_spec(name, path=None, where=None):
            return spec_from_file_location(name, tmp_path / "elsewhere.py") if name == "installed" else None

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder])
    assert target.found("installed:Passes").path == str(tmp_path / "elsewhere.py")
    with pytest.raises(target.Unloadable, match="there is no module other"):
        target.found("other:Passes")


def test_a_file_without_a_suffix_is_told_how_it_is_meant(folder):
    (folder / "noext").write_text(PASSES)
    with pytest.raises(target.Unloadable, match=r"there is no module noext; the file is meant by \./noext"):
        target.found("noext")
    assert target.found("./noext").path == str(folder / "noext")


def test_a_function_alone_does_not_say_what_it_gives(monkeypatch):
    header = {"module": "", "path": "one.py", "functions": [], "name": "f"}
    monkeypatch.setitem(sys.modules, "submission", None)
    with pytest.raises(loading.NotFound, match="'f' is a function; .* FILE.py:value=f"):
        loading.loaded(header, b"def f(o): return o")


def test_what_is_judged_is_what_was_read(folder):
    """The file is changed after it was found: the verdict is on the bytes of the hash."""
    found = target.found("passes.py:Passes")
    (folder / "passes.py").write_text("raise SystemExit")
    assert judged(found, Options("softmax"), Limits()).status == "proved"


def test_a_module_that_changed_since_is_not_judged(folder):
    (folder / "mine.py").write_text((folder / "passes.py").read_text())
    found = target.found("mine:Passes")
    (folder / "mine.py").write_text((folder / "passes.py").read_text() + "\n# changed\n")
    outcome = judged(found, Options("softmax"), Limits())
    assert outcome.status == "unloadable" and "changed since it was read" in outcome.problem


def test_a_process_that_cannot_start_leaves_nothing_behind(folder, monkeypatch):
    def refused(*_, **__):
        raise OSError("no process")

    monkeypatch.setattr(worker.subprocess, "Popen", refused)
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else None
    for _ in range(3):
        with pytest.raises(OSError, match="no process"):
            judged(target.found("passes.py:Passes"), Options("softmax"), Limits())
    assert not worker._running
    assert before is None or len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"operation": "softmax", "conventions": "lax"}, "expected conventions"),
        ({"operation": "softmax", "parameters": {"o": 1.0}}, "with 2 axes"),
        ({"operation": "label-smoothing", "parameters": {"epsilon": "much"}}, "as numbers"),
    ],
)
def test_options_that_are_none(options, words):
    with pytest.raises(ValueError, match=words):
        Options(**options)


def test_a_file_that_is_no_source(folder):
    (folder / "binary.py").write_bytes(b"\x00\xff\xfe")
    assert judged(target.found("binary.py"), Options("softmax"), Limits()).status == "unloadable"
    (folder / "endless.py").write_bytes(b"#" * (target.LARGEST + 1))
    with pytest.raises(target.Unloadable, match="bytes of source"):
        target.found("endless.py")


@pytest.mark.parametrize("grouped", [True, False])
def test_where_children_are_not_listed_the_worker_is_killed(grouped):
    pid = os.fork()
    if not pid:
        if grouped:
            os.setpgid(0, 0)
        signal.pause()
    time.sleep(0.2)  # for its group; without one it is killed all the same
    process._end_group(pid)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
