"""Grading a directory: each submission once, whatever happens between, and the files that come of it."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from report.__main__ import main
from report.failure import CommandFailed
from report.grading import job, submissions
from report.grading.grade import grade
from report.sandbox.limits import Limits
from report.sandbox.options import Options
from tests.report.grading.grading_runs import ASKED, graded

SUBMITTED = Path(__file__).parents[2] / "submissions"
ROOT = Path(__file__).parents[3]


def test_each_has_a_score_and_a_reason(folder, judged, tmp_path):
    found = graded(folder, tmp_path / "out")
    assert [(x.name, x.status, x.score, x.diagnosis, x.reason) for x in found] == [
        ("anna/softmax.py", "proved", 1.0, "", "is proved"),
        ("bela/softmax.py", "refuted", 0.0, "sign", "is refuted"),
        ("c.py", "abstained", None, "", "is abstained"),
        ("d.py", "verified", 1.0, "", "is verified"),
    ]
    assert len(judged) == 4


def test_a_second_run_judges_what_has_changed(folder, judged, tmp_path):
    first = graded(folder, tmp_path / "out")
    judged.clear()
    assert graded(folder, tmp_path / "out") == first and not judged
    (folder / "c.py").write_text("proved")
    (folder / "new.py").write_text("refuted")
    assert [x.status for x in graded(folder, tmp_path / "out")] == [
        "proved",
        "refuted",
        "proved",
        "verified",
        "refuted",
    ]
    assert sorted(judged) == ["c.py", "new.py"]


@pytest.mark.parametrize(
    "asked",
    [job.Asked(Options("tanh"), Limits()), job.Asked(Options("softmax"), Limits(seconds=5))],
    ids=["another operation", "other limits"],
)
def test_another_question_is_asked_of_all(folder, judged, tmp_path, asked):
    graded(folder, tmp_path / "out")
    graded(folder, tmp_path / "out", asked=asked)
    assert len(judged) == 8


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "[]",
        lambda text: text.replace('"refuted"', '"proved"'),
        lambda text: text.replace('"score": 0.0', '"score": 1.0'),
        lambda text: text.replace('"format": 2', '"format": 0'),
        lambda text: text.replace('"name"', '"nome"'),
        lambda text: text.replace('"seconds": 0.5', '"seconds": "0.5"'),
        lambda text: text.replace('"seconds": 0.5', '"seconds": Infinity'),
        lambda text: text.replace('"reason": "is refuted"', '"reason": null'),
        lambda text: json.dumps({**json.loads(text), "status": []}),
        lambda text: json.dumps({**json.loads(text), "outcome": None}),
        lambda text: json.dumps({**json.loads(text), "status": "proved", "score": 1.0}),
        lambda text: "[" * 10**6,
    ],
)
def test_a_result_that_was_tampered_with_is_judged_again(folder, judged, tmp_path, spoil):
    first = graded(folder, tmp_path / "out")
    path = tmp_path / "out/results/bela/softmax.py.json"
    whole = path.read_text()
    path.write_text(spoil(whole))
    assert path.read_text() != whole
    judged.clear()
    assert graded(folder, tmp_path / "out") == first and judged == ["softmax.py"]


def test_an_interrupted_run_is_gone_on_from(folder, judged, tmp_path):
    def interrupt(done, number):
        if len(done) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        graded(folder, tmp_path / "out", at_once=1, progress=interrupt)
    assert len(judged) == 2 and not (tmp_path / "out" / "table.csv").exists()
    assert len(graded(folder, tmp_path / "out")) == 4 and len(judged) == 4


class Falling:
    """An executor that breaks down after two submissions."""

    def __init__(self):
        self.left = 2

    def submit(self, function, *arguments):
        self.left -= 1
        if self.left < -1:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = Future()
        if self.left < 0:
            future.set_exception(BrokenExecutor("a process was killed"))
        else:
            future.set_result(function(*arguments))
        return future


def test_what_a_broken_executor_holds_is_tried_again_later(folder, judged, tmp_path):
    found = grade(folder, ASKED, tmp_path / "out", Falling())
    assert [x.status for x in found] == ["proved", "refuted", "not judged", "not judged"]
    assert "BrokenExecutor: a process was killed" in found[2].reason and found[2].score is None
    student = json.loads((tmp_path / "out/gradescope/c.py.json").read_text())["tests"][0]
    assert "not been judged yet" in student["output"] and "a person" not in student["output"]
    judged.clear()
    assert [x.status for x in graded(folder, tmp_path / "out")][2:] == ["abstained", "verified"]
    assert sorted(judged) == ["c.py", "d.py"]


def test_no_more_than_so_many_are_held_at_once(folder, judged, tmp_path):
    held, most = set(), []

    class Counting(Falling):
        def submit(self, function, *arguments):
            future = Future()
            held.add(future)
            most.append(len(held))
            if len(held) == 2:
                for one in list(held):
                    held.discard(one)
                    one.set_result(function(*arguments))
            return future

    assert len(grade(folder, ASKED, tmp_path / "out", Counting(), at_once=2)) == 4
    assert max(most) == 2


def test_threads_of_our_own_judge_where_no_executor_is_given(folder, judged, tmp_path):
    assert len(grade(folder, ASKED, tmp_path / "out")) == len(judged) == 4


def test_nothing_is_judged_where_nothing_can_be_written(folder, judged, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OSError, match="cannot write"):
        graded(folder, tmp_path / "out")
    assert not judged


def test_wrong_usage(folder, tmp_path, capsys):
    for arguments, words in [
        ([str(tmp_path / "nowhere"), "--as", "softmax"], "expected a directory"),
        ([str(folder / "c.py"), "--as", "softmax"], "expected a directory"),
        ([str(folder), "--as", "softmax", "--pattern", "*.txt"], "no file *.txt"),
        ([str(folder), "--as", "softmaxx"], "unknown operation"),
        ([str(folder), "--as", "softmax-cce-hessian"], "there is no 'value'"),
        ([str(folder), "--as", "softmax", "--jobs", "0"], "--jobs"),
    ]:
        assert main(["grade", *arguments, "-o", str(tmp_path / "out")]) == 2
        captured = capsys.readouterr()
        assert words in captured.err and not captured.out
    assert not (tmp_path / "out").exists()
    with pytest.raises(CommandFailed, match="a directory of their own"):
        submissions.found(folder, folder)


@pytest.mark.parametrize("executor", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_real_submissions(executor, tmp_path):
    made = tmp_path / "submitted"
    made.mkdir()
    for name in ("right_softmax", "wrong_softmax_diagonal", "hostile_syntax_error"):
        (made / f"{name}.py").write_bytes((SUBMITTED / f"{name}.py").read_bytes())
    with executor(2) as running:
        found = grade(made, ASKED, tmp_path / "out", running)
    assert [(x.status, x.score, x.diagnosis) for x in found] == [
        *(("unloadable", 0.0, ""), ("proved", 1.0, ""), ("refuted", 0.0, "diagonal-only"))
    ]
    assert "want" in found[2].text and "want" not in found[2].student


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_is_ended_is_gone_on_from(by, tmp_path):
    made, out = tmp_path / "submitted", tmp_path / "out"
    made.mkdir()
    (made / "a.py").write_bytes((SUBMITTED / "right_softmax.py").read_bytes())
    (made / "b.py").write_bytes((SUBMITTED / "hostile_endless_loop.py").read_bytes())
    command = [sys.executable, "-m", "report", "grade", str(made), "--as", "softmax", "-o", str(out), "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    running = subprocess.Popen([*command, "--time", "3000"], env=environment, stderr=subprocess.PIPE, text=True)
    kept = out / "results" / "a.py.json"
    while not kept.exists():
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(by)
    _, told = running.communicate(timeout=300)  # rather than for ever, where the signal is lost
    written = kept.stat().st_mtime_ns
    assert running.returncode == (2 if by == signal.SIGTERM else -signal.SIGKILL)
    if by == signal.SIGTERM:
        assert "stopped; what was judged is in" in told and "Traceback" not in told
        assert not list(tmp_path.glob("gradproof-*"))
    (made / "b.py").write_bytes((SUBMITTED / "wrong_softmax_diagonal.py").read_bytes())
    subprocess.run([*command, "--time", "3000"], env=environment, check=True, stdout=subprocess.DEVNULL)
    assert kept.stat().st_mtime_ns == written and (out / "table.csv").exists()
