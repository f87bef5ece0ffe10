"""A composition audited: its parts, and the parts put together, each against its own definition.

Softmax and cross entropy: two wrong parts may have a right product (their errors cancel), and two right parts a product
that floats spoil (0/0 where a probability underflows). Each is said by its own verdict.
"""

from derivations.judge.verdict import REFUTED, Verdict

IN_FLOATS = ("delta-over-p", "saturated", "no-shift", "global-maximum", "nan-mask", "nan-at-kink")
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
    together = verdicts["the parts together"]
    relation = _relation(all(_on_paper(verdicts[name]) for name in names), _on_paper(together))
    if _on_paper(together) and not together.accepted:
        relation += "; in floats it is not: what cancels on paper does not cancel there"
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


def _on_paper(verdict):
    """Whether the formula is right, whatever floats make of it."""
    return verdict.accepted or (verdict.refuted and all(x.id in IN_FLOATS for x in verdict.diagnosis))


def _relation(parts, product):
    return {
        (True, True): "the parts are right, and so is their product on paper",
        (True, False): "each part is right, and their product is not",
        (False, True): "a part is wrong, and their product is right on paper: the errors cancel",
        (False, False): "a part is wrong, and so is their product",
    }[parts, product]
