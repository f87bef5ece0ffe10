"""What is around a judgement: slow imports, pipes, closed streams, deep directories, samples without a batch."""

import json
import os
import subprocess
import sys

import pytest

from report.sandbox import target
from report.sandbox.examination import never_ending
from report.sandbox.limits import Limits
from report.sandbox.options import Options
from report.sandbox.outcome import without

RIGHT = """import numpy as np
def forward(o):
    e = np.exp(o - o.max(axis=-1, keepdims=True)); return e / e.sum(axis=-1, keepdims=True)
def backward(o, g):
    p = forward(o); return p * (g - (g * p).sum(axis=-1, keepdims=True))
"""
SAMPLE = RIGHT.replace("axis=-1, ", "axis=0, ")
LISTS = """def forward(x, W, b): return x @ W + b
def backward(x, W, b, g): return (g @ W.T).tolist(), (x.T @ g).tolist(), g.sum(0).tolist()
"""
OF_A_BASE = """import numpy as np
class Layer:
    def forward(self, x): raise NotImplementedError
    def backward(self, g): raise NotImplementedError
class Sigmoid(Layer):
    def forward(self, x): self.s = 1 / (1 + np.exp(-x)); return self.s
    def backward(self, g): return g * self.s * (1 - self.s)
"""
DEEP = (
    "import os, sys\nif 'derivations.judge.verify' in sys.modules:\n"
    "    for _ in range(3000): os.mkdir('d'); os.chdir('d')\n"
)
SLOW = "import time; time.sleep(2.5)\n" + RIGHT


@pytest.fixture
def verify(tmp_path):
    """verify(source, *options): the finished process of `gradproof verify` on a file of that source."""

    def run(source, *options, **how):
        (tmp_path / "pass.py").write_text(source)
        command = [sys.executable, "-m", "report", "verify", str(tmp_path / "pass.py"), *options]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, **how)

    return run


@pytest.mark.parametrize(
    ("source", "options"),
    [
        (SAMPLE, ("--as", "softmax", "--one-sample")),
        (LISTS, ("--as", "linear")),
        (DEEP + RIGHT, ("--as", "softmax")),
        ("import numpy\nnumpy.seterr(all='raise')\n" + RIGHT, ("--as", "softmax")),
        ("import sys\nsys.setrecursionlimit(60)\n" + RIGHT, ("--as", "softmax")),
    ],
    ids=("one sample", "results as lists", "deep directories", "floats that raise", "a low limit of recursion"),
)
def test_a_right_pass_is_proved(verify, source, options):
    done = verify(source, *options)
    assert done.returncode == 0 and "PROVED" in done.stdout, done.stdout + done.stderr


def test_the_class_that_is_meant_is_the_one_that_refines_the_others(verify):
    done = verify(OF_A_BASE, "--as", "sigmoid")
    assert done.returncode == 0 and "PROVED" in done.stdout, done.stdout + done.stderr


def test_a_slow_import_is_no_endless_call(tmp_path):
    """It takes longer than a call may, which is 2 seconds here, and less than a judgement."""
    (tmp_path / "slow.py").write_text(SLOW)
    slow, kinds = target.found(str(tmp_path / "slow.py")), ("value", "vjp")
    assert never_ending(slow, Options("softmax"), kinds, Limits(seconds=8)) is None
    assert never_ending(slow, Options("softmax"), kinds, Limits(seconds=1)) is None  # nor is its loading a call


def test_an_object_is_refused_where_one_sample_is_asked_for(verify):
    methods = RIGHT.replace("(o", "(self, o", 1).replace("backward(o", "backward(self, o")
    source = methods.replace("def ", "class Softmax:\n  def ", 1).replace("\ndef backward", "\n  def backward")
    done = verify(source.replace("forward(o); ", "self.forward(o); "), "--as", "softmax", "--one-sample")
    assert done.returncode == 2 and "batch" in done.stdout + done.stderr, done.stdout + done.stderr


def test_a_closed_input_is_no_fault_of_the_code(verify):
    done = verify(RIGHT, "--as", "softmax", preexec_fn=lambda: os.close(0))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_status_is_that_of_the_verdict_when_nobody_reads(tmp_path):
    (tmp_path / "pass.py").write_text(RIGHT.replace("- (g * p)", "+ (g * p)"))
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "report", "verify", str(tmp_path / "pass.py"), "--as", "softmax"]
    assert subprocess.run(command, stdout=write, stderr=subprocess.PIPE, timeout=300).returncode == 1
    os.close(write)


def test_json_is_json_on_a_terminal_without_greek_letters(verify):
    wrong = RIGHT.replace("- (g * p)", "+ (g * p)")
    done = verify(wrong, "--as", "softmax", "--json", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert json.loads(done.stdout)["status"] == "refuted"


def test_a_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pass.py")
    command = [sys.executable, "-m", "report", "verify", str(tmp_path / "pass.py"), "--as", "softmax"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "expected a file" in done.stderr


def test_a_folder_is_taken_from_the_start_of_a_path_alone():
    assert without("see /a/b/c.py", "/a") == "see b/c.py"
    assert without("see /x/a/b/c.py and '/a/d.py'", "/a") == "see /x/a/b/c.py and 'd.py'"
