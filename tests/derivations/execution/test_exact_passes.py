"""Strangers' code, unchanged: right passes are equal or cannot be traced, wrong formulas are never equal everywhere."""

from functools import partial

import pytest

from derivations.execution.cannot_trace import CannotTrace
from derivations.execution.compare import compare, judge
from derivations.execution.regimes import REGIMES
from derivations.registry import operation
from report.passes.registry import catalogue
from tests.campaign import thinned
from tests.derivations.execution.exact_passes import case, forget, mistake, questions, shapes

PASSES = [entry for entry in catalogue() if "weights" not in entry.options]  # the catalogue has no weights of rows
RIGHT = [entry for entry in PASSES if entry.correct]
WRONG = [entry for entry in PASSES if not entry.correct]

# What exact arithmetic does not show, and the float checks are for: rounding, overflow and masks, integers and memory
# layout as inputs, more classes than are tried here, and what an object or a workspace remembers.
UNSEEN = {
    *("overflow", "row-gap", "low", "mask", "kink", "integer", "integer-targets", "layout", "many-classes"),
    *("mutation", "aliasing", "state"),
}
UNTRACEABLE = {"softmax_jacobian_by_complex_step": "casts to complex128"}


def ids(entry):
    return entry.name


@pytest.fixture(scope="module")
def kept():
    """Cases by what they ask: their exact answers serve many passes."""
    cases = {}

    def get(entry, question, sizes, regime):
        options = tuple(sorted(entry.options.items()))
        key = (entry.operation, question.kind, options, tuple(sizes.items()), regime)
        return cases[key] if key in cases else cases.setdefault(key, case(entry, question, sizes, regime))

    return get


@pytest.mark.parametrize("entry", RIGHT, ids=ids)
def test_a_right_pass_is_equal(entry, kept):
    """At the most telling shape; the judge runs it at all of them."""
    sizes = next(shapes(entry))
    for question in questions(entry):
        for regime in ("ordinary", "wide"):
            try:
                result = judge(kept(entry, question, sizes, regime), question.call)
            except CannotTrace as refusal:
                assert refusal.reason == UNTRACEABLE[entry.name]
                return
            assert result.verdict == "equal", (regime, result.differences, result.shapes)
            assert not result.mutated and not result.aliased and not result.events
    assert entry.name not in UNTRACEABLE


@pytest.mark.parametrize("entry", thinned([entry for entry in WRONG if entry.shows not in UNSEEN], mistake, ids))
def test_a_wrong_pass_is_not_equal_everywhere(entry, kept):
    assert any(_seen(kept(entry, *asked), asked[0].call) for asked in _asked(entry))


def _asked(entry):
    """(question, sizes, regime), ordinary numbers first."""
    for regime in REGIMES:
        for question in questions(entry):
            for sizes in shapes(entry):
                yield question, sizes, regime


def _seen(asked, call):
    """Whether the run is not plainly equal: it differs, something is noted, or the code raises."""
    try:
        result = judge(asked, call)
    except CannotTrace as refusal:
        assert refusal.__cause__ is not None  # an error of the code itself
        return True
    return result.verdict == "different" or bool(result.events)


@pytest.mark.parametrize("entry", [entry for entry in WRONG if entry.shows in UNSEEN], ids=ids)
def test_what_is_wrong_otherwise_is_not_called_different(entry, kept):
    """A formula that is right is never refuted for what floats make of it."""
    forget()
    question, sizes = questions(entry)[-1], next(shapes(entry))
    assert judge(kept(entry, question, sizes, "ordinary"), question.call).verdict == "equal"


@pytest.mark.parametrize("entry", [entry for entry in WRONG if entry.diagnosis == "float32-inside"], ids=ids)
def test_float32_inside_is_an_event(entry, kept):
    question, sizes = questions(entry)[0], next(shapes(entry))
    events = judge(kept(entry, question, sizes, "ordinary"), question.call).events
    assert any("float32 at " in event and "report/passes/wrong_" in event for event in events)


MUTATING = [entry for entry in WRONG if entry.shows in ("mutation", "aliasing")]


@pytest.mark.parametrize("entry", MUTATING, ids=ids)
def test_mutation_and_aliasing_are_seen(entry, kept):
    """On some path: an input that is positive throughout may be handed back."""
    question, sizes = questions(entry)[0], next(shapes(entry))
    results = [judge(kept(entry, question, sizes, regime), question.call) for regime in ("ordinary", "positive")]
    assert any(result.mutated or result.aliased for result in results)


def test_scipy_itself():
    """SciPy's own functions, as they are installed."""
    special = pytest.importorskip("scipy.special")
    for name, function in (("softmax", special.softmax), ("log-softmax", special.log_softmax)):
        result = compare(operation(name), "value", partial(function, axis=1), {"B": 2, "n": 3})
        events = [event for event in result.events if "cached results" not in event]  # which it keeps of types
        assert result.verdict == "equal" and not events


@pytest.mark.parametrize(
    "name", ["softmax", "cce", "linear", "sigmoid", "relu", "network", "log-softmax", "class-weights"]
)
def test_derived_functions_equal_their_definitions(name):
    for key, function in operation(name).functions.items():
        if " " not in key:
            result = compare(operation(name), key, function, {"B": 2, "n": 3, "m": 2, "h": 2})
            assert result.verdict == "equal", key
