"""What a failure on floats means where the formula is right, or is not known: which inputs it needs says what it is."""

import numpy as np

from derivations.judge.draws import cycled, gaps, shifted
from derivations.judge.explanation import Explanation
from derivations.judge.recall import IN_PLACE
from derivations.judge.rounding import ROOM, largest
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
        has = "other numbers" if np.shape(finding.got) == np.shape(finding.want) else "another shape"
        return Explanation(id, f"{name} is changed: the caller's array has {has} after the call", _seen(finding))
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
        if finding.situation.name == IN_PLACE.name:
            words = "the result depends on earlier calls: an array is taken for known though its numbers have changed"
        return Explanation("stateful", words, _seen(finding))
    return None


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
    if finding.category == "precision" or (finding.situation.name in CLOSE and finding.category != "not finite"):
        return of_the_precision(finding, trial, exact)
    return _of_the_numbers(finding, trial)


def casts(exact):
    """The casts to fewer digits that exact execution saw."""
    return [event for event in exact.events if "float32" in event or "float16" in event]


def of_the_precision(finding, trial, exact):
    """Digits that are lost: by a cast that was seen, by one that ordinary numbers give away, or by cancellation."""
    seen, kind = casts(exact), stored_in(trial)
    if seen or kind:
        kind = kind or ("float16" if "float16" in seen[0] else "float32")
        words = f"digits are lost: something is computed or stored in {kind}"
        return Explanation("float32-inside", words, seen[0] if seen else _seen(finding))
    if _of_rounding_size(finding):
        words = "digits are lost: nearly equal numbers are subtracted, and what they share is gone"
        return Explanation("unstable", words, _seen(finding))
    if finding.category == "precision":
        words = "fewer digits are right than rounding leaves: some are lost on the way, or a small number is added"
        return Explanation("unstable", words, _seen(finding))
    where = finding.situation.name + f" in {finding.dtype}" * (finding.dtype != "float64")
    return Explanation("rare-branch", f"the result is another function with {where}", _seen(finding))


def stored_in(trial):
    """The lower float type of wrong results for ordinary numbers: all can be written in it, or None.

    Of a formula that is proved, what is off by the rounding of a lower type is computed in it, wherever that is.
    """
    lost = [x for x in trial.findings if x.category in ("precision", "formula") and x.dtype == _first_type(trial)]
    lost = [x for x in lost if x.situation.entries is Situation.entries and _error(x) > SINGLE]
    for kind in ("float16", "float32"):
        if lost and all(np.finfo(kind).eps > np.finfo(x.dtype).eps and _written_in(x.got, kind) for x in lost):
            return kind
    known = trial.formula_known and _first_type(trial) == "float64"
    if known and lost and max(map(_error, lost)) <= ROOM * np.finfo("float16").eps:
        return "float16" if max(map(_error, lost)) > HALF else "float32"
    return None


def _first_type(trial):
    return min((x.dtype for x in trial.findings), key=lambda name: name != "float64", default="float64")


def _written_in(numbers, kind):
    """Whether the numbers are those of the lower type, and not only whole ones."""
    with np.errstate(over="ignore"):
        return np.array_equal(numbers, numbers.astype(kind), equal_nan=True) and bool((numbers % 1 != 0).any())


def _of_rounding_size(finding):
    """Whether the error is one that rounding the squares of the arguments can make."""
    off = abs(float(finding.got[finding.index]) - float(finding.want[finding.index]))
    return off <= ROOM * np.finfo(finding.dtype).eps * max(1.0, *map(largest, finding.arrays)) ** 2


def _error(finding):
    got, want = (float(x[finding.index]) for x in (finding.got, finding.want))
    return abs(got - want) / abs(want) if want else 1.0


def _of_the_numbers(finding, trial):
    """Overflow, underflow or a mask: by the smallest change of the inputs that is enough."""
    value = trial.question.kind == "value"
    if not trial.formula_known and finding.category == "digits":
        words = f"the result is another function with {finding.situation.name}"
        return Explanation("rare-branch", words, _seen(finding))
    right = f"; {RIGHT}" * trial.formula_known
    if finding.situation.name in MASKS and not np.isnan(finding.got[finding.index]):
        words = f"a −∞ gives {finding.got[finding.index]:g} where {finding.want[finding.index]:g} belongs"
        return Explanation("rare-branch", words, _seen(finding))
    if finding.situation.name in MASKS:
        if np.isfinite(finding.got[finding.index]):
            return Explanation(
                "rare-branch", f"the result is another number with {finding.situation.name}", _seen(finding)
            )
        words = "a −∞ makes it NaN: 0 · (−∞), or −∞ − (−∞)"
        return Explanation("nan-mask", f"{words}{right}", _seen(finding))
    if _at_a_kink(finding, trial):
        return Explanation("nan-at-kink", f"at exactly 0 the result is no slope of either side{right}", _seen(finding))
    if finding.situation.name == "near the kink":
        return Explanation("rare-branch", "inputs close to 0 are treated as if they were 0", _seen(finding))
    if trial.question.names[0] != "o":
        return Explanation("saturated", f"{_what(finding)} for {finding.situation.name}{right}", _seen(finding))
    fails = {name: not _passes(trial, situation) for name, situation in PROBES.items()}
    if fails["shift"]:
        words = "the exponentials overflow: the largest logit of each row is not subtracted first"
        return Explanation("no-shift", f"{words}{right}", _seen(finding))
    if fails["gaps"] and not fails["spread"] and not fails["negative"]:
        words = "one maximum for the whole batch: a row far below it underflows to 0 / 0"
        return Explanation("global-maximum", f"{words}{right}", _seen(finding))
    if value or fails["negative"]:
        words = "an exponential overflows or underflows, and log 0, 0 / 0 or ∞ / ∞ follows"
        return Explanation("saturated", f"{words}{right}", _seen(finding))
    words = "divided by a probability that may underflow to 0"
    return Explanation("delta-over-p", f"{words}{right}", _seen(finding))


def _at_a_kink(finding, trial):
    x = np.asarray(finding.arrays[0])
    return trial.question.names[0] == "x" and x.shape == np.shape(finding.got) and bool(x[finding.index] == 0)


def _passes(trial, situation):
    other = Trial(trial.question, trial.claim, trial.formula_known, memory=trial.memory)
    other.forget()
    return other.run(situation)


def _what(finding):
    return "the result is not finite" if finding.category == "not finite" else f"{finding.detail or 'no digits left'}"


def _seen(finding):
    return f"seen with {finding.situation.name}" + (f" in {finding.dtype}" if finding.dtype != "float64" else "")


def situations(trial):
    """The situations that are about an input of the trial's operation."""
    return [situation for situation in SITUATIONS if trial.applies(situation)]
