"""What is counted is what runs: polynomials of the derivations against the operations that NumPy executes."""

import json
from collections import Counter

import numpy as np
import pytest

from derivations.counting import counts
from derivations.registry import operations
from derivations.routes import routes
from report.counts import SIZES, comparison, comparison_text
from report.executed import CountingArray, Tally, counting, executed, executed_by
from report.inputs import draw

FUNCTIONS = [(one, kind) for one in operations().values() for kind in one.functions]
SHAPES = ({"B": 1, "n": 1}, {"B": 2, "n": 3}, {"B": 7, "n": 5, "m": 3, "h": 4})


def nonzero(counted):
    return {kind: number for kind, number in counted.items() if number}


@pytest.mark.parametrize("sizes", SHAPES, ids=str)
@pytest.mark.parametrize(("operation", "kind"), FUNCTIONS, ids=lambda value: getattr(value, "name", value))
def test_every_derived_function_executes_what_its_polynomials_say(operation, kind, sizes):
    function = operation.functions[kind]
    arrays = draw(operation, function, np.random.default_rng(3), **sizes)
    want = counts(function).at({"B": 3, "n": 4, "m": 5, "h": 2, **sizes})
    assert nonzero(executed_by(function, *arrays).operations) == nonzero(want)


def test_the_comparison_agrees_at_six_sizes_and_says_so():
    found = comparison()
    assert found["agree"]
    assert len(SIZES) >= 6
    for entry in found["routes"]:
        assert {(run["B"], run["n"]) for run in entry["executed"]} == set(SIZES)
    assert {run["code"] for run in found["routes"][2]["executed"]} == {"derived", "nnlib"}
    json.dumps(found)


def test_a_wrong_polynomial_would_be_seen(monkeypatch):
    import report.counts as module

    fused, jacobians = routes(False)["fused"], routes(False)["separate, Jacobians"]
    monkeypatch.setattr(
        module, "counts", lambda function: counts(jacobians if function.name == fused.name else function)
    )
    assert not comparison(sizes=((3, 4),))["agree"]


def test_memory_traffic_is_what_is_executed():
    for shared in (False, True):
        for function in routes(shared).values():
            derived = counts(function)
            rng = np.random.default_rng(0)
            tally = executed_by(function, rng.dirichlet(np.ones(4), size=3), rng.dirichlet(np.ones(4), size=3))
            sizes = {symbol: {"B": 3, "n": 4}[symbol.name] for symbol in derived.read.free_symbols}
            wanted = [int(x.subs(sizes)) for x in (derived.read, derived.written, derived.largest)]
            assert [tally.read, tally.written, tally.largest] == wanted


def test_the_text_fits_a_terminal():
    assert max(map(len, comparison_text(comparison(sizes=((2, 3),))).splitlines())) <= 80


def test_a_counting_array_counts_reductions_products_and_what_is_written_into():
    tally = Tally()
    a = counting(np.arange(6.0).reshape(2, 3), tally)
    out = np.empty((2, 3))
    (a + 1).sum(axis=1)
    np.multiply(a, a, out=counting(out, tally))
    a @ a.T
    np.einsum("bi->b", a)
    assert isinstance(np.einsum("bi,ji->bj", a, a), CountingArray)
    assert isinstance(a + 1, CountingArray)
    assert tally.operations == {"add": 6 + 4 + 8 + 4 + 8 + 6, "mul": 6 + 12 + 12}
    assert np.array_equal(out, np.arange(6.0).reshape(2, 3) ** 2)


def test_validation_is_counted_apart():
    import nnlib

    tally = executed(nnlib.Softmax().backward, np.zeros((2, 3)), np.ones((2, 3)))
    assert sum(tally.checks.values()) > 0
    assert nonzero(tally.operations) == {"compare": 4, "add": 6 + 4 + 6 + 4, "exp": 6, "div": 6, "mul": 12}


def test_the_fused_pass_is_spared_the_shift_of_logits_that_need_none():
    import nnlib

    run, classes = nnlib.SoftmaxCrossEntropy().backward, np.zeros(2, dtype=int)
    spared, shifted = (executed(run, np.full((2, 3), o), classes).operations for o in (19.0, 60.0))
    assert spared == {"exp": 6, "add": 4 + 2 + 2, "div": 2 + 2, "mul": 2 + 6, "compare": 1 + 1 + 1}
    begun = {"exp": 6, "add": 4 + 2, "div": 2, "compare": 1 + 1 + 1 + 12 + 1}  # and left when no row may stay
    anew = {"exp": 6, "add": 6 + 4 + 2 + 2, "div": 2, "mul": 2 + 6, "compare": 4}
    assert shifted == Counter(begun) + Counter(anew)
