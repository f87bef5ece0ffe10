"""A run goes into a file whole, and what is no run is refused with its name; commands use both."""

import json

import pytest

from report.__main__ import main
from report.bench import saved
from report.failure import CommandFailed

RUN = {"machine": {"processor": "some", "load": 1 / 3}, "kernels": {"cells": [{"B": 4, "skipped": None}], "none": []}}


def test_what_is_written_is_read_again_to_six_digits(tmp_path):
    saved.write(tmp_path / "run.json", RUN, quick=True)
    found = saved.read(tmp_path / "run.json")
    assert found == {**RUN, "machine": {"processor": "some", "load": 0.333333}, "quick": True}


def test_what_holds_only_plain_values_is_one_line():
    rows = saved.spelled(RUN).splitlines()
    assert '  "cells": [' in rows and '   {"B": 4, "skipped": null}' in rows


@pytest.mark.parametrize("value", (0, -1.5, True, None, "a “b”\n", [], {}, [1, [2.5, {}]], {"a": {"b": [1e-30]}}))
def test_any_json_is_spelled_as_json(value):
    assert json.loads(saved.spelled(value)) == value


def test_without_a_file_there_is_no_run(tmp_path, monkeypatch):
    monkeypatch.setattr(saved, "SHIPPED", tmp_path / "nothing.json")
    assert saved.read() is None


@pytest.mark.parametrize(
    ("content", "words"), ((None, "cannot read"), ("{", "is not JSON"), ("[1]", "no machine"), ("{}", "no machine"))
)
def test_what_is_no_run_is_refused_by_name(tmp_path, content, words):
    path = tmp_path / "run.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CommandFailed, match=rf"run\.json.*{words}|{words}.*run\.json"):
        saved.read(path)


def test_bench_keeps_its_run_and_refuses_a_place_before_it_measures(tmp_path, capsys, monkeypatch):
    import report.bench

    asked = []
    monkeypatch.setattr(report.bench, "bench", lambda what, quick: asked.append(what) or RUN)
    monkeypatch.setattr(report.bench, "bench_text", lambda found: "words")
    assert main(["bench", "kernels", "-o", str(tmp_path / "run.json")]) == 0
    assert saved.read(tmp_path / "run.json")["quick"] is False
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]
    assert main(["bench", "-o", str(tmp_path)]) == 2
    assert main(["bench", "-o", str(tmp_path / "run.json" / "below")]) == 2
    assert asked == ["kernels"]
    assert "cannot write" in capsys.readouterr().err


def test_a_report_of_a_run_that_is_not_there_is_refused(tmp_path, capsys):
    assert main(["report", "-o", str(tmp_path / "out"), "--measurements", str(tmp_path / "nope.json")]) == 2
    assert "nope.json" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
