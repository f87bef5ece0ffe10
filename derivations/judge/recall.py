"""What the code answers when nothing was called before, and what it answers after other calls.

The code's memory is put back before each of them, so that a difference is due to the calls shown, or to chance.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from derivations.execution.cannot_trace import CannotTrace, in_words
from derivations.judge.calling import called, copied
from derivations.judge.situation import Situation
from derivations.judge.trial import Trial

REPEATS = 20  # calls in which a rare random number shows
TRIED = 40  # earlier calls that may be what is remembered
REMEMBERED = ("state", "random", "aliasing", "mutation")
OTHER = Situation("ordinary numbers, after another call")
IN_PLACE = Situation("ordinary numbers, in arrays that were overwritten since the last call")


def outcome(trial, arrays):
    """The results of a call, arrays of their own, or in words what it raises."""
    return _answer(partial(trial.results, arrays))


def alone(trial, arrays):
    """The outcome when nothing was called before."""
    trial.forget()
    _leave_garbage(arrays)
    return outcome(trial, arrays)


def after(trial, before, arrays):
    """The outcome when one call came before, whose arguments are still in use."""
    trial.forget()
    held = [copied(x) for x in before]
    _answer(partial(_results, trial, held))
    return outcome(trial, arrays)


def overwritten(trial, before, arrays):
    """The outcome for arrays that held other numbers in the call before."""
    trial.forget()
    given = [copied(x) for x in before]
    _answer(partial(_results, trial, given))
    for old, new in zip(given, arrays, strict=True):
        old[...] = new
    return _answer(partial(_results, trial, given))


def _results(trial, given):
    return trial.flat(called(trial.claim, given))


def _answer(call):
    try:
        return [x.copy() for x in call()]
    except CannotTrace:  # of a number that the judge left behind
        raise
    except Exception as error:
        return in_words(error)


def alike(first, second):
    """Whether two outcomes have the same bits; two exceptions are one."""
    if isinstance(first, str) or isinstance(second, str):
        return isinstance(first, str) and isinstance(second, str)
    return len(first) == len(second) and all(
        np.array_equal(x, y, equal_nan=True) for x, y in zip(first, second, strict=True)
    )


def noted(trial, again, situation, before, arrays, want):
    """Whether the outcome differs from that alone; a Finding says whether by what is remembered, or by chance.

    again(trial, before, arrays): the outcome in question.
    """
    got = again(trial, before, arrays)
    if alike(got, want):
        return False
    other = next((x for x in (alone(trial, arrays) for _ in range(REPEATS)) if not alike(x, want)), None)
    if other is None and alike(again(trial, before, arrays), got):
        _note(trial, "state", situation, before, arrays, got, want)
    else:
        _note(trial, "random", situation, (), arrays, got if other is None else other, want)
    return True


def _note(trial, category, situation, before, arrays, got, want):
    dtype = next((x.dtype for x in arrays if x.dtype.kind == "f"), np.float64)
    if isinstance(want, str) or isinstance(got, str):
        number, have, wanted = 0, None, None if isinstance(want, str) else want[0]
        detail = f"raises {got}" if isinstance(got, str) else ""
    else:
        number = next((k for k, (x, y) in enumerate(zip(got, want, strict=False)) if not alike([x], [y])), 0)
        have, wanted, detail = got[number], want[number], ""
    trial.note(category, situation, arrays, dtype, number, have, wanted, detail=detail, before=before)


def replayed(trial):
    """Call again, alone, for each finding about numbers: what is right then is a matter of what is remembered."""
    calls, told = list(trial.calls), any(x.category in ("state", "random") for x in trial.findings)
    for finding in [x for x in trial.findings if x.category not in REMEMBERED]:
        want = alone(trial, finding.arrays)
        if _as_found(finding, want):
            continue
        told = told or _told(trial, finding, want, _before(finding, calls))
        if told and _right_alone(trial, finding):
            trial.findings.remove(finding)


def _as_found(finding, found):
    if finding.got is None or isinstance(found, str):
        return isinstance(found, str) or finding.category != "exception"
    return finding.output < len(found) and alike([finding.got], [found[finding.output]])


def _before(finding, calls):
    """The calls before the one that the finding is about."""
    at = next((k for k, arrays in enumerate(calls) if arrays[0] is finding.arrays[0]), len(calls))
    return calls[:at]


def _told(trial, finding, want, calls):
    """Note what makes the outcome another one than alone: one call before it, all of them, or chance. Always True."""
    situation = replace(finding.situation, name=f"{finding.situation.name}, after another call")
    for before in calls[: -TRIED - 1 : -1]:
        if noted(trial, after, situation, before, finding.arrays, want):
            return True
    if not noted(trial, _after_all(calls), situation, (), finding.arrays, want):
        got = [finding.got] if finding.got is not None else finding.detail
        _note(trial, "random", finding.situation, (), finding.arrays, got, want)
    return True


def _after_all(calls):
    def again(trial, before, arrays):
        trial.forget()
        for earlier in calls:
            outcome(trial, earlier)
        return outcome(trial, arrays)

    return again


def _right_alone(trial, finding):
    other = Trial(trial.question, trial.claim, trial.formula_known, memory=trial.memory)
    other.forget()
    return other.on(finding.situation, finding.arrays, np.dtype(finding.dtype))


def _leave_garbage(arrays):
    """Free blocks full of 7.5, so that an uninitialised result of the same size does not look like the last one."""
    return sum(np.full(np.shape(x), 7.5).size for x in arrays for _ in range(3))
