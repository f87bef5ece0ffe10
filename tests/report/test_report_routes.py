"""The routes that are timed compute one gradient; what is counted, held and lost is what it is said to be."""

import json

import numpy as np
import pytest

from report.bench import peers, routes
from report.bench.cold import cold
from report.bench.machine import own_peak
from report.bench.timing import QUICK

pytestmark = pytest.mark.filterwarnings("default")  # what other packages warn of when they are imported
EPS = float(np.finfo(np.float32).eps)


@pytest.mark.parametrize("kept", (True, False))
def test_the_routes_to_the_backward_pass_compute_the_same(kept):
    o, y, p = routes.problem(5, 7)
    p64 = np.exp(o.astype(float)) / np.exp(o.astype(float)).sum(axis=1, keepdims=True)
    calls = routes.backward_calls(o, y, p, kept)
    assert set(calls) >= {routes.JACOBIANS, routes.VJPS, routes.FUSED}
    for name, call in calls.items():
        # Sums of 7 terms y/p p of at most 1 each, by rows of which each entry is within 10 eps.
        assert np.allclose(call(), (p64 - y) / 5, rtol=0, atol=100 * EPS), name


def test_the_routes_to_both_passes_compute_the_same():
    o, c = peers.problem(5, 7, "float32")
    calls = routes.whole_calls(o, c)
    want = peers.as_numpy(calls[routes.NNLIB_FUSED]())
    assert (routes.TORCH_SEPARATE in calls) == peers.present(peers.TORCH)
    for name, call in calls.items():
        loss, gradient = peers.as_numpy(call())
        assert loss == pytest.approx(want[0], rel=0, abs=100 * EPS), name
        assert np.allclose(gradient, want[1], rtol=0, atol=100 * EPS), name


def test_a_cell_has_counts_of_the_derived_routes_and_ratios_to_the_fused():
    found = routes.backward(6, True, QUICK)["routes"]
    B, n = routes.BATCH, 6
    assert found[routes.FUSED]["operations"] == 2 * B * n and found[routes.FUSED]["ratio"] is None
    assert found[routes.FUSED]["moved"] == 4 * (3 + 2) * B * n  # p and y read, the difference written, read, written
    assert found[routes.JACOBIANS]["operations"] > 4 * B * n * n
    assert found[routes.JACOBIANS]["bytes"] > 4 * B * n * n > found[routes.FUSED]["bytes"] > 4 * B * n
    assert found[routes.VJPS]["ratio"]["median"] > 0


def test_jacobians_that_do_not_fit_are_not_tried(monkeypatch):
    assert not routes.jacobians_fit(routes.MOST_WITH_JACOBIANS + 1)
    monkeypatch.setattr(routes, "free_memory", lambda: 1000)
    found = routes.backward(6, False, QUICK)["routes"]
    assert found[routes.JACOBIANS] is None and found[routes.VJPS]


def test_the_separate_routes_lose_rows_and_the_fused_ones_none():
    small, large = routes.lost(1, "float32")["lost"], routes.lost(1000, "float32")["lost"]
    assert not any(small.values())
    assert large[routes.NNLIB_SEPARATE] > 0.5 and large[routes.NNLIB_FUSED] == 0
    if peers.present(peers.TORCH):
        assert large[routes.TORCH_SEPARATE] > 0.5 and large[routes.TORCH_FUSED] == 0


def test_absent_pytorch_is_none(monkeypatch):
    monkeypatch.setattr(peers, "installed", lambda package: None)
    found = json.loads(json.dumps(routes.measured(quick=True), allow_nan=False))
    for cell in found["passes"]["whole"]:
        assert cell["routes"][routes.TORCH_FUSED] is cell["routes"][routes.TORCH_SEPARATE] is None
    assert all(row["lost"][routes.TORCH_FUSED] is None for row in found["lost"])


def test_the_peak_of_a_process_is_not_its_parents():
    if own_peak() is None:
        pytest.skip("this system does not tell of a process's own peak")
    large = np.ones(2**26)  # 512 MiB, each page touched
    assert own_peak() > large.nbytes > 2 * cold("report.bench.machine", "own_peak")
