"""What a caller may rely on besides numbers: nothing is changed, nothing is shared, nothing is remembered.

The arguments are left alone and are no part of the result; the same call gives the same bits again, whatever was called
in between; a result that was handed out stays as it was; the memory layout of the arguments does not matter.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from derivations.execution.cannot_trace import in_words
from derivations.judge.calling import called, copied
from derivations.judge.situation import Situation
from derivations.judge.situations import ARRANGED, INTEGERS

REPEATS = 20  # calls in which a rare random number shows
ORDINARY = Situation("ordinary numbers")
OTHER = Situation("ordinary numbers, after another call")


def kept(trial, ordinary=ORDINARY):
    """Add to the trial's findings what its claim does not keep; before any other run, so that nothing is remembered."""
    first, second = trial.drawn(ordinary), trial.drawn(ordinary)
    try:
        _in_turn(trial, first, second)
        if trial.claim.passes is not None and trial.claim.kind != "value":
            _one_object(trial, first, second)
        if not any(x.category == "mutation" for x in trial.findings):
            _read_only(trial, first)
    except KeyboardInterrupt:
        raise
    except BaseException:  # which the runs of the trial will show with its inputs
        return


def arranged(trial):
    """Other memory layouts, and integers for floats: the same numbers are wanted, but integers may be refused."""
    for situation, category in (*((x, "layout") for x in ARRANGED), *((x, "integers") for x in INTEGERS)):
        for finding in _about_numbers(trial, partial(trial.run, situation)):
            if finding.category != "exception":
                trial.findings.append(replace(finding, category=category))
            elif category == "layout":
                trial.findings.append(finding)
            else:
                trial.skipped.append(f"{situation.name}, which the code does not take ({finding.detail})")


def keeps_the_type(trial):
    """The type of the results for float32 arguments where it is not float32, else None."""
    try:
        results = trial.results(trial.drawn(ORDINARY, np.float32))
    except Exception:
        return None
    other = [x.dtype.name for x in results if x.dtype != np.float32 and x.ndim]
    return other[0] if other else None


def _about_numbers(trial, run):
    """The findings of a run that are about numbers, taken out of the trial's; what is changed or shared is left."""
    before = len(trial.findings)
    run()
    found = [x for x in trial.findings[before:] if x.category not in ("mutation", "aliasing")]
    trial.findings[before:] = [x for x in trial.findings[before:] if x not in found]
    return found


def _in_turn(trial, first, second):
    """A, A again, B, A once more: the same bits each time, and the first result unchanged after all of them."""
    given = [copied(x) for x in first]
    result = trial.flat(called(trial.claim, given))
    trial.shared(ORDINARY, first, given, result, np.float64)
    kept_result = [x.copy() for x in result]
    _leave_garbage(first)
    if not _same(kept_result, trial.results(first)):
        stale = not _same(kept_result, result)
        trial.note("aliasing" if stale else "random", ORDINARY, first, np.float64, detail="the result" if stale else "")
        return
    unexpected = _about_numbers(trial, partial(trial.on, OTHER, second))
    if not _same(kept_result, result):
        trial.note("aliasing", OTHER, first, np.float64, 0, result[0], kept_result[0], detail="the result")
    elif not _same(kept_result, again := trial.results(first)):
        if _varies(trial, first):
            trial.note("random", OTHER, first, np.float64)
        else:
            _as_alone(trial, again, kept_result, first, second)
    elif unexpected and _right_alone(trial, first, kept_result):
        worst = unexpected[-1]
        if worst.category != "formula" or not trial.formula_known:
            return
        trial.findings.append(replace(worst, category="state", before=tuple(first)))


def _varies(trial, arrays):
    """Whether calls with nothing in between give different bits, too: a rare random number, and nothing remembered."""
    once = trial.results(arrays)
    return any(not _same(once, trial.results(arrays)) for _ in range(REPEATS))


def _right_alone(trial, arrays, results):
    """Whether the first call's results are right."""
    wanted = [sides[0].rounded for sides in trial.truths(arrays, np.float64)]
    return all(
        x.shape == y.shape and np.allclose(x, y, rtol=1e-6, atol=0) for x, y in zip(results, wanted, strict=True)
    )


def _one_object(trial, first, second):
    """Two inputs in turn: forward of both, by two objects of a class, then backward of the first, and of the second."""
    passes = trial.claim.passes
    fresh = trial.results(first)
    first_given, second_given = ([copied(x) for x in arrays] for arrays in (first, [second[0], *first[1:]]))
    made = passes.made(first_given)
    passes.forward(made, first_given)
    if isinstance(passes.subject, type):
        passes.forward(passes.made(second_given), second_given)
    if not passes.cached:
        passes.forward(made, second_given)
    result = trial.flat(passes.gradients(made, first_given))
    kept_result = [x.copy() for x in result]
    if not _as_alone(trial, kept_result, fresh, first, second_given):
        return
    for later in _once_more(trial, made, first_given):
        if not _as_alone(trial, later, fresh, first, first_given):
            return
    passes.forward(made, second_given)
    trial.flat(passes.gradients(made, second_given))
    if not _same(kept_result, result):
        trial.note("aliasing", OTHER, first, np.float64, detail="the result")
        return
    _the_last_forward(trial, first_given, second_given, fresh)


def _once_more(trial, made, given):
    """The result of a second backward in a list, which is empty where the code takes only one after a forward."""
    try:
        found = trial.flat(trial.claim.passes.gradients(made, given))
    except Exception as error:
        trial.skipped.append(f"a second backward after one forward, which the code does not take ({in_words(error)})")
        return []
    return [[x.copy() for x in found]]


def _the_last_forward(trial, first, second, fresh):
    """backward after two forwards is about the last of them."""
    passes = trial.claim.passes
    made = passes.made(first)
    passes.forward(made, second)
    passes.forward(made, first)
    last = trial.flat(passes.gradients(made, first))
    _as_alone(trial, last, fresh, first, second)


def _as_alone(trial, found, fresh, arrays, before):
    """Whether the results are those without the call before; a Finding is noted where they are not."""
    for number, (have, want) in enumerate(zip(found, fresh, strict=True)):
        if not _same([have], [want]):
            return trial.note("state", OTHER, arrays, np.float64, number, have.copy(), want, before=before)
    return True


def _read_only(trial, arrays):
    """Arguments that cannot be written to."""
    given = [copied(x) for x in arrays]
    for x in given:
        x.setflags(write=False)
    try:
        called(trial.claim, given)
    except ValueError as error:
        if "read-only" in str(error):
            trial.note("mutation", Situation("read-only arrays"), arrays, np.float64, detail="an argument")


def _leave_garbage(arrays):
    """Free blocks full of 7.5, so that an uninitialised result of the same size does not look like the last one."""
    return sum(np.full(np.shape(x), 7.5).size for x in arrays for _ in range(3))


def _same(first, second):
    return len(first) == len(second) and all(
        np.array_equal(x, y, equal_nan=True) for x, y in zip(first, second, strict=True)
    )
