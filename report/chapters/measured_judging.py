"""Judging: what each checker finds among hand-written passes with known mistakes, and how fast."""

from report.bench import tables
from report.document import Paragraph, Section, Table

OURS = "verify"
VERDICTS = {True: "met", False: "missed", None: "not measured"}


def chapter(found):
    """found: from report.bench.verify."""
    summary = found["summary"]
    blocks = [Paragraph(_answer(summary["total"])), _found_table(summary), _operations_table(summary)]
    blocks += _undone(summary) + [_seconds_table(summary), _speed_table(found["speed"])]
    return Section(
        "Judging", (*blocks, _frameworks_table(found["frameworks"]), _goals_table(found["goals"])), "judging"
    )


def _answer(total):
    ours = total[OURS]
    others = "; ".join(f"{name} {one['found']}" for name, one in total.items() if one and name != OURS)
    beside = f" Finite differences with default settings found, of the same: {others}." if others else ""
    return (
        f"Hand-written passes whose mistakes are known were judged as they are. Of {ours['wrong']} wrong ones the judge"
        f" refuted {ours['found']}, and its first diagnosis is the known mistake in {ours['named']}; of"
        f" {ours['right']} right ones it refuted {ours['blamed']}.{beside}"
    )


def _found_table(summary):
    rows = [[name, *_counts(one)] for name, one in summary["total"].items()]
    header = ("checker", "wrong, found", "of which ordinary", "named", "right, blamed")
    caption = (
        "Passes found and wrongly blamed; *ordinary*: wrong on an ordinary draw, which is all that finite differences"
        " look at; *named*: the first diagnosis is the known mistake"
    )
    return Table(header, rows, caption, "lrrrr")


def _counts(one):
    if one is None:
        return [tables.ABSENT] * 4
    named = _of(one["named"], one["found"]) if "named" in one else "–"
    ordinary = _of(one["ordinary_found"], one["ordinary"])
    return [_of(one["found"], one["wrong"]), ordinary, named, _of(one["blamed"], one["right"])]


def _of(part, whole):
    return f"{part} of {whole}"


def _operations_table(summary):
    checkers = list(summary["total"])
    rows = []
    for operation, counted in summary["operations"].items():
        ours = counted[OURS]
        cells = [tables.ABSENT if counted[name] is None else str(counted[name]["found"]) for name in checkers]
        rows.append([operation, str(ours["wrong"]), *cells, str(ours["right"])])
    header = ("operation", "wrong", *checkers, "right")
    return Table(header, rows, "Wrong passes found, by operation", "l" + "r" * (len(header) - 1))


def _undone(summary):
    """What the judge did not do, pass by pass, where there is any of it."""
    missed, blamed = (summary[what].get(OURS, []) for what in ("missed", "blamed"))
    rows = [["wrong, not refuted", f"`{name}`", ""] for name in missed]
    rows += [["right, refuted", f"`{name}`", ""] for name in blamed]
    rows += [["right, not decided", f"`{one['name']}`", one["status"]] for one in summary["unaccepted"]]
    rows += [["another name", f"`{one['name']}`", f"{one['got']} for {one['expected']}"] for one in summary["unnamed"]]
    caption = "What the judge left undone; *another name*: refuted, the first diagnosis is not the known mistake"
    return [Table(("what", "pass", "said"), rows, caption, "lll")] if rows else []


def _seconds_table(summary):
    rows = [[name, *([tables.ABSENT] * 4 if one is None else _times(one))] for name, one in summary["seconds"].items()]
    header = ("checker", "median", "quartiles", "longest", "longest at")
    return Table(header, rows, "Time of one answer; the judge's is a whole verdict, in all situations", "lrrrl")


def _times(one):
    between = f"{tables.seconds(one['low'])} – {tables.seconds(one['high'])}"
    return [tables.median(one), between, tables.seconds(one["worst"]), f"`{one['at']}`"]


def _speed_table(speed):
    rows = [[row["checker"], str(row["n"]), *_speeds(row)] for row in speed["rows"]]
    caption = (
        f"Softmax's backward pass of {speed['B']} row, checked once: numbers compared, time, and entries of the"
        f" gradient checked in a second; a whole verdict takes {tables.median(speed['verdict'])}"
    )
    return Table(("checker", "$n$", "compared", "time", "entries / s"), rows, caption, "lrrrr")


def _speeds(row):
    if row["seconds"] is None:
        return ["–", row["skipped"], "–"]
    rate = row["entries"] / row["seconds"]["median"]
    return [f"{row['compared']:,}", tables.median(row["seconds"]), f"{rate:,.3g}" if rate < 100 else f"{rate:,.0f}"]


def _frameworks_table(found):
    rows = [[one["function"], one["operation"], one["status"] or tables.ABSENT, _ids(one)] for one in found]
    caption = "What the judge says of the frameworks' own functions, and of those refuted its diagnoses"
    return Table(("function", "judged as", "verdict", "diagnosis"), rows, caption, "llll")


def _ids(one):
    return ", ".join(one["ids"]) or "–"


def _goals_table(goals):
    rows = [[goal["goal"], _reached(goal), VERDICTS[goal["met"]]] for goal in goals]
    return Table(("goal", "found", "verdict"), rows, "Goals of the judge", "lrl")


def _reached(goal):
    if goal["found"] is None:
        return "–"
    return tables.seconds(goal["found"]) if goal["unit"] == "s" else tables.share(goal["found"])
