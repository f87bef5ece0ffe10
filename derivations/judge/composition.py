"""A composition audited: its parts, and the parts put together, each against its own definition.

Softmax and cross entropy: two wrong parts may have a right product (both leave out what cancels), and two right parts
a product that floats spoil (0/0 where a probability underflows). Each is said by its own verdict.
"""

from derivations.judge.verdict import REFUTED, Verdict

PARTS = {"softmax-cce": ("softmax", ("value", "vjp"), "cce", ("gradient",))}


def audited(verify, operation, given, parts, **options):
    """The Verdict on the parts, on what they give together, and on the functions given for the whole.

    parts: {"softmax": {"value": f, "vjp": g}, "cce": {"gradient": h}}. Raises LookupError for an operation that has no
    parts, or parts that are missing.
    """
    if operation.name not in PARTS:
        raise LookupError(f"{operation.name}: no composition is known; there is one for {', '.join(PARTS)}")
    inner, inner_kinds, outer, outer_kinds = PARTS[operation.name]
    for name, kinds in ((inner, inner_kinds), (outer, outer_kinds)):
        missing = [kind for kind in kinds if kind not in parts.get(name, {})]
        if missing:
            raise LookupError(f"{operation.name}: expected {', '.join(missing)} of {name} among the parts")
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


def _joined(operation, verdicts, names):
    """One verdict: refuted if any is, else the weakest; with a sentence about how the parts and the whole relate."""
    order = ["refuted", "abstained", "verified", "proved"]
    status = min((x.status for x in verdicts.values()), key=order.index)
    worst = next(x for x in verdicts.values() if x.status == status)
    parts_right = all(verdicts[name].accepted for name in names)
    together = verdicts["the parts together"].accepted
    relation = {
        (True, True): "the parts are right, and so is what they give together",
        (True, False): "each part is right, and together they are not: what cancels on paper does not cancel in floats",
        (False, True): "the parts are wrong and together they are right: their errors cancel",
        (False, False): "parts are wrong, and so is what they give together",
    }[parts_right, together]
    lines = tuple(f"{name}: {x.status}" for name, x in verdicts.items())
    diagnosis = tuple(d for x in verdicts.values() for d in x.diagnosis)
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
