"""verify: somebody's forward and backward passes against the definition of an operation."""

import time
from functools import partial

import numpy as np

from derivations.execution.subject import Subject
from derivations.judge.calling import silently
from derivations.judge.claims import KINDS, claims
from derivations.judge.conclusion import verdict_on
from derivations.judge.conventions import up_to_conventions
from derivations.judge.exactly import executed
from derivations.judge.judgement import judged
from derivations.judge.passes import Passes
from derivations.judge.question import Question
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

        if parameters or sizes is not None or conventions != "strict" or not batched:
            raise TypeError("verify: parts are audited without sizes, conventions, batched or parameters")
        return audited(verify, operation, given, parts, reduction=reduction, targets=targets, seed=seed)
    sizes = _sizes(sizes)
    fixed = _parameters(operation, parameters, reduction, targets)
    asked = _claims(operation, subject, given, reduction, targets, batched, fixed)
    exact = [executed(*pair) for pair in asked]  # all of them first: what code remembers of floats would be seen there
    judgements = [judged(*pair, runs, seed, sizes) for pair, runs in zip(asked, exact, strict=True)]
    convention = ""
    if conventions == "report":
        judgements, convention = up_to_conventions(judgements, partial(_again, seed))
    return verdict_on(operation, judgements, time.perf_counter() - started, convention)


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
    right = isinstance(given, dict) and set(given) <= {"B", "n"}
    if not right or not all(isinstance(x, int | np.integer) and x >= 1 for x in given.values()):
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
        known[name].domain.require(operation.name, name, value)
    return {name: np.asarray(value) for name, value in given.items()}


def _claims(operation, subject, given, reduction, targets, batched, fixed):
    """[(Claim, Question), …]"""
    if not isinstance(subject, str) and (given or not batched):
        raise TypeError(f"{operation.name}: an object is judged by its forward and backward of a batch alone")
    if isinstance(subject, str):
        if not given:
            raise TypeError(f"{operation.name}: expected a function to judge: {', '.join(f'{x}=' for x in KINDS)}")
        if batched and _of_one_sample(given):
            batched = False
        found = claims(operation, given, reduction, targets, batched, tuple(fixed))
    else:
        found = Passes(subject, operation, reduction, targets, tuple(fixed)).claims()
    return [(claim, Question(operation, claim.kind, reduction, targets, fixed, claim.single)) for claim in found]


def _of_one_sample(given):
    """Whether a Jacobian alone is given that takes (n,) to (n, n)."""
    if set(given) != {"jacobian"}:
        return False
    shapes = []
    for sample in (np.array([[0.5, -0.25], [0.0, 1.0], [0.125, 0.75]]), np.array([0.5, -0.25, 1.0])):
        memory = Subject(given["jacobian"]).memory()
        try:
            shapes.append(np.shape(silently(given["jacobian"], sample)))
        except Exception:
            shapes.append(None)
        memory.restore()  # the exact runs come first
    return shapes[0] != (3, 2, 2) and shapes[1] == (3, 3)


def _again(seed, judgement, claim):
    """The Judgement of another claim about the same question."""
    return judged(claim, judgement.question, executed(claim, judgement.question), seed)
