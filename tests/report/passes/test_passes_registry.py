"""Every pass of the catalogue is what it says: the right ones right everywhere, the wrong ones wrong where they say."""

import functools
import warnings
from collections import Counter

import numpy as np
import pytest

from report.passes.reference import expected, number
from report.passes.regimes import inputs
from report.passes.registry import catalogue

PASSES = catalogue()
RIGHT = [p for p in PASSES if p.correct]
WRONG = [p for p in PASSES if not p.correct]
LOSSES = ("cce", "nll", "softmax-cce", "mse")


def instance(entry, args):
    """A fresh object of the class; linear layers are made of their parameters."""
    return entry.function(*args[1:3]) if entry.operation == "linear" else entry.function()


def forward(entry, made, args):
    return made.forward(*args) if entry.operation in LOSSES else made.forward(args[0])


def backward(entry, made, args):
    if entry.operation in LOSSES:
        return made.backward() if entry.options.get("cached") else made.backward(*args)
    return made.backward(args[-1]) if entry.options.get("cached") else made.backward(args[0], args[-1])


def returned(entry, args):
    """What the pass returns, as a list of arrays; an object gives its value and its gradients."""
    if entry.kind == "object":
        made = instance(entry, args)
        results = (forward(entry, made, args), *as_tuple(backward(entry, made, args)))
    elif entry.options.get("batched", True):
        results = as_tuple(entry.function(*args))
    else:
        results = as_tuple(entry.function(*one_sample(entry.operation, args)))
    return [np.asarray(r) for r in results]


def as_tuple(result):
    return tuple(result) if isinstance(result, (tuple, list)) else (result,)


def one_sample(operation, args):
    """The arguments without their batch axis; weights and biases have none."""
    return [a if operation == "linear" and i in (1, 2) else a[0] for i, a in enumerate(args)]


@functools.cache
def cases(operation, kind, options, seed):
    """Regime -> (arguments, pairs of exact result and tolerance)."""
    options, out = dict(options), {}
    for name, args in inputs(operation, kind, options, seed).items():
        if not options.get("batched", True):
            args = tuple(a if operation == "linear" and i in (1, 2) else a[:1] for i, a in enumerate(args))
        out[name] = (args, truth(operation, kind, options, args))
    return out


def truth(operation, kind, options, args):
    if kind == "object":
        gradient = "gradient" if operation in LOSSES else "vjp"
        value = args if operation in LOSSES else args[:-1]
        return expected(operation, "value", options, value) + expected(operation, gradient, options, args)
    pairs = expected(operation, kind, options, args)
    if not options.get("batched", True):
        pairs = [(e, t) if operation == "linear" and i else (e[0], t[0]) for i, (e, t) in enumerate(pairs)]
    return pairs


def cases_of(entry, seed=0):
    return cases(entry.operation, entry.kind, tuple(sorted(entry.options.items())), seed)


def agree(results, pairs):
    """Shapes and every entry within its tolerance; infinities must be the same infinities."""
    return len(results) == len(pairs) and all(close(r, *pair) for r, pair in zip(results, pairs, strict=True))


def close(got, exact, tolerance):
    exact, infinite = np.asarray(exact), np.isinf(np.asarray(exact, dtype=float))
    if got.shape != exact.shape or got.dtype.kind not in "fiu" or np.isnan(got).any():
        return False
    if infinite.any() or np.isinf(got).any():
        if not np.array_equal(np.where(infinite, exact, 0).astype(float), np.where(np.isinf(got), got, 0)):
            return False
        got, exact = np.where(infinite, 0, got), np.where(infinite, number(0), exact)
    return bool(np.all(np.abs(number(got) - exact) <= tolerance))


def copies(args):
    return tuple(np.array(a, order="K", copy=True) for a in args)


def leave_garbage(args):
    """Frees blocks full of 7.5, so that an uninitialised result of the same size does not look like zeros."""
    return sum(np.full(np.shape(a), 7.5).size for a in args for _ in range(3))


def fault_in_one_call(entry, args, pairs):
    """ "wrong", "mutation", "aliasing" or None."""
    given = copies(args)
    leave_garbage(args)
    try:
        results = returned(entry, given)
    except (ValueError, IndexError, TypeError):  # a NameError would be a mistake of the catalogue
        return "wrong"
    if not agree(results, pairs):
        return "wrong"
    if any(not np.array_equal(a, b, equal_nan=True) for a, b in zip(args, given, strict=True)):
        return "mutation"
    return "aliasing" if any(np.shares_memory(r, a) for r in results for a in given) else None


def forgets_nothing(entry):
    """Two inputs in turn, some twice: every result is right, and still right when all calls are done."""
    (a, expect_a), (b, expect_b) = cases_of(entry)["always"], cases_of(entry, seed=1)["always"]
    if entry.operation == "linear":
        b = (b[0], *a[1:3], *b[3:])
        expect_b = truth(entry.operation, entry.kind, entry.options, b)
    calls = [(a, expect_a), (b, expect_b), (a, expect_a)]
    if entry.kind != "object":
        results = [returned(entry, copies(args)) for args, _ in calls]
        return all(agree(r, pairs) for r, (_, pairs) in zip(results, calls, strict=True))
    results = list(gradients_in_turn(entry, [copies(args) for args, _ in calls]))
    return all(agree(r, pairs[1:]) for r, (_, pairs) in zip(results, calls, strict=True))


def gradients_in_turn(entry, calls):
    """backward of one object for each call, after all its forward calls; a cached one goes backward twice for each."""
    if entry.options.get("cached"):
        for args in calls:
            made = instance(entry, args)
            forward(entry, made, args)
            backward(entry, made, args)
            yield [np.asarray(r) for r in as_tuple(backward(entry, made, args))]
    else:
        made = instance(entry, calls[0])
        for args in calls:
            forward(entry, made, args)
        for args in calls:
            yield [np.asarray(r) for r in as_tuple(backward(entry, made, args))]


@functools.cache
def faults(index):
    """The regimes in which pass `index` is wrong, and "mutation", "aliasing" and "state" where they apply."""
    entry, found = PASSES[index], set()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for name, (args, pairs) in cases_of(entry).items():
            fault = fault_in_one_call(entry, args, pairs)
            if fault:
                found.add(name if fault == "wrong" else fault)
        if "always" not in found and not forgets_nothing(entry):
            found.add("state")
    return found


def index_of(entry):
    return PASSES.index(entry)


@pytest.mark.parametrize("entry", RIGHT, ids=lambda p: p.name)
def test_right_pass_is_right_everywhere(entry):
    assert faults(index_of(entry)) == set()


@pytest.mark.parametrize("entry", WRONG, ids=lambda p: p.name)
def test_wrong_pass_is_wrong_where_it_says(entry):
    found = faults(index_of(entry))
    assert entry.shows in found
    assert ("always" in found) == (entry.shows == "always")


def test_counts():
    assert len(WRONG) >= 90 and len(RIGHT) >= 36
    assert {p.operation for p in WRONG} == {p.operation for p in RIGHT} >= {"softmax", "linear", "network"}


def test_names_are_unique():
    assert [name for name, n in Counter(p.name for p in PASSES).items() if n > 1] == []


@pytest.mark.parametrize("entry", PASSES, ids=lambda p: p.name)
def test_entry_is_described(entry):
    sentence = entry.sentence.strip()
    assert sentence and sentence.endswith(".") and "\n" not in sentence
    assert bool(entry.diagnosis) != entry.correct and bool(entry.style) == entry.correct
    assert entry.link == "" or entry.link.startswith("https://github.com/")
