"""The results of all submissions: a table of comma-separated values, a file each for Gradescope, and a terminal's."""

import csv
import io
import json
import textwrap
from collections import Counter
from pathlib import Path

from report.grading.results import file_name
from report.output import write_files
from report.sandbox.received import printable

COLUMNS = ("submission", "status", "score", "diagnosis", "reason", "sha256", "seconds")
WIDTH = 80
FEW = 5  # files that are named
NAME, STATUS = 36, 11  # columns of the terminal's table
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # what spreadsheets begin one with, wide letters as well
PERSON = "This could not be decided automatically; a person has to look at it.\n\n"


def write(out, graded, operation):
    """Write table.csv and gradescope/NAME.json below the directory."""
    write_files(out, {"table.csv": table(graded)})
    for one in graded:
        where = Path(out) / "gradescope" / file_name(one.name)
        write_files(where.parent, {where.name: gradescope(one, operation)})


def table(graded):
    """The table as RFC 4180 has it; no cell is a formula for a spreadsheet."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in graded:
        score = "" if one.score is None else f"{one.score:g}"
        cells = (one.name, one.status, score, one.diagnosis, one.reason, one.sha256, f"{one.seconds:.2f}")
        writer.writerow(map(_cell, cells))  # a forged verdict may hold any words, in place of an id too
    return file.getvalue()


def _cell(text):
    """The text, which a spreadsheet would take for a formula, behind an apostrophe."""
    begins = text.lstrip().startswith(FORMULA) or text.startswith(("\t", "\r", "\n"))
    return "'" + text if begins else text


def gradescope(one, operation):
    """results.json of Gradescope's autograder: its one test, and the explanation without the answer."""
    passed = one.score == 1.0
    output = (PERSON if one.status == "abstained" else "") + one.student
    test = {
        "name": f"the backward pass of {operation}",
        "score": one.score or 0.0,
        "max_score": 1.0,
        "status": "passed" if passed else "failed",
        "output": output,
        "output_format": "text",
    }
    found = {"score": one.score or 0.0, "execution_time": round(one.seconds), "visibility": "visible", "tests": [test]}
    return json.dumps(found, indent=1) + "\n"


def text(graded, out):
    """For a terminal: a line a submission, how many of each, and where the files are."""
    name = min(NAME, max(len(x) for x in ("submission", *(one.name for one in graded))))
    lines = [f"{'submission':{name}}  {'status':{STATUS}} score  because"]
    lines += [_line(one, name) for one in graded]
    counts = Counter(one.status for one in graded)
    lines += [
        "",
        f"{len(graded)} submission{'s' * (len(graded) != 1)}: "
        + ", ".join(f"{number} {status}" for status, number in counts.items()),
    ]
    lines += textwrap.wrap(f"in {Path(out) / 'table.csv'}, beside it results/ and gradescope/", WIDTH)
    if left := _left(graded, out):
        lines += textwrap.wrap(f"there too, and not of these submissions: {', '.join(left)}", WIDTH)
    return "\n".join(lines)


def _left(graded, out):
    """The files for Gradescope that earlier runs wrote for submissions which are not among these; the first few."""
    folder = Path(out) / "gradescope"
    ours = {folder / file_name(one.name) for one in graded}
    left = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.json") if path not in ours)
    return [_visible(x) for x in left[:FEW]] + [f"{len(left) - FEW} more"] * (len(left) > FEW)


def _line(one, width):
    name = one.name if len(one.name) <= width else "…" + one.name[1 - width :]
    score = "-" if one.score is None else f"{one.score:g}"
    because = one.diagnosis or ("" if one.score == 1.0 else one.reason)
    line = f"{_visible(name):{width}}  {one.status:{STATUS}} {score:>5}  {_visible(because)}".rstrip()
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"


def _visible(words):
    """The words in one line."""
    return printable(words).replace("\n", "�")
