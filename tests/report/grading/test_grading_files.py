"""What is a submission, and the files and tables that are written about it, whatever its name and its words."""

import csv
import io
import json
import os
from pathlib import Path

import pytest

from report.failure import CommandFailed
from report.grading import job, results, submissions, tables
from report.sandbox import target
from tests.report.grading.grading_runs import ASKED, graded

SUBMITTED = Path(__file__).parents[2] / "submissions"


def test_the_files(folder, judged, tmp_path):
    graded(folder, tmp_path / "out")
    with (tmp_path / "out" / "table.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["submission"], row["score"]) for row in rows] == [
        *(("anna/softmax.py", "1"), ("bela/softmax.py", "0"), ("c.py", ""), ("d.py", "1"))
    ]
    kept = json.loads((tmp_path / "out/results/bela/softmax.py.json").read_text())
    assert kept["score"] == 0.0 and kept["reason"] == "is refuted" and kept["outcome"]["sha256"] == kept["sha256"]
    student = json.loads((tmp_path / "out/gradescope/bela/softmax.py.json").read_text())
    assert student["score"] == 0.0 and student["tests"][0]["status"] == "failed"
    assert student["tests"][0]["output"] == "refuted"  # without the answer
    undecided = json.loads((tmp_path / "out/gradescope/c.py.json").read_text())
    assert "a person has to look" in undecided["tests"][0]["output"]


ODD = ["=cmd.py", "-rf.py", "two words.py", "ünïcode.py", "a,b;\"c'.py", "line\nbreak.py", "x.py.py", "a:b.py"]


def test_odd_names(judged, tmp_path):
    made = tmp_path / "submitted"
    made.mkdir()
    for name in ODD:
        (made / name).write_text("proved")
    (made / os.fsdecode(b"\xff.py")).write_text("proved")
    found = graded(made, tmp_path / "out")
    assert {x.name for x in found} == {*ODD, "\\xff.py"}
    rows = list(csv.reader(io.StringIO(tables.table(found))))
    assert len(rows) == len(ODD) + 2 and not any(cell.startswith(("=", "-", "@", "+")) for row in rows for cell in row)
    assert "line�break.py" in tables.text(found, tmp_path / "out")
    assert all(x.name in {one.name for one in graded(made, tmp_path / "out")} for x in found)
    assert len(judged) == len(ODD) + 1


def test_what_is_no_submission_is_left_alone(folder, judged, tmp_path):
    for name in (".hidden/x.py", "__pycache__/x.py", "notes.txt", ".x.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("proved")
    (tmp_path / "elsewhere.py").write_text("proved")
    (folder / "link.py").symlink_to(tmp_path / "elsewhere.py")
    (folder / "folder.py").mkdir()
    os.mkfifo(folder / "pipe.py")
    out = folder / "out"
    assert len(graded(folder, out)) == 4
    (out / "left.py").write_text("proved")
    assert len(graded(folder, out)) == 4
    assert [x.name for x in submissions.found(folder, out, "s*.py")] == ["anna/softmax.py", "bela/softmax.py"]


def test_a_file_that_cannot_be_read_is_told(folder, judged, tmp_path):
    (folder / "large.py").write_bytes(b"#" * (2**21 + 1))
    found = graded(folder, tmp_path / "out")[-1]
    assert (found.name, found.status, found.score) == ("large.py", "unloadable", 0.0)
    assert "bytes of source" in found.reason


@pytest.mark.parametrize("line", ["import numpy as np, nnlib", "    from derivations.registry import operation as o"])
def test_who_imports_the_answers_is_not_judged(line, tmp_path):
    (tmp_path / "a.py").write_text(f"if True:\n{line}\n")
    found = job.run(target.found(str(tmp_path / "a.py")), ASKED)
    assert found["outcome"]["status"] == "abstained" and "which has the answers" in found["student"]
    assert not job.OURS.search(b"import mynnlib\n# from nnlib import Softmax\nx = 'nnlib'")


def test_what_is_left_of_other_submissions_is_said(folder, judged, tmp_path):
    graded(folder, tmp_path / "out")
    (folder / "c.py").unlink()
    shown = tables.text(graded(folder, tmp_path / "out"), tmp_path / "out")
    assert shown.endswith("there too, and not of these submissions: c.py.json")


def test_the_table_fits_80_columns():
    names = ["x" * 100 + ".py", "short.py"]
    found = [results.Graded(name, "not judged", "its worker ended: " + "words " * 50) for name in names]
    shown = tables.text(found, "out").splitlines()
    assert max(map(len, shown)) <= 80 and shown[1].startswith("…xxx")


LONG = "x" * 252 + ".py"


@pytest.mark.parametrize("name", [LONG, "a.py.json/b.py"], ids=["long", "a folder where a result would be"])
def test_names_that_need_a_file_of_another_name(judged, tmp_path, name):
    made = tmp_path / "submitted"
    for one, word in [("a.py", "proved"), (name, "refuted")]:
        (made / one).parent.mkdir(parents=True, exist_ok=True)
        (made / one).write_text(word)
    first = graded(made, tmp_path / "out")
    assert {x.name: x.status for x in first} == {"a.py": "proved", name: "refuted"}
    assert graded(made, tmp_path / "out") == first and len(judged) == 2
    assert len(list((tmp_path / "out" / "gradescope").rglob("*.json"))) == 2


def test_one_name_for_two_is_refused(judged, tmp_path):
    (tmp_path / os.fsdecode(b"\xff.py")).write_text("proved")
    (tmp_path / "\\xff.py").write_text("refuted")
    with pytest.raises(CommandFailed, match="two submissions have that name"):
        graded(tmp_path, tmp_path / "out")


def test_a_folder_that_cannot_be_read_is_not_left_out_in_silence(folder, tmp_path, monkeypatch):
    scan = os.scandir

    def forbidding(path):
        if str(path).endswith("anna"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", forbidding)
    with pytest.raises(PermissionError, match="anna"):
        submissions.found(folder, tmp_path / "out")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_no_cell_is_a_formula(text):
    one = results.Graded(text, "refuted", text, "ab", diagnosis=text)
    row = list(csv.DictReader(io.StringIO(tables.table([one]))))[0]
    assert row["submission"] == row["reason"] == row["diagnosis"] == "'" + text
    assert (row["status"], row["score"], row["sha256"]) == ("refuted", "0", "ab")


def test_columns_stand_below_their_names():
    lines = tables.text([results.Graded("x.py", "refuted", "", diagnosis="sign")], "out").splitlines()
    assert lines[0].index("status") == lines[1].index("refuted") and lines[0].index("because") == lines[1].index("sign")


def test_students_do_not_see_where_the_files_lie(tmp_path):
    made = tmp_path / "submitted"
    made.mkdir()
    (made / "chatty.py").write_bytes((SUBMITTED / "right_softmax_chatty.py").read_bytes())
    (made / "large.py").write_bytes(b"#" * (2**21 + 1))
    chatty, large = graded(made, tmp_path / "out")
    assert str(made) in chatty.text.replace("\n         ", "") and chatty.status == "verified"  # its note names a line
    for one in (chatty, large):
        student = json.loads((tmp_path / f"out/gradescope/{one.name}.json").read_text())["tests"][0]["output"]
        assert str(tmp_path) not in student and one.name in student
