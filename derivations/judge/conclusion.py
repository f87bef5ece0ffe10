"""The judgements of all claims as one verdict."""

import numpy as np

from derivations.judge.candidate import right, used
from derivations.judge.hints import HINTS
from derivations.judge.verdict import ABSTAINED, PROVED, REFUTED, VERIFIED, Counterexample, Diagnosis, Verdict
from derivations.printing import text

NO_FORMULA = ("mutates-input", "mutates-upstream", "aliases-output", "stateful", "nondeterministic", "exception")
KEPT = 10**5  # numbers of a result that are worth showing


def verdict_on(operation, judgements, seconds, convention=""):
    """The Verdict; convention: the words of the one that was undone in all that was judged, if any."""
    refuted = [x for x in judgements if x.refuted]
    if refuted:
        status = REFUTED
    elif all(x.proved for x in judgements):
        status = PROVED
    elif all(x.compared for x in judgements):
        status = VERIFIED
    else:
        status = ABSTAINED
    diagnosis = _diagnosis(refuted, judgements)
    summary = _summary(operation, status, judgements, diagnosis)
    up_to = [f"up to a convention: {convention}"] if convention else []
    return Verdict(
        operation.name,
        status,
        "; ".join([summary, *up_to]),
        tuple(x.claim.kind for x in judgements),
        diagnosis,
        next((_counterexample(x) for x in refuted if x.finding is not None), None),
        tuple(dict.fromkeys([*up_to, *(note for x in judgements for note in x.notes)])),
        tuple(_checks(x) for x in judgements),
        seconds,
    )


def _diagnosis(refuted, judgements):
    """The diagnoses of all claims, first the likeliest of each."""
    found, rounds = [], max((len(x.explanations) for x in refuted), default=0)
    for k in range(rounds):
        for judgement in refuted:
            if k < len(judgement.explanations):
                where, explanation = judgement.explanations[k]
                shared = explanation.convention and _shared(explanation, judgements)
                found.append(_one(judgement, where, explanation, shared))
    unique = {(x.id, x.where): x for x in reversed(found)}
    return tuple(x for x in found if unique[x.id, x.where] is x)


def _shared(explanation, judgements):
    """Whether value and gradient follow the same convention: a sum whose gradient is a mean's is an error."""
    if explanation.undo is None:
        return True
    whole = explanation.id in ("transpose", "column-batches")  # of all that the code takes and gives
    followed = [
        [place for place, x in judgement.explanations if x.undo is not None and _same(x, explanation)]
        for judgement in judgements
    ]
    return all(
        places if whole else set(judgement.question.outputs) <= set(places)
        for judgement, places in zip(judgements, followed, strict=True)
    )


def _same(first, second):
    return (first.id, first.words) == (second.id, second.words)


def _one(judgement, where, explanation, convention):
    question, kind = judgement.question, judgement.claim.kind
    place = where if where in question.outputs else f"the {kind}"
    formula = "; ".join(
        _written(question, k) for k, name in enumerate(question.outputs) if place in (name, f"the {kind}")
    )
    return Diagnosis(
        explanation.id,
        explanation.words,
        explanation.evidence,
        f"{place} (the VJP)" if kind == "vjp" and place in question.outputs else place,
        "" if explanation.id in NO_FORMULA else formula,
        HINTS.get(explanation.id, HINTS["wrong-function"]),
        convention,
    )


def _written(question, output):
    """The right formula of an output, and what its names mean."""
    formula = right(question)
    expression = formula.outputs[output][1]
    where = [f"{text(d.symbol)} = {text(d.meaning)}" for d in used(expression, formula.names) if str(d.base) != "d"]
    return text(expression) + (f"  where {', '.join(where)}" if where else "")


def _counterexample(judgement):
    """The finding that is shown, with arrays as the code takes and returns them."""
    finding, question = judgement.finding, judgement.question
    want = finding.want
    if want is None:
        want = judgement.trial.truths(finding.arrays, np.float64)[finding.output][0].rounded
    changed = finding.category == "mutation" and finding.got is not None
    index = finding.index or _worst(finding.got, want)
    got, want, index = _as_returned(question, finding, changed, want, index)
    return Counterexample(
        judgement.claim.kind,
        f"{finding.detail} after the call" if changed else question.outputs[finding.output],
        f"{finding.situation.name}, {finding.dtype}",
        dict(zip(question.names, question.as_taken(finding.arrays), strict=True)),
        None if np.size(got) > KEPT else got,
        want,
        index,
        finding.detail if finding.category in ("exception", "state") else "",
        dict(zip(question.names, question.as_taken(finding.before), strict=False)),
    )


def _as_returned(question, finding, changed, want, index):
    """got, want and the index of a finding, without the batch axis where the code knows of none."""
    if changed:  # they are numbers of an argument
        batched = question.as_taken(finding.arrays)[question.names.index(finding.detail)].ndim < np.ndim(want)
    else:
        batched = len(question.as_returned(finding.output, np.shape(want))) < np.ndim(want)
    if not batched:
        return finding.got, want, index
    return None if finding.got is None else finding.got[0], want[0], None if index is None else index[1:]


def _worst(got, want):
    """The 0-based index of the entry that is furthest off, None where there is none."""
    if got is None or got.shape != np.shape(want) or not got.size or got.dtype.kind == "c":
        return None
    with np.errstate(invalid="ignore"):
        off = np.nan_to_num(np.abs(got - np.asarray(want, dtype=float)), nan=np.inf)
    return tuple(int(k) for k in np.unravel_index(np.argmax(off), off.shape)) if off.any() else None


def _summary(operation, status, judgements, diagnosis):
    kinds = list(dict.fromkeys(x.claim.kind.replace("_", " ") for x in judgements))
    title = operation.title[0].lower() + operation.title[1:]
    title = title.removeprefix("hessian of ")  # whose kinds are the Hessian, and products with it
    what = f"the {' and '.join(kinds)} of {title}"
    one = " and " not in what.removesuffix(f" of {title}")
    if status == REFUTED:
        kind = " (a convention)" if diagnosis[0].convention else ""
        return f"{diagnosis[0].where} of {title} is wrong{kind}: {diagnosis[0].sentence}"
    if status == PROVED:
        return f"run exactly, {what} equal{'s' * one} the definition; on floats, rounding is all that is between them"
    if status == VERIFIED:
        return f"{what} {'is' if one else 'are'} right on floats, within rounding; not all was run exactly"
    return f"{what}: nothing could be compared"


def _checks(judgement):
    exact, trial, kind = judgement.exact, judgement.trial, judgement.claim.kind.replace("_", " ")
    floats = f"{trial.runs or 'no'} run{'s' * (trial.runs != 1)} on floats against 60 digits"
    if not exact.paths:
        return f"{kind}: {floats}"
    shapes = ", ".join("{}×{}".format(*shape) for shape in exact.shapes)
    paths = f"{exact.paths} path{'s' * (exact.paths != 1)}"
    return f"{kind}: run exactly at B×n = {shapes}, on {paths}; {floats}"
