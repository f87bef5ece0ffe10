"""What the judge and finite differences found, for a terminal of 80 columns."""

from textwrap import wrap

from report.bench import judging_speed, tables
from report.bench.findings import CHECKERS, OURS

MARKS = {True: "met", False: "MISSED", None: "not measured"}


def text(found):
    """All tables of `report.bench.verify`."""
    summary = found["summary"]
    lines = _found(summary) + _blamed(summary) + _seconds(summary["seconds"]) + _lists(summary, found["left_out"])
    return lines + _frameworks(found["frameworks"]) + _speed(found["speed"]) + _goals(found["goals"])


def _found(summary):
    """Wrong passes found, by operation."""
    groups = {**summary["operations"], "all": summary["total"]}
    rows = [_row_found(name, counts) for name, counts in groups.items()]
    rows.append(_row_found("ordinary draw", summary["total"], "ordinary", "ordinary_found"))
    rows[-1][3] = ""
    header = ["", "wrong", OURS, "named", *CHECKERS[1:]]
    lines = tables.underlined("Wrong passes that are found") + tables.table(header, rows)
    lines.append("ordinary draw: those that are wrong there; differences see no other inputs")
    return [*lines, f"named: by the first diagnosis; by any of them: {summary['total'][OURS]['among']}"]


def _row_found(name, counts, whole="wrong", part="found"):
    named = [str(counts[OURS]["named"])]
    others = [_count(counts[checker], part) for checker in CHECKERS[1:]]
    return [name, str(counts[OURS][whole]), str(counts[OURS][part]), *named, *others]


def _count(counts, key):
    return tables.ABSENT if counts is None else str(counts[key])


def _blamed(summary):
    """Right passes found, by operation."""
    groups = {**summary["operations"], "all": summary["total"]}
    rows = [
        [name, str(counts[OURS]["right"]), *(_count(counts[checker], "blamed") for checker in CHECKERS)]
        for name, counts in groups.items()
    ]
    return tables.underlined("Right passes that are blamed") + tables.table(["", "right", *CHECKERS], rows)


def _seconds(found):
    rows = [
        [name, *([tables.ABSENT] * 2 if one is None else [tables.seconds(one[key]) for key in ("median", "worst")])]
        for name, one in found.items()
    ]
    slowest = found[OURS] and [f"The slowest verdict: {found[OURS]['at']}"]
    return tables.underlined("Seconds for a pass") + tables.table(["", "median", "worst"], rows) + (slowest or [])


def _lists(summary, left_out):
    """The passes that the judge gets wrong, by name."""
    unnamed = [f"{one['name']} ({one['expected']}: {one['got'] or 'nothing'})" for one in summary["unnamed"]]
    undecided = [f"{one['name']} ({one['status']})" for one in summary["unaccepted"]]
    return (
        _list("wrong, not refuted", summary["missed"].get(OURS, []))
        + _list("right, refuted", summary["blamed"].get(OURS, []))
        + _list("right, not accepted", undecided)
        + _list("refuted, named otherwise", unnamed)
        + _list("left out, no definition", left_out)
    )


def _list(title, names):
    return wrap(f"{title}: {', '.join(names) or 'none'}", tables.WIDTH, subsequent_indent="    ")


def _frameworks(found):
    lines = tables.underlined("PyTorch's and JAX's own functions, judged")
    rows = [[one["function"], one["status"] or tables.ABSENT, tables.seconds(one["seconds"])] for one in found]
    lines += tables.table(["", "verdict", "seconds"], rows, 36)
    for one in found:
        said = one["notes"] if one["status"] in ("proved", "verified") else [one["why"], *one["notes"]]
        if one["status"] and said:
            lines += wrap(f"{one['function']}: {'; '.join(said)}", tables.WIDTH, subsequent_indent="    ")
    return lines


def _speed(found):
    lines = tables.underlined(f"Softmax's backward pass, {found['B']} row of n")
    rows = [[row["checker"], str(row["n"]), *_measures(row), _step(found["growth"], row)] for row in found["rows"]]
    lines += tables.table(["", "n", "seconds", "entries/s", "compared/s", "growth"], rows)
    lines.append(f"A whole verdict, at sizes of its own: {tables.median(found['verdict'])}")
    return lines + [f"Other processes used {found['others']:.0%} of the machine meanwhile."]


def _measures(row):
    if row["seconds"] is None:
        return [row["skipped"].replace(" is", ""), "–", "–"]
    rates = (judging_speed.per_second(row, what) for what in ("entries", "compared"))
    return [tables.median(row["seconds"]), *(f"{rate:,.0f}" for rate in rates)]


def _step(growth, row):
    """How many times as long as at the next smaller size."""
    found = [ratio for step, ratio in growth[row["checker"]].items() if step.endswith(f" to {row['n']}")]
    return tables.ratio(found[0]) if found else ""


def _goals(found):
    lines = tables.underlined("Goals of the judge")
    return lines + [f"{one['goal']}: {MARKS[one['met']]} ({_number(one)})" for one in found]


def _number(goal):
    if goal["found"] is None:
        return "–"
    return tables.seconds(goal["found"]) if goal["unit"] == "s" else f"{goal['found']:.1%}"
