"""nnlib runs exactly, unchanged, and equals the definitions; `report.code_proofs` shows it at more shapes and paths."""

import pytest

import nnlib
from derivations.execution.compare import compare, paths
from derivations.registry import operation
from report.catalogue import ROWS, row

SIZES = {"B": 2, "n": 3, "m": 2, "h": 2}


def options(key):
    kind, *variant = key.split()
    reduction, targets = "sum" if "sum" in variant else "mean", "indices" if "indices" in variant else "rows"
    return {"kind": kind, "reduction": reduction, "targets": targets}


@pytest.mark.parametrize("name, key", [(one.name, key) for one in ROWS for key in one.calls])
def test_equals_the_definition_and_leaves_no_trace(name, key):
    result = compare(operation(name), call=row(name).calls[key], sizes=SIZES, **options(key))
    assert result.verdict == "equal", result.differences
    assert not result.events and not result.mutated and not result.aliased and not result.identifications


@pytest.mark.parametrize(
    "name, key", [("softmax", "vjp"), ("cce", "gradient"), ("network", "gradient"), ("temperature", "value")]
)
def test_float32_stays_float32(name, key):
    result = compare(operation(name), call=row(name).calls[key], sizes=SIZES, dtype="float32", **options(key))
    assert result.verdict == "equal" and not result.events


def test_softmax_is_proved_without_conditions():
    """Whatever is subtracted from the logits, it is softmax: that the largest was subtracted never matters."""
    result = compare(operation("softmax"), "vjp", nnlib.Softmax().backward, {"B": 2, "n": 3})
    assert result.verdict == "equal" and result.conditions == ()


def test_relu_is_proved_on_both_sides_of_its_kink():
    found = paths(operation("relu"), "vjp", nnlib.ReLU().backward, {"B": 1, "n": 1})
    assert {result.conditions for result in found} == {("x[1,1] > 0",), ("x[1,1] < 0",)}


def test_the_network_has_a_path_of_its_own_for_each_sign():
    found = paths(operation("network"), "gradient", row("network").calls["gradient"], {"B": 1, "n": 1, "m": 1, "h": 1})
    assert {result.conditions for result in found} == {
        ("x[1,1]·W[1,1] + beta[1] ≥ 0",),
        ("x[1,1]·W[1,1] + beta[1] ≤ 0",),
    }
