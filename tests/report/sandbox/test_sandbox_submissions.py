"""gradproof verify on the files of tests/submissions: what each is said to be, whatever it does to its process."""

import glob
import json
import os
import sys
import tempfile
from pathlib import Path

import pytest

from report.__main__ import main
from report.sandbox import ends, judging, target
from report.sandbox.limits import Limits
from report.sandbox.options import Options

FOLDER = Path(__file__).parents[2] / "submissions"
NEVER = Limits(seconds=2)  # for what would not end in a year either

# {file: (status, what the first diagnosis or the text says)}
EXPECTED = {
    "right_softmax": ("proved", ""),
    "right_softmax_chatty": ("verified", "prints "),
    "right_softmax_cross_entropy": ("proved", ""),
    "wrong_softmax_cross_entropy_batch": ("refuted", "batch-missing"),
    "wrong_softmax_diagonal": ("refuted", "diagonal-only"),
    "wrong_softmax_in_place": ("refuted", "mutates-upstream"),
    "hostile_agreeable_array": ("refuted", "the gradient by o"),
    "hostile_clears_its_arguments": ("refuted", "mutates-input"),
    "hostile_cleverly_right": ("refuted", "forged"),
    "hostile_endless_import": ("unloadable", "does not end within 2 seconds"),
    "hostile_endless_loop": ("refuted", "timeout"),
    "hostile_exit": ("refuted", "SystemExit"),
    "hostile_floods_the_line": ("refuted", "forged"),
    "hostile_forges_a_verdict": ("refuted", "forged"),
    "hostile_hard_exit": ("refuted", "leaves the process with status"),
    "hostile_kills_its_parents": ("refuted", "the code "),
    "hostile_kills_itself": ("refuted", "SIGKILL"),
    "hostile_large_answer": ("refuted", "wrong-shape"),
    "hostile_long_words": ("refuted", "no no no"),
    "hostile_many_constants": ("proved", "and 31 more like these"),
    "hostile_memory": ("refuted", "[memory]"),
    "hostile_missing_name": ("unloadable", "its functions and classes: forward, gradient"),
    "hostile_no_text": ("refuted", "bad � text"),
    "hostile_output": ("proved", "characters in all its calls, beginning with"),
    "hostile_patches_numpy": ("refuted", "the gradient by o"),
    "hostile_processes": ("proved", ""),
    "hostile_raises": ("refuted", "not today"),
    "hostile_reads_frames": ("refuted", "the gradient by o"),
    "hostile_recursion": ("refuted", "RecursionError"),
    "hostile_swallows_interrupts": ("refuted", "timeout"),
    "hostile_syntax_error": ("unloadable", "SyntaxError"),
    "hostile_unspeakable": ("refuted", "Unspeakable"),
    "hostile_warns": ("proved", "UserWarning"),
    "hostile_writes_files": ("proved", ""),
    "hostile_writes_to_the_line": ("refuted", "forged"),
    "hostile_wrong_types": ("refuted", "where numbers are expected"),
}
ENDLESS = {name for name, (_, words) in EXPECTED.items() if words == "timeout" or name == "hostile_endless_import"}


def operation(name):
    return "softmax-cce" if "cross_entropy" in name else "softmax"


def judged(name, **limits):
    limits = NEVER if name in ENDLESS else Limits(**limits)
    return judging.judged(target.found(str(FOLDER / f"{name}.py")), Options(operation(name)), limits)


def test_every_submission_is_expected_to_be_something():
    assert {path.stem for path in FOLDER.glob("*.py")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_submission_is_what_it_is(name, capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, words = EXPECTED[name]
    found = judged(name, megabytes=1024)
    assert found.status == status, found.text()
    assert words in " ".join(found.text().split())
    assert max(map(len, found.text().splitlines())) <= 80
    assert found.exit_status == {"refuted": 1, "unloadable": 2}.get(status, 0)
    assert found.examined > 0 or status not in ("proved", "verified")
    assert capfd.readouterr() == ("", "")  # nothing of it reaches our terminal
    assert list(tmp_path.iterdir()) == []  # nor this directory


def test_neither_process_nor_file_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # where the directories of the processes are
    measures = judged("hostile_processes").measures
    assert measures["leaves no process behind"] is (sys.platform == "linux")
    assert measures["limited processes"] is (os.getuid() != 0)  # root may start as many as it likes
    assert judged("hostile_writes_files").status == "proved"
    assert list(tmp_path.iterdir()) == []
    assert not [link for link in glob.glob("/proc/[0-9]*/cwd") if _seen(link).startswith(str(tmp_path))]


def _seen(link):
    try:
        return os.readlink(link)
    except OSError:
        return ""


def test_escape_sequences_do_not_reach_the_terminal():
    assert "\x1b" not in judged("hostile_warns").text()


def test_slow_code_is_not_wrong_code(monkeypatch):
    monkeypatch.setattr(judging, "never_ending", lambda *_: None)
    found = judged("hostile_endless_loop")
    assert found.status == "abstained" and found.exit_status == 3
    assert "--time gives it more" in found.text()


SECOND = """
calls = []
def forward(o):
    return o
def backward(o, g):
    calls.append(o)
    while len(calls) > 1:
        pass
    return g
"""


def test_which_call_does_not_end(tmp_path):
    (tmp_path / "second.py").write_text(SECOND)
    asked = Options("softmax"), ("value", "vjp"), NEVER
    endless = judging.never_ending(target.found(str(FOLDER / "hostile_endless_loop.py")), *asked)
    assert (endless.kind, endless.which) == ("vjp", "a single")
    endless = judging.never_ending(target.found(str(tmp_path / "second.py")), *asked)
    assert (endless.kind, endless.which) == ("vjp", "a second")
    said = " ".join(ends.endless("softmax", ("value", "vjp"), endless, NEVER).text().split())
    assert "wrong vjp because the code does not end within 2 seconds" in said
    right = target.found(str(FOLDER / "right_softmax.py"))
    assert judging.never_ending(right, *asked[:2], Limits(seconds=400)) is None


def test_the_command_prints_text_or_json_and_the_hash(capsys):
    path = FOLDER / "wrong_softmax_diagonal.py"
    assert main(["verify", str(path), "--as", "softmax"]) == 1
    text = capsys.readouterr().out
    assert path.name in text.replace("\n         ", "") and "right    " in text
    assert main(["verify", str(path), "--as", "softmax", "--json", "--no-spoilers"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["sha256"] in text and found["path"] == str(path)
    assert found["verdict"]["diagnosis"][0]["id"] == "diagonal-only"
    assert "formula" not in found["verdict"]["diagnosis"][0] and "want" not in found["verdict"]["counterexample"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.py", "--as", "softmax"], "nowhere.py: No such file"),
        (["right_softmax.py", "--as", "softmaxx"], "'softmaxx': did you mean 'softmax'? There are cce, "),
        (["right_softmax.py:hvp=forward", "--as", "softmax"], "there is no 'hvp'"),
        (["right_softmax.py:no=forward", "--as", "softmax"], "with kinds among value"),
        (["right_softmax.py:value=forward,value=backward", "--as", "softmax"], "the same kind twice"),
        (["right_softmax.py:", "--as", "softmax"], "expected a name behind the colon"),
        (["no.such.module:f", "--as", "softmax"], "there is no module no"),
        (["../submissions", "--as", "softmax"], "directory"),
        (["right_softmax.py", "--as", "softmax", "--reduction", "sum"], "no reduction 'sum'"),
        (["right_softmax.py", "--as", "softmax", "--parameter", "epsilon"], "expected name=number"),
        (["right_softmax.py", "--as", "softmax", "--parameter", "epsilon=1"], "there is no input 'epsilon'"),
        (["right_softmax.py", "--as", "temperature", *2 * ["--parameter", "tau=1"]], "tau: expected once"),
        (["right_softmax.py", "--as", "class-weights", "--parameter", "omega=[[1],[2,3]]"], "name=[numbers]"),
        (["right_softmax.py", "--as", "class-weights", "--parameter", f"omega={'[' * 10**5}"], "name=[numbers]"),
        (["right_softmax.py", "--as", "softmax", "--time", "0"], "time limit"),
        (["right_softmax.py", "--as", "softmax", "--memory", "1"], "memory limit"),
    ],
)
def test_wrong_usage_is_exit_status_2(arguments, words, capsys, monkeypatch):
    monkeypatch.chdir(FOLDER)
    assert main(["verify", *arguments]) == 2
    captured = capsys.readouterr()
    assert words in captured.err and not captured.out
