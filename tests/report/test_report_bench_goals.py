"""The goals are judged by the ratios alone, and say why where they are missed; what functions do is counted."""

import numpy as np
import pytest

import nnlib
from report.bench import generated, goals, goals_text, peers, targets
from report.bench.timing import QUICK
from report.catalogue import row

pytestmark = pytest.mark.filterwarnings("default")  # what other packages warn of when they are imported


def spread(ratio):
    return {"low": ratio, "median": ratio, "high": ratio}


def cell_with(ratio, B=512, n=32000, floor=None):
    """A cell where every contender takes that many times as long as nnlib, and the floor too or as given."""
    found = {**dict.fromkeys(peers.PACKAGES, spread(ratio)), peers.FLOOR: spread(floor or ratio)}
    ratios = {name: dict(found) for name in (peers.NNLIB, peers.OUT, peers.THREADS)}
    return {"B": B, "n": n, "dtype": "float32", "skipped": None, "ratios": ratios}


@pytest.mark.parametrize(("ratio", "met"), ((3, 6), (1.5, 4), (0.9, 2), (0.6, 1), (0.4, 0)))
def test_goals_are_judged_by_the_ratios(ratio, met):
    judged = list(goals._cell(cell_with(ratio)))
    assert len(judged) == 6
    assert sum(goal["met"] for goal in judged) == met


def test_small_cells_are_not_held_to_the_floor_or_numba():
    assert {goal["goal"].split()[0] for goal in goals._cell(cell_with(1, 32, 10))} == {"faster", "twice"}


def test_on_the_largest_shapes_the_cores_are_as_many_as_the_others():
    cell = cell_with(0.8)
    cell["ratios"][peers.THREADS] = dict.fromkeys(peers.PACKAGES, spread(1.4))
    threads = [
        {"B": 512, "n": 32000, "dtype": "float32", "contender": name, "seconds": {1: {"median": seconds}}}
        for name, seconds in ((peers.TORCH, 3.0), (peers.OUT, 2.0))
    ]
    found = {goal["goal"]: goal for goal in goals._cell(cell, threads)}
    assert found["faster than PyTorch"]["met"] and not found["twice as fast as PyTorch"]["met"]
    assert found["twice as fast as PyTorch"]["why"] == "0.80 with nnlib on one core; 1.50 with both on one core"
    assert found["twice as fast as JAX"]["why"] == "0.80 with nnlib on one core"
    elsewhere = {goal["goal"]: goal for goal in goals._cell(cell_with(0.8, 128, 1000, floor=0.35), threads)}
    assert not elsewhere["faster than PyTorch"]["met"]
    assert elsewhere["faster than JAX"]["why"].startswith("nnlib takes 2.9 times the floor")


@pytest.mark.parametrize(
    ("n", "floor", "words"),
    (
        (1000, 1.2, "the floor alone takes 1.50 times as long as JAX"),
        (1000, 0.44, "the floor alone takes 0.55 times as long as JAX"),
        (1000, 0.36, "nnlib takes 2.8 times the floor, below which no NumPy pass is"),
        (50257, 1.2, "the floor alone takes 1.50 times as long as JAX; 0.80 with nnlib on one core"),
        (50257, 0.44, "0.80 with nnlib on one core"),
    ),
)
def test_a_floor_that_is_too_slow_itself_is_named(n, floor, words):
    cell = cell_with(0.8, 128 if n == 1000 else 64, n, floor)
    assert {goal["goal"]: goal["why"] for goal in goals._cell(cell)}["twice as fast as JAX"] == words


def test_new_memory_is_named_where_the_floor_has_none_to_find():
    cell = cell_with(0.8)
    cell["ratios"][peers.NNLIB] = dict.fromkeys((*peers.PACKAGES, peers.FLOOR), spread(0.4))
    found = {goal["goal"]: goal for goal in goals._cell(cell)}["at most 2 times the floor"]
    assert not found["met"] and found["why"] == "1.2 times into memory that is given, as the floor's is"


def test_where_calls_take_the_time_that_is_said():
    whys = {goal["why"] for goal in goals._cell(cell_with(0.5, 32, 10, floor=0.1))}
    assert whys == {"10 times the floor: calls, not arithmetic"}
    (why,) = {goal["why"] for goal in goals._cell(cell_with(0.7, 32, 10, floor=0.3))}
    assert why.startswith("nnlib takes 3.3 times the floor")


def test_a_goal_that_is_met_needs_no_reason():
    assert goals._goal("g", "w", spread(2), 1, "because")["why"] == ""
    assert goals._goal("g", "w", spread(0.5), 1, "because")["why"] == "because"


@pytest.mark.parametrize(
    ("verdicts", "met", "share"),
    (
        ([True] * 4, True, 0),
        ([True, False, False], True, 2 / 3),
        ([False, False, False, True], False, 3 / 4),
        ([False, False, None, True], None, 3 / 4),
        ([None, None, True, True], True, 2 / 4),
    ),
)
def test_two_cells_may_be_exceptions(verdicts, met, share):
    cells = [{"goal": "twice as fast as JAX", "where": str(k), "met": one} for k, one in enumerate(verdicts)]
    (found,) = goals._exceptions(cells)
    assert (found["met"], found["share"]) == (met, pytest.approx(share))
    assert found["why"].split(", ") == [""] if met else len(found["why"].split(", ")) == 3


def test_a_cell_counts_once_however_many_libraries_are_faster():
    cells = [
        {"goal": f"twice as fast as {name}", "where": where, "met": False}
        for name in ("JAX", "PyTorch")
        for where in "ab"
    ]
    assert goals._exceptions(cells)[0]["met"] is True
    assert goals._exceptions([]) == []


def test_rows_are_held_to_the_floor_and_told_what_they_read():
    work = {targets.ONE_HOT: {"add": 3.0, "mul": 2.0}, targets.SOFT: {"add": 7.0}}
    ratios, own = dict.fromkeys(work, spread(4.0)), {targets.ONE_HOT: spread(1.5), targets.SOFT: spread(2.5)}
    found = list(goals._rows({"B": 4, "n": 3, "dtype": "float32", "work": work, "ratios": ratios, "own": own}))
    assert [(goal["met"], goal["ratio"]["median"]) for goal in found] == [(False, 0.25)] * 2
    assert found[0]["why"] == "reads two arrays, 5 operations an entry; 1.50 times the floor that reads both"
    ratios = dict.fromkeys(work, spread(1.9))
    found = goals._rows({"B": 4, "n": 3, "dtype": "float32", "work": work, "ratios": ratios, "own": own})
    assert all(goal["met"] and not goal["why"] for goal in found)


def test_what_is_missed_is_printed_with_its_reason_in_eighty_columns():
    entry = {"goal": "g", "where": "here", "ratio": spread(0.5), "met": False, "why": "word " * 40}
    lines = goals_text._goals([entry, {**entry, "met": True}, {**entry, "ratio": None, "share": 0.3, "met": None}])
    assert lines[3:5] == ["g: met in 1 of 3", "    MISSED: here (0.50 to 0.50)"]
    assert "    unclear: here (30 %)" in lines
    assert " ".join(lines).count("word") == 80 and max(map(len, lines)) <= 80


# What the functions do.


def test_why_names_what_is_done_more_of():
    even = {"derived": 100, "hand-written": 100}
    assert generated.why({"exp": (2, 1), "add": (8, 9)}, even) == "exp × 2.0"
    assert generated.why({"div": (3, 0), "add": (1, 9)}, even) == "div"
    assert generated.why({generated.SUMMED: (9, 3), "add": (9, 9)}, even) == "entries summed by np.add × 3.0"
    assert generated.why({generated.WRITTEN: (9, 3), "add": (9, 9)}, even) == "entries written × 3.0"
    assert (
        generated.why({"mul": (30, 10)}, {"derived": 150, "hand-written": 100}) == "all operations × 3.0, memory × 1.5"
    )
    assert generated.why({"exp": (21, 20), "add": (1, 2)}, even) == ""


def test_work_is_counted_as_numpy_executed_it():
    entries = generated.COUNTED["B"] * generated.COUNTED["n"]
    found = generated.work(row("sigmoid"), "vjp")
    assert found["exp"] == (2 * entries, entries)
    fused = generated.work(row("softmax-cce"), "gradient indices")
    assert fused["exp"] == (entries, entries)
    assert fused[generated.SUMMED][0] == entries > 10 * fused[generated.SUMMED][1]


def test_a_comparison_says_what_both_do():
    found = generated.compared(row("sigmoid"), "vjp", generated.QUICK_SIZES, QUICK)
    assert found["why"].startswith("exp × 2.0")
    assert set(found["seconds"]) == set(found["peak"]) == {"derived", "hand-written"}


@pytest.mark.parametrize("dtype", ("float32", "float64"))
def test_the_targets_are_what_they_are_called(dtype):
    o, c = peers.problem(50, 7, dtype)
    found = targets.kinds(o, c)
    loss = nnlib.SoftmaxCrossEntropy()
    assert np.array_equal(found[targets.CLASSES], c)
    for one, two in zip(loss.value_and_gradient(o, c), loss.value_and_gradient(o, found[targets.ONE_HOT]), strict=True):
        assert np.array_equal(one, two)
    soft = found[targets.SOFT]
    assert soft.dtype == o.dtype and (soft > 0).all() and (soft.max(axis=1) < 1).all()
    loss.forward(o, soft)  # raises where rows do not sum to one


def test_operations_of_an_entry_are_counted_by_kind_of_target():
    work = {kind: targets.operations(kind) for kind in (targets.CLASSES, targets.ONE_HOT, targets.SOFT)}
    assert all(found["exp"] == 1 for found in work.values())
    totals = [sum(found.values()) for found in work.values()]
    assert totals == sorted(totals) and len(set(totals)) == 3


def test_every_kind_of_target_is_compared_with_both_floors():
    (found,) = targets.measured(((4, 3),), ("float64",), quick=True)
    assert set(found["ratios"]) == {targets.CLASSES, targets.ONE_HOT, targets.SOFT}
    assert set(found["own"]) == {targets.ONE_HOT, targets.SOFT}
    assert set(found["seconds"]) == {*found["ratios"], peers.FLOOR, targets.ROWS_FLOOR}
