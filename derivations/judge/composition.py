"""A composition audited: its parts, and the parts put together, each against its own definition.

Softmax and cross entropy: two wrong parts may have a right product (their errors cancel), and two right parts a product
that floats spoil (0/0 where a probability underflows). Each is said by its own verdict.
"""

from dataclasses import replace

from derivations.judge.claims import KINDS
from derivations.judge.verdict import REFUTED, Verdict

IN_FLOATS = (
    *("delta-over-p", "saturated", "no-shift", "global-maximum", "nan-mask", "nan-at-kink"),
    *("float32-inside", "integer-buffer", "unstable"),
)
IN_CALLS = ("mutates-input", "mutates-upstream", "aliases-output", "layout")  # the numbers of a call alone are right
PARTS = {"softmax-cce": ("softmax", ("value", "vjp"), "cce", ("gradient",))}


def audited(verify, operation, given, parts, **options):
    """The Verdict on the parts, on what they give together, and on the functions given for the whole.

    parts: {"softmax": {"value": f, "vjp": g}, "cce": {"gradient": h}}. Raises LookupError for an operation that has no
    parts, for parts that are missing and for unknown ones; TypeError for what is no function.
    """
    if operation.name not in PARTS:
        raise LookupError(f"{operation.name}: no composition is known; there is one for {', '.join(PARTS)}")
    inner, inner_kinds, outer, outer_kinds = PARTS[operation.name]
    _require(operation, parts, {inner: inner_kinds, outer: outer_kinds})
    first, second = parts[inner], parts[outer]

    def composed(o, y):
        return first["vjp"](o, second["gradient"](first["value"](o), y))

    reduction = {"reduction": options["reduction"], "targets": options["targets"], "seed": options["seed"]}
    verdicts = {
        inner: verify(inner, **first, seed=options["seed"]),
        outer: verify(outer, **second, **reduction),
        "the parts together": verify(operation.name, gradient=composed, **reduction),
    }
    if given:
        verdicts["the whole"] = verify(operation.name, **given, **reduction)
    return _joined(operation, verdicts, (inner, outer))


def _require(operation, parts, needed):
    """Raise unless the parts are functions by kind, by the names of the parts; needed: {name: kinds}."""
    if not isinstance(parts, dict):
        raise TypeError(f"{operation.name}: expected parts as a dict by name, got {type(parts).__name__}")
    for name in parts:
        if name not in needed:
            raise LookupError(f"{operation.name}: there is no part {name!r}; there are {', '.join(needed)}")
    for name, kinds in needed.items():
        part = parts.get(name, {})
        if not isinstance(part, dict):
            raise TypeError(f"{operation.name}: expected {name} as a dict by kind, got {type(part).__name__}")
        missing = [kind for kind in kinds if kind not in part]
        if missing:
            raise LookupError(f"{operation.name}: expected {', '.join(missing)} of {name} among the parts")
        for kind, function in part.items():
            if kind not in KINDS:
                raise LookupError(f"{operation.name}: there is no kind {kind!r}; there are {', '.join(KINDS)}")
            if not callable(function):
                raise TypeError(
                    f"{operation.name}: expected a function for {kind} of {name}, got {type(function).__name__}"
                )


def _joined(operation, verdicts, names):
    """One verdict: refuted if any is, else the weakest; with a sentence about how the parts and the whole relate."""
    order = ["refuted", "abstained", "verified", "proved"]
    status = min((x.status for x in verdicts.values()), key=order.index)
    worst = next(x for x in verdicts.values() if x.status == status)
    relation = _relation({name: verdicts[name] for name in names}, verdicts["the parts together"])
    lines = tuple(f"{name}: {x.status}" for name, x in verdicts.items())
    found = [(name, d) for name, x in verdicts.items() for d in x.diagnosis]
    diagnosis = tuple(replace(d, where=f"{name}: {d.where}") for name, d in found)
    return Verdict(
        operation.name,
        status,
        worst.summary if status == REFUTED else relation,
        tuple(dict.fromkeys(kind for x in verdicts.values() for kind in x.judged)),
        diagnosis,
        next((x.counterexample for x in verdicts.values() if x.counterexample is not None), None),
        (relation, *lines, *dict.fromkeys(note for x in verdicts.values() for note in x.notes)),
        tuple(check for x in verdicts.values() for check in x.checks),
        sum(x.seconds for x in verdicts.values()),
    )


def _on_paper(verdict):
    """Whether the formula is right, whatever floats make of it and whatever else a call does."""
    return verdict.accepted or (verdict.refuted and all(x.id in (*IN_FLOATS, *IN_CALLS) for x in verdict.diagnosis))


def _relation(parts, together):
    """How the parts and their product relate: on paper, and then what is wrong besides."""
    if not all(x.accepted or x.refuted for x in (*parts.values(), together)):
        return "not all of it could be judged"
    right = all(map(_on_paper, parts.values()))
    accepted = all(x.accepted for x in parts.values())
    words = {
        (True, True): "the parts are right" + " on paper" * (not accepted) + ", and so is their product on paper",
        (True, False): "each part is right" + " on paper" * (not accepted) + ", and their product is not",
        (False, True): "a part is wrong, and their product is right on paper: the errors cancel",
        (False, False): "a part is wrong, and so is their product",
    }[right, _on_paper(together)]
    besides = [f"; {name} {_besides(x)}" for name, x in parts.items() if not x.accepted and _on_paper(x)]
    if _on_paper(together) and not together.accepted and accepted:
        besides.append("; in floats it is not: what cancels on paper does not cancel there")
    return words + "".join(besides)


def _besides(verdict):
    """What a part whose formula is right does wrong."""
    if any(x.id in IN_FLOATS for x in verdict.diagnosis):
        return "fails in floats"
    return "does not keep what its caller relies on"
