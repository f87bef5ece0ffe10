"""Every benchmark runs at tiny sizes, with and without peers; all contenders agree. No test looks at a time."""

import json

import numpy as np
import pytest

from report.bench import bench, bench_text, generated, goals, kernels, linear, memory, peers, routes, shapes, targets
from report.bench.cold import ColdRunFailed, cold
from report.bench.timing import QUICK

pytestmark = pytest.mark.filterwarnings("default")  # what other packages warn of when they are imported


@pytest.fixture
def no_peers(monkeypatch):
    """As if no peer were installed."""
    monkeypatch.setattr(peers, "installed", lambda package: None)


@pytest.mark.parametrize("dtype", shapes.DTYPES)
@pytest.mark.parametrize(("B", "n"), ((1, 1), (3, 4), (7, 130)))
@pytest.mark.parametrize("name", peers.PASSES)
def test_all_contenders_compute_the_same(name, B, n, dtype):
    if not peers.present(name):
        pytest.skip(f"{name} is absent")
    o, c = peers.problem(B, n, dtype)
    before = o.copy()
    loss, gradient = peers.as_numpy(peers.PASSES[name](o, c)())
    p = np.exp(o.astype(float)) / np.exp(o.astype(float)).sum(axis=1, keepdims=True)
    assert gradient.shape == (B, n) and gradient.dtype == dtype and np.array_equal(o, before)
    # Logits below 5 and n ≤ 130: each p is within 10 eps and the loss within n/2 eps of terms below 10.
    allowed = 100 * float(np.finfo(dtype).eps)
    assert loss == pytest.approx(-np.log(p[np.arange(B), c]).mean(), rel=0, abs=10 * allowed)
    assert np.allclose(gradient, (p - np.eye(n)[c]) / B, rtol=0, atol=allowed)


def test_the_ways_through_a_linear_layer_compute_the_same():
    layer, x, c = linear.problem(5, 3, 4)
    found = [call() for call in linear.passes(layer, x, c).values()]
    if peers.present(peers.TORCH):
        found.append(linear.pytorch(layer, x, c)())
    for value, gradients in found:
        assert float(value) == pytest.approx(float(found[0][0]), rel=1e-5)
        for got, want in zip(gradients, found[0][1], strict=True):
            assert np.allclose(np.asarray(got), want, rtol=0, atol=1e-5)


def test_a_cell_has_every_contender_and_its_ratios():
    cell = kernels.cell(4, 3, "float32", QUICK)
    assert set(cell["seconds"]) == {*peers.PASSES, peers.FLOOR}
    for of, ratios in cell["ratios"].items():
        assert set(ratios) == set(cell["seconds"]) - {of}
    for name, spread in cell["seconds"].items():
        assert spread is None or 0 < spread["best"] <= spread["low"] <= spread["median"] <= spread["high"], name


def test_absent_peers_are_columns_marked_absent(no_peers):
    found = {"cells": [kernels.cell(4, 3, "float64", QUICK)], "sweeps": {}, "memory": memory.measured(quick=True)}
    found |= {
        "routes": routes.measured(quick=True),
        "threads": kernels.threads(((4, 3),), QUICK),
        "targets": targets.measured(((4, 3),), ("float32",), quick=True),
        "linear": linear.measured(quick=True),
        "generated": [],
    }
    found["goals"] = goals.judged(found)
    assert all(found["cells"][0]["seconds"][name] is None for name in peers.PACKAGES)
    assert {one["contender"] for one in found["threads"]} == {peers.OUT}
    assert found["linear"]["seconds"][peers.TORCH] is None
    assert not any("PyTorch" in one["goal"] for one in found["goals"])
    versions = dict.fromkeys(("numpy", "torch"))
    machine = {"processor": "some", "cores": 2, "python": "3", "versions": versions}
    assert bench_text({"machine": machine, "kernels": found}).count("absent") >= 3 * len(peers.PACKAGES)


def test_a_shape_that_does_not_fit_into_memory_is_skipped(monkeypatch):
    monkeypatch.setattr(shapes, "free_memory", lambda: 1000)
    cell = kernels.cell(32, 10, "float64", QUICK)
    assert "GiB" in cell["skipped"] and not cell["seconds"]
    assert kernels.threads(((32, 10),), QUICK) == []
    assert targets.measured(((32, 10),), ("float32",), quick=True) == []


def test_the_machine_is_named_with_the_instructions_of_exp():
    from report.bench.machine import machine, named

    found = machine()
    assert found["vectors"] or np.lib.NumpyVersion(np.__version__) < "2.2.0"
    assert named({"processor": "some", "cores": 2, "vectors": "X86_V3"}) == "some, 2 cores, exp in X86_V3"
    assert named({"processor": "some", "cores": 2, "vectors": None}) == "some, 2 cores"


def test_every_operation_of_the_catalogue_is_compared(monkeypatch):
    monkeypatch.setattr(generated, "compared", lambda row, kind, sizes, effort: (row.name, kind))
    found = generated.measured(quick=True)
    assert {name for name, _ in found} == {row.name for row in generated.ROWS}
    assert ("softmax", "vjp") in found and ("softmax-cce", "gradient indices") in found


def test_a_fresh_interpreter_answers_in_json_fails_loudly_and_is_not_waited_for_for_ever():
    assert cold("math", "sqrt", 4) == 2
    with pytest.raises(ColdRunFailed, match="math domain error"):
        cold("math", "sqrt", -1)
    assert cold("time", "sleep", 60, timeout=0.2) is None


def test_quick_derive_is_proved_json_and_fits_a_terminal():
    found = json.loads(json.dumps(bench("derive", quick=True), allow_nan=False))
    assert set(found) == {"machine", "derive"}
    assert all(one["proved"] == one["derivations"] for one in found["derive"]["catalogue"]["operations"])
    assert found["derive"]["brute"][0]["seconds"] > 0
    assert max(map(len, bench_text(found).splitlines())) <= 80


def test_quick_kernels_are_json_and_fit_a_terminal(no_peers):
    found = json.loads(json.dumps(bench("kernels", quick=True), allow_nan=False))
    shown = bench_text(found)
    assert max(map(len, shown.splitlines())) <= 80
    assert set(found["kernels"]) == {
        "cells", "sweeps", "threads", "targets", "memory", "routes", "linear", "generated", "goals"
    }  # fmt: skip


def test_an_unknown_benchmark_is_named_with_the_known_ones():
    with pytest.raises(LookupError, match=r"kernels, derive, accuracy, verify or all, got 'speed'"):
        bench("speed")
