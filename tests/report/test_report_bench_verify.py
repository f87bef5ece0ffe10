"""The benchmark of the judge, with a stand-in for the judge: who is asked what, what is counted, named and listed."""

import json
import os
import re
from collections import Counter

import pytest

from derivations.judge.verdict import Diagnosis, Verdict
from report.bench import bench_text, findings, gradient_checkers, judging_speed, verdicts, verify, worker
from report.bench.findings import OURS
from report.bench.gradient_checkers import FAST, JAX, SLOW
from report.passes.registry import catalogue

pytestmark = pytest.mark.filterwarnings("default")  # what other packages warn of when they are imported

PASSES = {entry.name: entry for entry in verdicts.judged_passes()}


def needs(checker):
    if not gradient_checkers.present(checker):
        pytest.skip(f"{gradient_checkers.PACKAGES[checker]} is absent")


def said(status, *ids):
    """A judge that says the same of everything."""
    diagnosis = tuple(Diagnosis(name, "It is wrong.", "It is so.") for name in ids)
    return lambda *question, **passes: Verdict("softmax", status, "It was judged.", diagnosis=diagnosis)


def answer(status, *ids, seconds=1.0):
    return {"status": status, "ids": list(ids), "notes": [], "why": "", "seconds": seconds}


def record(name, ours, *found):
    """The record of a pass; found: of gradcheck, its fast mode and check_vjp, None where one is absent."""
    checks = [one if one is None else {"found": one, "why": None, "seconds": 0.5} for one in found]
    return {"entry": PASSES[name], OURS: ours, **dict(zip(gradient_checkers.PACKAGES, checks, strict=True))}


CLIPPED = PASSES["softmax_backward_clips_upstream"].diagnosis
RECORDS = [
    record("softmax_backward_magnitudes", answer("refuted", "upstream-sign"), False, True, None),
    record("softmax_backward_clips_upstream", answer("refuted", "other", CLIPPED, seconds=3.0), True, False, None),
    record("sigmoid_backward_in_place", answer("verified"), False, True, None),
    record("softmax_backward_textbook", answer("refuted", "upstream-sign"), True, False, None),
    record("softmax_backward_einsum", answer("abstained"), False, False, None),
]


# What the judge is asked.


@pytest.fixture
def asked(monkeypatch):
    """The questions that the stand-in got, as (arguments, keywords)."""
    questions = []

    def judge(*question, **passes):
        questions.append((question, passes))
        return said("proved")(*question, **passes)

    monkeypatch.setattr(verdicts, "judge", judge)
    return questions


@pytest.mark.parametrize("name", PASSES)
def test_a_pass_is_judged_as_what_it_says_it_is(name, asked):
    verdicts.pass_verdict(name)
    [(question, passes)] = asked
    entry = PASSES[name]
    options = {key: value for key, value in entry.options.items() if key != "cached"}
    if entry.kind == "object":
        assert question == (entry.function,) and passes == {"against": entry.operation, **options}
    else:
        assert question == (entry.operation,) and passes == {entry.kind: entry.function, **options}


def test_passes_without_a_definition_are_left_out():
    assert len(PASSES) + len(verdicts.left_out()) == len(catalogue())
    assert set(verdicts.left_out()) == {entry.name for entry in catalogue() if "weights" in entry.options}


@pytest.mark.parametrize("name", verdicts.FRAMEWORKS)
def test_the_frameworks_own_functions_are_judged(name, asked):
    package, operation, targets = verdicts.FRAMEWORKS[name]
    if verdicts.installed(package) is None:
        pytest.skip(f"{package} is absent")
    found = verdicts.framework_verdict(name)
    [(question, passes)] = asked
    assert question == (operation,) and passes.pop("targets") == targets
    assert set(passes) == {"value", "gradient" if operation == "softmax-cce" else "vjp"}
    assert found["status"] == "proved"


def test_an_absent_framework_is_not_judged(asked, monkeypatch):
    monkeypatch.setattr(verdicts, "installed", lambda package: None)
    assert {verdicts.framework_verdict(name)["status"] for name in verdicts.FRAMEWORKS} == {None} and not asked


def test_a_judge_that_fails_has_refuted_nothing():
    def fails():
        raise IndexError("out of everything")

    found = verdicts.answered(fails)
    assert found["status"] == "raised" and "out of everything" in found["why"]
    assert not findings.found({OURS: found}, OURS)


# What is made of the answers.


def test_wrong_passes_found_and_named_are_counted():
    ours = findings.counts(RECORDS, OURS)
    assert (ours["wrong"], ours["found"], ours["named"], ours["among"]) == (3, 2, 1, 2)
    assert (ours["ordinary"], ours["ordinary_found"]) == (1, 1)
    assert (ours["right"], ours["blamed"]) == (2, 1)
    slow = findings.counts(RECORDS, SLOW)
    assert (slow["found"], slow["ordinary_found"], slow["blamed"]) == (1, 0, 1)


def test_the_lists_are_of_names():
    found = findings.summary(RECORDS)
    assert found["missed"][OURS] == ["sigmoid_backward_in_place"]
    assert found["missed"][FAST] == ["softmax_backward_clips_upstream"]
    assert found["blamed"] == {OURS: ["softmax_backward_textbook"], SLOW: ["softmax_backward_textbook"], FAST: []}
    assert [one["name"] for one in found["unnamed"]] == ["softmax_backward_clips_upstream"]
    assert [one["name"] for one in found["unaccepted"]] == ["softmax_backward_einsum"]
    assert found["seconds"][OURS]["at"] == "softmax_backward_clips_upstream" and found["seconds"][JAX] is None


def test_operations_are_counted_apart():
    found = findings.summary(RECORDS)
    assert found["operations"]["sigmoid"][OURS]["wrong"] == 1 and found["operations"]["softmax"][OURS]["wrong"] == 2
    for key in ("wrong", "found", "right", "blamed"):
        assert sum(one[OURS][key] for one in found["operations"].values()) == found["total"][OURS][key]


def test_a_row_is_flat():
    row = findings.row(RECORDS[1])
    assert (row["first"], row["diagnosis"], row[OURS], row[SLOW], row[JAX]) == (
        "other", RECORDS[1]["entry"].diagnosis, True, True, None
    )  # fmt: skip
    assert not any(isinstance(value, dict | list) for value in row.values())


def speeds(seconds):
    rows = [{"checker": judging_speed.RUN, "n": n, "seconds": {"median": n * seconds / 1000}} for n in (1000, 10)]
    return {"rows": rows, "verdict": {"median": 1.0}}


def test_goals_are_met_or_missed():
    summary = findings.summary(RECORDS)
    assert [one["met"] for one in verify.goals(summary, speeds(2.0))] == [False, False, False, True, True]
    summary = findings.summary(RECORDS[:1])
    assert [one["met"] for one in verify.goals(summary, speeds(4.5))] == [True, None, True, True, False]


def test_the_goal_names_the_size_that_was_timed():
    *_, wide = verify.goals(findings.summary(RECORDS), speeds(2.0))
    assert wide["goal"] == "softmax of 1000 classes under 5 s" and wide["found"] == 3.0


# How fast.


def test_what_is_compared_is_counted():
    assert judging_speed.compared(judging_speed.RUN, 100) == 100
    assert judging_speed.compared(SLOW, 100) == 10_000
    assert judging_speed.compared(FAST, 100) == judging_speed.compared(JAX, 100) == 1


@pytest.mark.parametrize("name", judging_speed.NAMES)
def test_a_timed_check_sees_a_wrong_pass(name, monkeypatch):
    if name != judging_speed.RUN:
        needs(name)
    judging_speed.check(name, 5)()
    monkeypatch.setattr(judging_speed, "backward", lambda o, g: g)
    with pytest.raises(Exception):  # noqa: B017  (each checker has a type of its own)
        judging_speed.check(name, 5)()


def test_an_absent_checker_is_not_timed(monkeypatch):
    monkeypatch.setattr(gradient_checkers, "installed", lambda package: None)
    assert judging_speed.reason(JAX, 10) == "jax is absent"


def test_what_takes_too_long_is_skipped_and_says_so(monkeypatch):
    monkeypatch.setattr(judging_speed, "cold", lambda *question, timeout: None)
    assert judging_speed.reason(judging_speed.RUN, 10) == f"over {judging_speed.PATIENCE} s"


# One after the other, in a process of their own.


def test_answers_come_from_one_other_process_in_turn():
    assert worker.alone(abs, [-1, 2, -3]) == [1, 2, 3]
    pids = set(worker.alone(eval, ["__import__('os').getpid()"] * 2))
    assert len(pids) == 1 and os.getpid() not in pids


@pytest.mark.parametrize("bad", ("__import__('time').sleep(60)", "__import__('os')._exit(1)"))
def test_a_process_that_gives_no_answer_is_replaced(bad):
    assert worker.alone(eval, ["1 + 1", bad, "3"], patience=2) == [2, None, 3]


# All together.


@pytest.fixture
def stand_in(monkeypatch):
    """A judge that refutes everything as upstream-sign, asked in this process."""
    monkeypatch.setattr(verdicts, "judge", said("refuted", "upstream-sign"))
    monkeypatch.setattr(verify, "alone", lambda function, items, *prepare: [function(item) for item in items])
    monkeypatch.setattr(judging_speed, "whole_verdict", lambda: None)
    monkeypatch.setattr(judging_speed, "reason", lambda name, n: None if name == judging_speed.RUN else "x is absent")


@pytest.mark.parametrize("peers", (True, False))
def test_a_quick_run_is_json_fits_a_terminal_and_shows_who_is_absent(stand_in, peers, monkeypatch):
    if not peers:
        for module in (gradient_checkers, verdicts):
            monkeypatch.setattr(module, "installed", lambda package: None)
    found = json.loads(json.dumps(verify.measured(quick=True), allow_nan=False))
    assert Counter(row["correct"] for row in found["passes"]) == {False: 5, True: 3}
    assert len(found["passes"]) == len(verify.QUICK) and found["summary"]["total"][OURS]["found"] == 5
    assert [goal["met"] for goal in found["goals"][:3]] == [True, False, False]
    shown = bench_text({"machine": MACHINE, "verify": found})
    assert max(map(len, shown.splitlines())) <= 80
    assert "CrossEntropyLossWithCache" in shown
    assert bool(re.search("gradcheck +absent", shown)) == (not gradient_checkers.present(SLOW))


MACHINE = {"processor": "some", "cores": 2, "python": "3", "versions": {}}


def test_an_answer_that_never_came_is_no_verdict(monkeypatch):
    monkeypatch.setattr(verify, "alone", lambda function, items, *prepare: [None] * len(items))
    [found] = verify.judged(["softmax_backward_textbook"])
    assert found[OURS]["status"] == verdicts.SILENT and not findings.found(found, OURS)
    assert all(row["status"] == verdicts.SILENT for row in verify.frameworks())
    assert [row["function"] for row in verify.frameworks()] == list(verdicts.FRAMEWORKS)
