"""Errors in eps against 350 digits: right answers are near 0, wrong ones are not, and nnlib stays within its budget."""

import json

import mpmath
import numpy as np
import pytest

from report.bench import accuracy, bench_text, peers
from report.bench.accuracy import QUICK_SIZES, REGIMES, budgets, error, problems, reason, truth

pytestmark = pytest.mark.filterwarnings("default")  # what other packages warn of when they are imported


@pytest.fixture(autouse=True)
def digits():
    with mpmath.workdps(accuracy.DIGITS):
        yield


@pytest.fixture
def no_peers(monkeypatch):
    monkeypatch.setattr(peers, "installed", lambda package: None)
    monkeypatch.setattr(accuracy, "installed", lambda package: None)


def test_the_truth_of_equal_logits_is_known():
    loss, *gradient = truth(np.zeros(4), 1)
    assert abs(loss - mpmath.log(4)) < mpmath.mpf(10) ** -300
    assert gradient == [mpmath.mpf(1) / 4, mpmath.mpf(-3) / 4, *[mpmath.mpf(1) / 4] * 2]


def test_the_truth_keeps_its_digits_for_a_confident_model():
    loss, other, target = truth(np.array([-700.0, 0.0]), 1)
    assert abs(target + other) < other * mpmath.mpf(10) ** -40
    assert abs(loss / mpmath.exp(-700) - 1) < mpmath.mpf(10) ** -40


def test_an_error_is_counted_in_eps_of_the_truth_or_of_the_smallest_normal_number():
    info = np.finfo(np.float64)
    exact = [mpmath.mpf(1), mpmath.mpf(0), mpmath.mpf("1e-10")]
    found = error([1 + 3 * info.eps, info.tiny * info.eps, 0.0], exact, info)
    assert found == pytest.approx([3, 1, 1 / info.eps])
    assert error([np.nan], exact[:1], info)[0] == np.inf


def test_the_budget_of_the_target_is_that_of_the_nearest_other_entry():
    assert budgets(np.array([0.0, -30.0, -7.0]), 0).tolist() == [11, 11, 34, 11]
    assert budgets(np.array([0.0, -30.0, -7.0]), 2).tolist() == [4, 4, 34, 4]


@pytest.mark.parametrize("dtype", (np.float32, np.float64))
@pytest.mark.parametrize("target", ("largest", "any"))
@pytest.mark.parametrize("regime", REGIMES)
def test_nnlib_stays_within_its_budget(regime, target, dtype):
    for o, c in problems(regime, target, dtype, ((8, 10),)):
        found = peers.as_numpy_row(peers.nnlib_fresh(o, c)())
        assert np.all(error(found, truth(o[0], c[0]), np.finfo(dtype)) <= budgets(o[0], c[0]))


def test_the_plain_formula_is_out_of_the_budget_where_the_model_is_confident():
    made = list(problems("confident", "largest", np.float64, QUICK_SIZES))
    worst = [
        error(peers.as_numpy_row(peers.derived(o, c)()), truth(o[0], c[0]), np.finfo(float)).max() for o, c in made
    ]
    assert max(worst) > 1e6


def test_why_nnlib_is_not_the_smallest():
    assert reason({"nnlib": 0.5, "other": 0.6, "absent": None}, 0.1) is None
    assert "rounding" in reason({"nnlib": 0.9, "other": 0.6}, 0.1)
    assert reason({"nnlib": 2.5, "other": 0.6}, 0.7) == "a few roundings"
    assert "condition" in reason({"nnlib": 30, "other": 20}, 0.9)
    assert "out of" in reason({"nnlib": 30, "other": 20}, 1.1)


def test_every_regime_is_in_the_table_and_absent_peers_too(no_peers):
    found = accuracy.measured(quick=True)
    assert len(found) == 4 * len(REGIMES)
    assert all(row["errors"]["loss"][name] is None for row in found for name in ("PyTorch", "JAX", "numba", "SciPy"))
    assert all(row["budget"]["nnlib"] <= 1 for row in found)
    assert "out of its budget" not in {why for row in found for why in row["reasons"].values()}
    machine = {"processor": "some", "cores": 2, "python": "3", "versions": {}}
    shown = bench_text({"machine": machine, "accuracy": json.loads(json.dumps(found, allow_nan=False))})
    assert max(map(len, shown.splitlines())) <= 80
    assert "absent" in shown
