"""verify: somebody's forward and backward passes against the definition of an operation."""

import time

import numpy as np

from derivations.judge.claims import KINDS, Passes, claims
from derivations.judge.exactly import executed
from derivations.judge.floats import Question
from derivations.judge.hints import HINTS
from derivations.judge.judgement import judged
from derivations.judge.mistakes import right, used
from derivations.judge.verdict import ABSTAINED, PROVED, REFUTED, VERIFIED, Counterexample, Diagnosis, Verdict
from derivations.printing import text
from derivations.registry import operation as named


def verify(
    subject,
    *,
    against=None,
    value=None,
    vjp=None,
    gradient=None,
    jacobian=None,
    value_and_gradient=None,
    hessian=None,
    hvp=None,
    reduction="mean",
    targets="rows",
    batched=True,
    conventions="strict",
    parts=None,
    sizes=None,
    seed=0,
    **parameters,
):
    """The Verdict on hand-written passes: proved, verified, refuted or abstained.

        verify("softmax", value=f, vjp=g)                  f(o) -> (B, n), g(o, upstream) -> (B, n)
        verify("softmax-cce", gradient=g)                  g(o, y) -> (B, n), y rows; targets="indices": classes (B,)
        verify("linear", vjp=f)                            f(x, W, b, g) -> (gx, gW, gb)
        verify("softmax", jacobian=J)                      (B, n) -> (B, n, n), or (n,) -> (n, n)
        verify(Loss(), against="softmax-cce")              an object, or a class, with forward and backward

    subject: the name of an operation, as `gradproof list` gives them, or an object that is held against one.
    reduction: "mean" or "sum" over the batch; targets: "rows" or "indices"; batched: False for passes of one sample;
    conventions: "report" accepts what differs by a known convention alone (a sum for a mean, W stored transposed) and
    says so, "strict" refutes it; parts: {"softmax": {"value": …, "vjp": …}, "cce": {"gradient": …}} audits a
    composition; sizes: {"B": 2, "n": 1000}, to run at besides the small ones; parameters: values of inputs that the
    passes do not take, such as epsilon=0.1 for label-smoothing.

    Raises LookupError for an unknown operation, kind or variant, TypeError for what cannot be called, ValueError for
    an option that is none. Errors of the code under test are findings and never raised.
    """
    started = time.perf_counter()
    if conventions not in ("strict", "report"):
        raise ValueError(f"verify: conventions is 'strict' or 'report', got {conventions!r}")
    given = dict(zip(KINDS, (value, jacobian, vjp, gradient, value_and_gradient, hessian, hvp), strict=True))
    given = {kind: function for kind, function in given.items() if function is not None}
    operation = named(_name(subject, against))
    if parts is not None:
        from derivations.judge.composition import audited

        return audited(verify, operation, given, parts, reduction=reduction, targets=targets, seed=seed)
    sizes = _sizes(sizes)
    fixed = _parameters(operation, parameters, reduction, targets)
    asked = _claims(operation, subject, given, reduction, targets, batched, fixed)
    exact = [executed(*pair) for pair in asked]  # all of them first: what code remembers of floats would be seen there
    judgements = [judged(*pair, runs, seed, sizes) for pair, runs in zip(asked, exact, strict=True)]
    if conventions == "report":
        judgements = [_up_to_conventions(x, seed) for x in judgements]
    return _verdict(operation, judgements, time.perf_counter() - started)


def _name(subject, against):
    if isinstance(subject, str):
        if against is not None:
            raise TypeError("verify: against names the operation of an object; the operation is named already")
        return subject
    if against is None:
        raise TypeError("verify: expected the name of an operation, or an object and against=the name")
    return against


def _sizes(given):
    """(B, n) to run at besides the small ones, or None."""
    if given is None:
        return None
    wrong = not isinstance(given, dict) or set(given) - {"B", "n"} or any(int(x) != x or x < 1 for x in given.values())
    if wrong:
        raise ValueError(f'verify: expected sizes such as {{"B": 2, "n": 1000}}, got {given!r}')
    return int(given.get("B", 2)), int(given.get("n", 3))


def _parameters(operation, given, reduction, targets):
    """{name of an input: array} of what is fixed."""
    known = {x.name: x for x in operation.specification(reduction, targets).inputs}
    for name, value in given.items():
        if name not in known:
            raise TypeError(f"{operation.name}: there is no input {name!r}; there are {', '.join(known)}")
        if np.ndim(value) != len(known[name].axes):
            raise ValueError(
                f"{operation.name}: expected {name} with {len(known[name].axes)} axes, got shape {np.shape(value)}"
            )
    return {name: np.asarray(value) for name, value in given.items()}


def _claims(operation, subject, given, reduction, targets, batched, fixed):
    """[(Claim, Question), …]"""
    if isinstance(subject, str):
        if not given:
            raise TypeError(f"{operation.name}: expected a function to judge: {', '.join(f'{x}=' for x in KINDS)}")
        if batched and _of_one_sample(given):
            batched = False
        found = claims(operation, given, reduction, targets, batched, tuple(fixed))
    else:
        found = Passes(subject, operation, reduction, targets).claims()
    return [(claim, Question(operation, claim.kind, reduction, targets, fixed)) for claim in found]


def _of_one_sample(given):
    """Whether a Jacobian alone is given that takes (n,) to (n, n)."""
    if set(given) != {"jacobian"}:
        return False
    try:
        if np.shape(given["jacobian"](np.array([[0.5, -0.25], [0.0, 1.0], [0.125, 0.75]]))) == (3, 2, 2):
            return False
    except Exception:
        pass
    try:
        return np.shape(given["jacobian"](np.array([0.5, -0.25, 1.0]))) == (3, 3)
    except Exception:
        return False


def _up_to_conventions(judgement, seed):
    """The judgement of the code with its convention undone, where that is all that is wrong."""
    for explanation in [x for _, x in judgement.explanations if x.convention and x.undo is not None]:
        claim = explanation.undo(judgement.claim)
        again = judged(claim, judgement.question, executed(claim, judgement.question), seed)
        if not again.refuted:
            again.notes.insert(0, f"up to a convention: {explanation.words}")
            return again
    return judgement


def _verdict(operation, judgements, seconds):
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
    return Verdict(
        operation.name,
        status,
        _summary(operation, status, judgements, diagnosis),
        tuple(x.claim.kind for x in judgements),
        diagnosis,
        next((_counterexample(x) for x in refuted if x.finding is not None), None),
        tuple(dict.fromkeys(note for x in judgements for note in x.notes)),
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
    if explanation.undo is None or explanation.id in ("transpose", "column-batches"):
        return True
    return all(
        any(place == where and x.id == explanation.id for place, x in judgement.explanations)
        for judgement in judgements
        for where in judgement.question.outputs
    )


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
        formula,
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
    finding, question = judgement.finding, judgement.question
    inputs = dict(zip(question.names, finding.arrays, strict=True))
    want = finding.want
    if want is None:
        want = judgement.trial.truths(finding.arrays, np.float64)[finding.output][0].rounded
    return Counterexample(
        judgement.claim.kind,
        question.outputs[finding.output],
        f"{finding.situation.name}, {finding.dtype}",
        inputs,
        finding.got,
        want,
        finding.index,
        finding.detail if finding.category == "exception" else "",
    )


def _summary(operation, status, judgements, diagnosis):
    kinds = " and ".join(dict.fromkeys(x.claim.kind.replace("_", " ") for x in judgements))
    title = operation.title[0].lower() + operation.title[1:]
    if status == REFUTED:
        kind = " (a convention)" if diagnosis[0].convention else ""
        return f"{diagnosis[0].where} of {title} is wrong{kind}: {diagnosis[0].sentence}"
    if status == PROVED:
        return f"the {kinds} of {title}: run exactly, the code equals the definition, and floats do it justice"
    if status == VERIFIED:
        return f"the {kinds} of {title}: not run exactly; right on floats, within the budget for rounding"
    return f"the {kinds} of {title}: nothing could be compared"


def _checks(judgement):
    exact, trial, kind = judgement.exact, judgement.trial, judgement.claim.kind.replace("_", " ")
    floats = f"{trial.runs} runs on floats against 60 digits"
    if not exact.paths:
        return f"{kind}: {floats}"
    shapes = ", ".join("{} × {}".format(*shape) for shape in exact.shapes)
    paths = f"{exact.paths} path{'s' * (exact.paths != 1)}"
    return f"{kind}: run exactly at B × n = {shapes}, on {paths}; {floats}"
