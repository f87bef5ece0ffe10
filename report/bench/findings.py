"""What is made of the answers on the catalogue's passes: shares found, named and wrongly blamed, seconds, and lists.

A record is {"entry": Pass, "verify": the judge's answer, checker: its answer or None}. The judge finds a pass where it
refutes it, and names it where its first diagnosis has the catalogue's id; "among": where any of its diagnoses has.
"""

from dataclasses import asdict

from derivations.judge.verdict import ACCEPTED, REFUTED
from report.bench.gradient_checkers import PACKAGES
from report.bench.timing import Spread

OURS = "verify"
CHECKERS = (OURS, *PACKAGES)


def row(record):
    """One pass, flat: what it is, what the judge says in how many seconds, and whether each checker finds it."""
    entry, answer = record["entry"], record[OURS]
    about = {key: getattr(entry, key) for key in ("name", "operation", "kind", "correct", "shows", "diagnosis")}
    said = {"status": answer["status"], "first": first(record), "seconds": answer["seconds"]}
    return {**about, **said, **{checker: found(record, checker) for checker in CHECKERS}}


def first(record):
    """The id of the judge's first diagnosis, or ""."""
    return next(iter(record[OURS]["ids"]), "")


def found(record, checker):
    """Whether the checker objects to the pass; None where it is absent."""
    answer = record[checker]
    if checker == OURS:
        return answer["status"] == REFUTED
    return answer and answer["found"]


def summary(records):
    """{"total", "operations", "seconds", "missed", "blamed", "unnamed", "unaccepted"}, for JSON.

    total: {checker: counts}; operations: {operation: {checker: counts}}; seconds: {checker: quartiles, worst and the
    pass it was}; missed, blamed: {checker: names of wrong passes not found, of right ones found}; unnamed: wrong ones
    that the judge refutes under another name; unaccepted: right ones that it neither accepts nor refutes.
    """
    operations = dict.fromkeys(record["entry"].operation for record in records)
    of = {name: [record for record in records if record["entry"].operation == name] for name in operations}
    return {
        "total": counted(records),
        "operations": {name: counted(group) for name, group in sorted(of.items())},
        "seconds": {checker: seconds(records, checker) for checker in CHECKERS},
        "missed": _names(records, lambda record, checker: not record["entry"].correct and not found(record, checker)),
        "blamed": _names(records, lambda record, checker: record["entry"].correct and found(record, checker)),
        "unnamed": [_misnamed(record) for record in records if found(record, OURS) and _unnamed(record)],
        "unaccepted": [_undecided(record) for record in records if _open(record)],
    }


def counted(records):
    """{checker: counts, or None where it is absent} of some records."""
    return {checker: None if _absent(records, checker) else counts(records, checker) for checker in CHECKERS}


def counts(records, checker):
    """{"wrong", "found", "ordinary", "ordinary_found", "right", "blamed"}, of the judge also "named" and "among".

    ordinary: those of the wrong passes that are wrong on an ordinary draw, which is all that finite differences see.
    """
    wrong = [record for record in records if not record["entry"].correct]
    right = [record for record in records if record["entry"].correct]
    ordinary = [record for record in wrong if record["entry"].shows == "always"]
    result = {"wrong": len(wrong), "found": _number(wrong, checker), "right": len(right)}
    result |= {"ordinary": len(ordinary), "ordinary_found": _number(ordinary, checker)}
    result["blamed"] = _number(right, checker)
    if checker == OURS:
        refuted = [record for record in wrong if found(record, OURS)]
        result["named"] = sum(not _unnamed(record) for record in refuted)
        result["among"] = sum(record["entry"].diagnosis in record[OURS]["ids"] for record in refuted)
    return result


def seconds(records, checker):
    """The quartiles of the seconds of an answer, the worst, and the pass that took it; None where it is absent."""
    if _absent(records, checker):
        return None
    worst = max(records, key=lambda record: record[checker]["seconds"])
    spread = Spread.of([record[checker]["seconds"] for record in records])
    return {**asdict(spread), "worst": worst[checker]["seconds"], "at": worst["entry"].name}


def share(part, whole):
    """part / whole, None of nothing."""
    return part / whole if whole else None


def _absent(records, checker):
    return not records or records[0][checker] is None


def _number(records, checker):
    return sum(found(record, checker) for record in records)


def _names(records, wanted):
    return {
        checker: [record["entry"].name for record in records if wanted(record, checker)]
        for checker in CHECKERS
        if not _absent(records, checker)
    }


def _unnamed(record):
    return not record["entry"].correct and first(record) != record["entry"].diagnosis


def _open(record):
    return record["entry"].correct and record[OURS]["status"] not in (*ACCEPTED, REFUTED)


def _misnamed(record):
    entry = record["entry"]
    return {"name": entry.name, "expected": entry.diagnosis, "got": ", ".join(record[OURS]["ids"])}


def _undecided(record):
    return {"name": record["entry"].name, "status": record[OURS]["status"], "why": record[OURS]["why"]}
