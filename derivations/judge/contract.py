"""What a caller may rely on besides numbers: nothing is changed, nothing is shared, nothing is remembered.

The arguments are left alone and are no part of the result; the same call gives the same bits again, whatever was called
in between; a result that was handed out stays as it was; the memory layout of the arguments does not matter.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from derivations.execution.cannot_trace import CannotTrace, in_words
from derivations.judge.calling import called, copied
from derivations.judge.recall import IN_PLACE, OTHER, after, alike, alone, noted, outcome, overwritten
from derivations.judge.situation import Situation
from derivations.judge.situations import ARRANGED, INTEGERS

ORDINARY = Situation("ordinary numbers")


def kept(trial, ordinary=ORDINARY):
    """Add to the trial's findings what its claim does not keep; before any other run, so that nothing is remembered."""
    first, second = trial.drawn(ordinary), trial.drawn(ordinary)
    try:
        _as_it_was(trial, first, second)
        if not any(x.category == "aliasing" and x.detail == "the result" for x in trial.findings):
            _alone_and_after(trial, ordinary, first, second)
        remembers = any(x.category in ("state", "random") for x in trial.findings)
        if trial.claim.passes is not None and trial.claim.kind != "value" and not remembers:
            _one_object(trial, first, second)
        if not any(x.category == "mutation" for x in trial.findings):
            _read_only(trial, first)
    except KeyboardInterrupt:
        raise
    except CannotTrace as refusal:
        trial.left_over = str(refusal)
    except BaseException:  # which the runs of the trial will show with its inputs
        return
    finally:
        trial.forget()


def arranged(trial):
    """Other memory layouts, and integers for floats: the same numbers are wanted, but some of it may be refused."""
    for situation, category in (*((x, "layout") for x in ARRANGED), *((x, "integers") for x in INTEGERS)):
        for finding in _about_numbers(trial, partial(trial.run, situation)):
            if finding.category != "exception":
                trial.findings.append(replace(finding, category=category))
            elif situation.refusable:
                trial.skipped.append(f"{situation.name}, which the code does not take ({finding.detail})")
            else:
                trial.findings.append(finding)


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


def _as_it_was(trial, first, second):
    """What is shared with the arguments, and whether a result stays as it was when the code is called again."""
    trial.forget()
    given = [copied(x) for x in first]
    result = trial.flat(called(trial.claim, given))
    trial.shared(ORDINARY, first, given, result, np.float64)
    before = [x.copy() for x in result]
    for arrays in (first, second):
        outcome(trial, arrays)
        if not alike(before, result):
            trial.note("aliasing", OTHER, first, np.float64, 0, result[0], before[0], detail="the result")
            return


def _alone_and_after(trial, ordinary, first, second):
    """Each input alone and after another one, of another shape and another type too: the same bits are wanted."""
    larger = trial.drawn(replace(ordinary, rows=ordinary.rows + 1, columns=ordinary.columns + 1))
    single = trial.drawn(ordinary, np.float32)
    pairs = ((first, first), (first, second), (second, first), (larger, first), (first, larger), (single, first))
    wanted = {id(arrays): alone(trial, arrays) for arrays in (first, second, larger)}
    for before, arrays in pairs:
        if noted(trial, after, OTHER, before, arrays, wanted[id(arrays)]):
            return
    noted(trial, overwritten, IN_PLACE, first, second, wanted[id(second)])


def _one_object(trial, first, second):
    """Two inputs in turn: forward of both, by two objects of a class, then backward of the first, and of the second."""
    passes = trial.claim.passes
    fresh = alone(trial, first)
    trial.forget()
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
    if not alike(kept_result, result):
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
    trial.forget()
    made = passes.made(first)
    passes.forward(made, second)
    passes.forward(made, first)
    last = trial.flat(passes.gradients(made, first))
    _as_alone(trial, last, fresh, first, second)


def _as_alone(trial, found, fresh, arrays, before):
    """Whether the results are those without the call before; a Finding is noted where they are not."""
    for number, (have, want) in enumerate(zip(found, fresh, strict=True)):
        if not alike([have], [want]):
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
