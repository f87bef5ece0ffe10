"""What a failure on floats means where the formula is right, or is not known: which inputs it needs says what it is."""

import numpy as np

from derivations.judge.draws import cycled, gaps, shifted
from derivations.judge.explanation import Explanation
from derivations.judge.situation import Situation
from derivations.judge.situations import CLOSE, MASKS, SITUATIONS
from derivations.judge.trial import Trial

RIGHT = "the formula is right; what floats make of it is not"
SINGLE = 1e-9  # relative error from which a result has the digits of float32 and no more
HALF = 1e-5  # and from which it has those of float16
PROBES = {
    "shift": Situation("all around 1000", rows=1, entries=shifted(1000), calm=False),
    "negative": Situation("all around −1000", rows=1, entries=shifted(-1000), calm=False),
    "spread": Situation("around ±800", rows=1, entries=cycled(800.0, -800.0, 0.0, 799.5), calm=False),
    "gaps": Situation("rows far apart", entries=gaps, calm=False),
}


def of_the_contract(finding, trial):
    """The Explanation of a finding that is not about numbers, or None."""
    name = finding.detail
    upstream = trial.question.specification.upstream
    if finding.category == "mutation":
        id = "mutates-upstream" if upstream is not None and name == upstream.name else "mutates-input"
        return Explanation(
            id, f"{name} is changed: the caller's array has other numbers after the call", _seen(finding)
        )
    if finding.category == "aliasing":
        if name == "the result":
            words = "the same array is handed out again and again: the next call overwrites the last result"
        else:
            words = f"the result shares memory with {name}: whoever changes one changes the other"
        return Explanation("aliases-output", words, _seen(finding))
    if finding.category == "random":
        words = "two calls with the same input give different results: random numbers, or memory that was never written"
        return Explanation("nondeterministic", words, _seen(finding))
    if finding.category == "state":
        words = "the result depends on earlier calls: something is remembered that belongs to another input"
        return Explanation("stateful", words, _seen(finding))
    return None


def happens_again(finding, trial):
    """Whether the same arguments give the same bits once more."""
    try:
        again = trial.results(finding.arrays)
    except Exception:
        return False
    return finding.output < len(again) and np.array_equal(again[finding.output], finding.got, equal_nan=True)


def of_the_memory(finding, exact):
    """The Explanation of a result that comes once and not again."""
    if any(event.startswith("changes ") for event in exact.events):
        words = "the result depends on earlier calls: the same arguments give another result later"
        return Explanation("stateful", words, _seen(finding))
    words = "the same arguments give another result later: random numbers, or memory that was never written"
    return Explanation("nondeterministic", words, _seen(finding))


def of_the_run(finding, trial, exact):
    """The Explanation of a finding where the formula is not what is wrong."""
    if finding.category == "exception":
        called = f", called with ({', '.join(trial.question.taken)})"
        return Explanation("exception", f"the code {finding.detail}", _seen(finding) + called)
    if finding.category in ("shape", "type"):
        where = finding.situation.name
        return Explanation(
            "wrong-shape", f"{trial.question.outputs[finding.output]}: {finding.detail}, for {where}", _seen(finding)
        )
    if finding.category == "layout":
        words = "the result depends on how the arrays lie in memory, and is wrong for views and Fortran order"
        return Explanation("layout", words, _seen(finding))
    if finding.category == "integers":
        words = "integer inputs give another result: a buffer takes their type and drops the fractions"
        return Explanation("integer-buffer", words, _seen(finding))
    if finding.category == "precision" or finding.situation.name == CLOSE:
        return of_the_precision(finding, trial, exact)
    return _of_the_numbers(finding, trial)


def casts(exact):
    """The casts to fewer digits that exact execution saw."""
    return [event for event in exact.events if "float32" in event or "float16" in event]


def of_the_precision(finding, trial, exact):
    """Digits that are lost: by a cast that was seen, by one that ordinary numbers give away, or by cancellation."""
    seen = casts(exact)
    kind = "float16" if (seen and "float16" in seen[0]) or _error(finding) > HALF else "float32"
    lost = [x for x in trial.findings if x.category in ("precision", "formula") and x.dtype == "float64"]
    if seen or any(_error(x) > SINGLE for x in lost if x.situation.entries is Situation.entries):
        words = f"digits are lost: something is computed or stored in {kind}"
        return Explanation("float32-inside", words, seen[0] if seen else _seen(finding))
    words = "digits are lost: nearly equal numbers are subtracted, and what they share is gone"
    return Explanation("unstable", words, _seen(finding))


def _error(finding):
    got, want = (float(x[finding.index]) for x in (finding.got, finding.want))
    return abs(got - want) / abs(want) if want else 1.0


def _of_the_numbers(finding, trial):
    """Overflow, underflow or a mask: by the smallest change of the inputs that is enough."""
    value = trial.question.kind == "value"
    if finding.situation.name in MASKS:
        if np.isfinite(finding.got[finding.index]):
            return Explanation(
                "rare-branch", f"the result is another number with {finding.situation.name}", _seen(finding)
            )
        words = "a −∞ makes it NaN: 0 · (−∞), or −∞ − (−∞)"
        return Explanation("nan-mask", f"{words}; {RIGHT}", _seen(finding))
    if _at_a_kink(finding, trial):
        return Explanation(
            "nan-at-kink", f"at exactly 0 the result is no slope of either side; {RIGHT}", _seen(finding)
        )
    if finding.situation.name == "near the kink":
        return Explanation("rare-branch", "inputs close to 0 are treated as if they were 0", _seen(finding))
    if trial.question.names[0] != "o":
        return Explanation("saturated", f"{_what(finding)} for {finding.situation.name}; {RIGHT}", _seen(finding))
    fails = {name: not _passes(trial, situation) for name, situation in PROBES.items()}
    if fails["shift"]:
        words = "the exponentials overflow: the largest logit of each row is not subtracted first"
        return Explanation("no-shift", f"{words}; {RIGHT}", _seen(finding))
    if fails["gaps"] and not fails["spread"] and not fails["negative"]:
        words = "one maximum for the whole batch: a row far below it underflows to 0 / 0"
        return Explanation("global-maximum", f"{words}; {RIGHT}", _seen(finding))
    if value or fails["negative"]:
        words = "an exponential overflows or underflows, and log 0, 0 / 0 or ∞ / ∞ follows"
        return Explanation("saturated", f"{words}; {RIGHT}", _seen(finding))
    words = "divided by a probability that may underflow to 0"
    return Explanation("delta-over-p", f"{words}; {RIGHT}", _seen(finding))


def _at_a_kink(finding, trial):
    x = np.asarray(finding.arrays[0])
    return trial.question.names[0] == "x" and x.shape == np.shape(finding.got) and bool(x[finding.index] == 0)


def _passes(trial, situation):
    return Trial(trial.question, trial.claim, trial.formula_known).run(situation)


def _what(finding):
    return "the result is not finite" if finding.category == "not finite" else f"{finding.detail or 'no digits left'}"


def _seen(finding):
    return f"seen with {finding.situation.name}" + (f" in {finding.dtype}" if finding.dtype != "float64" else "")


def situations(trial):
    """The situations that are about an input of the trial's operation."""
    return [situation for situation in SITUATIONS if trial.applies(situation)]
