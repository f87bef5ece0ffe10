"""Whatever the subject keeps from call to call holds no exact number after a run, and is what it was before."""

import functools
from collections import OrderedDict, defaultdict, deque
from types import SimpleNamespace

import numpy as np
import pytest

from derivations.execution.cannot_trace import CannotTrace
from derivations.execution.subject import Subject
from tests.derivations.execution.exact_inputs import run


@functools.lru_cache
def zeros(n):
    return np.zeros(n)


class Memo:
    def __init__(self, function):
        self.function, self.cache = function, {}

    def __call__(self, n):
        return self.cache.setdefault(n, self.function(n))


@Memo
def ones(n):
    return np.ones(n)


class Slotted:
    __slots__ = ("kept",)

    def __init__(self, kept):
        self.kept = kept


class Unset:
    __slots__ = ("kept",)


class Holder:
    kept = None
    parts = {"inner": {}}

    @classmethod
    def keep(cls, x):
        cls.kept = x


nested, ordered, waiting, seen = {"a": {}}, OrderedDict(a=1, b=2), deque([1]), {1}
counted, namespace, workspace = defaultdict(list), SimpleNamespace(kept=None), SimpleNamespace(arrays={})
slotted, unset, buffer, exact_buffer = Slotted([]), Unset(), np.zeros(3), np.zeros(3, object)


called = False


def sets_the_same_again():
    global called
    called = Holder.kept = True


def test_what_is_set_to_the_same_object_again_is_put_back_again():
    memory = Subject(sets_the_same_again).memory()
    for _ in range(3):
        sets_the_same_again()
        assert memory.restore() == ["the global variable called", "Holder.kept"]
        assert called is False and Holder.kept is None


def with_attribute(x):
    with_attribute.kept = x


def around():
    last = None

    def call(x):
        nonlocal last
        last = x

    return call, lambda: last


closure, last_of_closure = around()


def written(x):
    buffer[0] += 1


def written_exactly(x):
    exact_buffer[0] = x[0, 0]


@pytest.mark.parametrize(
    ("keep", "held", "words"),
    [
        (lambda x: zeros(3) + x, lambda: zeros.cache_info().currsize, "the cached results of zeros"),
        (lambda x: ones(3) + x, lambda: list(ones.cache), "Memo.cache"),
        (with_attribute, lambda: vars(with_attribute).copy(), "with_attribute.kept"),
        (closure, last_of_closure, "the variable last around call"),
        (Holder.keep, lambda: Holder.kept, "Holder.kept"),
        (lambda x: Holder.parts["inner"].update(x=x), lambda: dict(Holder.parts["inner"]), "Holder.parts (x)"),
        (lambda x: nested["a"].update({id(x): x}), lambda: dict(nested["a"]), "nested"),
        (lambda x: ordered.update(a=x), lambda: list(ordered.items()), "ordered (a)"),
        (lambda x: waiting.append(x), lambda: list(waiting), "waiting"),
        (lambda x: seen.add(id(x)), lambda: set(seen), "seen"),
        (lambda x: counted["x"].append(x), lambda: list(counted), "counted (x)"),
        (lambda x: setattr(namespace, "kept", x), lambda: namespace.kept, "SimpleNamespace.kept"),
        (lambda x: workspace.arrays.update(x=x), lambda: dict(workspace.arrays), "SimpleNamespace.arrays (x)"),
        (lambda x: setattr(slotted, "kept", x), lambda: slotted.kept, "Slotted.kept"),
        (lambda x: setattr(unset, "kept", x), lambda: hasattr(unset, "kept"), "Unset.kept"),
        (written, buffer.tolist, "buffer"),
        (written_exactly, exact_buffer.tolist, "exact_buffer"),
    ],
    ids=[
        "lru_cache", "memo object", "function attribute", "nonlocal", "class attribute", "dict of a class",
        "dict in a dict", "ordered dict", "deque", "set", "defaultdict", "namespace", "dict of a namespace", "slot",
        "unset slot", "array", "array of objects",
    ],
)  # fmt: skip
def test_what_is_kept_anywhere_is_taken_out_again(keep, held, words):
    before = held()

    def subject(x):
        keep(x)
        return x

    events = run(subject).events
    assert held() == before and f"changes {words}" in events, events


def test_what_was_cached_before_is_not_what_a_run_gets():
    zeros(4)
    Subject(lambda: zeros(4)).memory()
    assert zeros.cache_info().currsize == 0


def test_what_another_package_keeps_is_its_own():
    @functools.lru_cache
    def cached(n):
        return n

    cached.__module__ = "numpy"
    cached(1)
    Subject(lambda: cached(1)).memory()
    assert cached.cache_info().currsize == 1


def keeping():
    """A generator that holds what it is sent: nobody can look into it."""
    held = None
    while True:
        sent = yield held
        held = held if sent is None else sent


def test_numbers_of_a_run_that_is_over_are_no_error_of_the_code():
    generator = keeping()
    next(generator)
    run(lambda x: generator.send(x))
    hidden = next(generator)
    with pytest.raises(CannotTrace, match="after the run"):
        hidden[0, 0] < 1  # noqa: B015
    with pytest.raises(CannotTrace, match="another run"):
        run(lambda x: x * (hidden[:1] > 0), values=[[1.0, 2.0]])
