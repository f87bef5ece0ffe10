"""Ratios that the rounds do not agree on are refused; every contender has its turn in every round that is kept."""

import pytest

from report.bench import timing
from report.bench.machine import machine
from report.bench.timing import QUICK, Ratio, Run, Spread, interleaved


@pytest.mark.parametrize(
    ("quartiles", "stated"),
    (
        ((2.2, 2.3, 2.4), 2.3),
        ((0.9, 1.1, 1.3), None),  # rounds that do not even agree on who was faster
        ((1.1, 1.2, 1.4), None),  # 1.27 wide, and claims 1.2
        ((2.0, 4.0, 9.0), None),  # 4.5 wide, and claims 4
        ((0.24, 0.25, 0.26), 0.25),  # four times as fast, said the other way round
        ((0.2, 0.5, 0.6), None),
        ((0.99, 1.0, 1.02), 1.0),  # even
        ((1.0, 1.0, 1.0), 1.0),
    ),
)
def test_a_ratio_is_stated_only_where_its_spread_is_narrower_than_the_claim(quartiles, stated):
    ratio = Ratio(*quartiles)
    assert ratio.stated == stated
    assert ratio.words == ("unclear" if stated is None else f"{stated:.3g}")
    assert ratio.as_dict() == dict(zip(("low", "median", "high", "stated"), (*quartiles, stated), strict=True))


@pytest.mark.parametrize(("goal", "reached"), ((1.5, True), (2.0, True), (2.5, None), (3.1, False)))
def test_a_goal_is_reached_when_the_quartile_on_its_far_side_reaches_it(goal, reached):
    assert Ratio(2, 2.5, 3).at_least(goal) is reached
    assert Ratio(1 / 3, 1 / 2.5, 1 / 2).at_most(1 / goal) is reached


def test_a_ratio_is_taken_round_by_round():
    busy_and_calm = Run({"a": [10.0, 1.0, 2.0], "b": [20.0, 2.0, 4.0]}, 0.0)
    assert busy_and_calm.ratios("a")["b"] == Ratio(2, 2, 2)  # though each time alone spreads tenfold
    assert busy_and_calm.spreads()["a"] == {"low": 1.5, "median": 2, "high": 6, "best": 1}


def test_what_has_no_rounds_or_not_the_same_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Spread.of([])
    with pytest.raises(ValueError):
        Ratio.paired([1.0], [1.0, 2.0])


def test_who_begins_changes_and_the_set_up_comes_before_each_turn(monkeypatch):
    monkeypatch.setattr(timing, "PAUSE", 0)
    log = []
    calls = {name: lambda name=name: log.append(name) for name in "ab"}
    run = interleaved(calls, rounds=2, seconds=0, least=0, before={"a": lambda: log.append("set up")})
    rounds = "".join("-" if name == "set up" else name for name in log).removeprefix("-aabb")
    assert rounds == "-aabb" + "bb-aa"  # an untimed call and a timed one each; the second round begins with b
    assert list(run.samples) == ["a", "b"] and all(len(sample) == 2 for sample in run.samples.values())


def shares(monkeypatch, found):
    """Rounds that last as long as their number, while the others' shares of the machine are those."""
    rounds = iter(enumerate(found))

    def one(calls, numbers, before, first):
        number, share = next(rounds)
        return share, dict.fromkeys(calls, float(number))

    monkeypatch.setattr(timing, "_round", one)
    return {"a": lambda: None}


def test_calm_rounds_are_kept_and_busy_ones_repeated(monkeypatch):
    calls = shares(monkeypatch, [0.9, 0, 0, 0.9, 0, 0, 0, 0, 0])
    assert sorted(interleaved(calls, rounds=6, seconds=60, least=0).samples["a"]) == [1, 2, 4, 5, 6, 7]


def test_where_no_round_is_calm_the_calmest_are_kept_and_it_is_told(monkeypatch):
    calls = shares(monkeypatch, [0.5, 0.9, 0.5, 0.5, 0.5, 0.5, 0.5])
    times = iter(range(100))
    monkeypatch.setattr(timing.time, "perf_counter", lambda: next(times))
    run = interleaved(calls, rounds=21, seconds=8, least=0)
    assert 1 not in run.samples["a"] and len(run.samples["a"]) == timing.MIN_ROUNDS
    assert run.others == 0.5


def test_a_long_sample_is_many_calls():
    calls = []
    interleaved({"a": lambda: calls.append(1)}, **{**QUICK, "least": 1e-4})
    assert len(calls) > 6


def test_the_machine_is_described():
    found = machine()
    assert found["cores"] >= 1 and found["processor"]
    assert found["versions"]["numpy"]
