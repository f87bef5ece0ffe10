"""Running somebody's code on exact numbers, unchanged: what it returns, and what happened on the way."""

import io
from contextlib import redirect_stdout
from dataclasses import dataclass
from threading import RLock

import numpy as np

from derivations.execution.cannot_trace import NOWHERE, CannotTrace, Raised, in_words, raised_at
from derivations.execution.exact_array import exact_array, following, plain
from derivations.execution.exact_scalar import FLOAT64, ExactScalar, node_of
from derivations.execution.subject import Subject, exact_names
from derivations.execution.substitute import unknowns
from derivations.execution.trace import GAP, Trace, running
from derivations.scalar import Scalar

DEEP = 8  # lists within lists, which no result of ours has

LARGEST = 10**5  # numbers that a run returns; each of them is compared on its own
_one_at_a_time = RLock()  # the subject's globals are the process's


@dataclass(frozen=True)
class Execution:
    """One exact run.

    raw: what the code returned, arrays as object arrays of scalars (or floats ∞ and NaN), in which choices such as the
    largest of several numbers are unknowns of their own; outputs: the same with each choice made; trace: how it ran.
    mutated: the positions of the arguments that were changed; aliased: those that an output shares memory with.
    """

    raw: object
    trace: Trace
    mutated: tuple[int, ...]
    aliased: tuple[int, ...]
    dtypes: tuple

    @property
    def outputs(self):
        """The exact results in the structure that the code returned them in."""
        return mapped(self.trace.resolved, self.raw)

    @property
    def conditions(self):
        """The path: comparisons on which the run branched, and choices that its results depend on."""
        found = dict.fromkeys(self.trace.conditions)
        for node in _nodes(self.raw):
            found.update(dict.fromkeys(self.trace.reasons(node)))
        return tuple(map(str, self.trace.simplified(found)))

    @property
    def identifications(self):
        """Floats that were taken for constants: '0.3333333333333333 is 1/3'."""
        return tuple(self.trace.constants.found)

    @property
    def events(self):
        """What exact arithmetic does not show: casts to float32, output printed, with the line where it happens."""
        return tuple(self.trace.events)


def run_exactly(call, inputs, concrete, constants=None, dtype=FLOAT64, subject=None):
    """call(*inputs), exactly.

    inputs: object arrays of `Scalar`, or single ones, become exact numbers that pass for dtype; other arguments (class
    indices) are passed as they are. concrete: {unknown: Fraction}, the numbers that decide comparisons. constants: a
    `Constants` that knows the definition's. subject: the call's Subject, for who runs it often.
    Raises CannotTrace, also where the code itself raises.
    """
    with _one_at_a_time:
        trace = Trace(concrete, constants)
        subject = Subject(call) if subject is None else subject
        with running(trace), exact_names(subject, lambda text: trace.events.update({text: None})):
            given = [_passed(value, np.dtype(dtype)) for value in inputs]
            before = [_copy(value) for value in given]
            returned = _returned(call, given, trace)
            if sum(map(np.size, leaves(returned))) > LARGEST:
                raise CannotTrace(f"returns more than {LARGEST} numbers", NOWHERE)
            raw = mapped(node_of, returned)
            _note_gaps(raw, trace)
            return Execution(raw, trace, _mutated(before, given), _aliased(returned, given), _dtypes(returned))


def _note_gaps(raw, trace):
    if any(name.startswith(GAP) for name in unknowns(*(x for x in _nodes(raw) if not isinstance(x, float)))):
        trace.events["returns entries of np.empty that were never written"] = None


def _nodes(raw):
    return [node for leaf in leaves(raw) for node in np.ravel(np.asarray(leaf, object))]


def _passed(value, dtype):
    if isinstance(value, Scalar):
        return ExactScalar(value, dtype)
    if isinstance(value, np.ndarray) and value.dtype == object:
        made = exact_array(np.empty(value.shape, object), dtype)
        for position in np.ndindex(value.shape):
            plain(made)[position] = ExactScalar(node_of(value[position]), dtype)
        return made
    return following(value.copy()) if isinstance(value, np.ndarray) else value


def _copy(value):
    return np.array(plain(value)) if isinstance(value, np.ndarray) else value


def _returned(call, given, trace):
    printed = io.StringIO()
    try:
        with redirect_stdout(printed):
            result = call(*given)
    except CannotTrace:
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if trace.failure is not None:
            raise trace.failure from error
        raise Raised(in_words(error), raised_at(error)) from error
    finally:
        if printed.getvalue():
            trace.events[f"prints {printed.getvalue().strip()[:60]!r}"] = None
    if trace.failure is not None:  # the code caught it and went on, on a path of its own
        raise trace.failure
    return result


def _mutated(before, after):
    pairs = enumerate(zip(before, after, strict=True))
    return tuple(number for number, (old, new) in pairs if isinstance(old, np.ndarray) and not _same(old, plain(new)))


def _same(old, new):
    return np.array_equal(old, new) if old.dtype != object else all(map(_is_entry, old.flat, new.flat))


def _is_entry(old, new):
    return node_of(old) is node_of(new)


def _aliased(returned, given):
    arrays = [leaf for leaf in leaves(returned) if isinstance(leaf, np.ndarray)]
    return tuple(
        number
        for number, value in enumerate(given)
        if isinstance(value, np.ndarray) and any(np.shares_memory(plain(value), plain(leaf)) for leaf in arrays)
    )


def _dtypes(returned):
    return tuple(leaf.dtype if hasattr(leaf, "dtype") else None for leaf in leaves(returned))


def leaves(value, deep=DEEP):
    """The arrays and numbers in nested tuples, lists and dicts, in order. Raises: Raised where nested too far."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (tuple, list)):
        if not deep:
            raise Raised(f"returns lists within lists, more than {DEEP} deep", NOWHERE)
        return [leaf for part in value for leaf in leaves(part, deep - 1)]
    return [] if value is None else [value]


def mapped(change, value):
    """The nested value with `change` applied to each number in it; arrays become arrays of objects."""
    if value is None:
        return None
    if isinstance(value, dict):
        return {key: mapped(change, part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        made = [mapped(change, part) for part in value]
        return tuple(made) if isinstance(value, tuple) else made  # of no subclass, whose constructors differ
    if isinstance(value, np.ndarray):
        made = np.empty(value.shape, object)
        for position in np.ndindex(value.shape):
            made[position] = change(plain(value)[position])
        return made
    return change(value)
