"""A verdict in words, for 80 columns: what is wrong and where, the worst entry, then what to think about."""

import textwrap

import numpy as np

WIDTH = 80
INDENT = 4
MOST = 24  # entries of an array that are printed
FURTHER = 3  # diagnoses beside the first one


def verdict_text(verdict, spoilers=True):
    """The lines of a verdict; without spoilers neither the right numbers nor the right formula is among them."""
    lines = [f"{verdict.operation}: {verdict.status.upper()}", ""]
    if verdict.refuted:
        lines += _diagnosis(verdict)
        lines += _example(verdict.counterexample, spoilers)
        lines += _hints(verdict.diagnosis, spoilers)
    else:
        lines += _wrapped(_sentence(verdict.summary))
    lines += [line for check in verdict.checks for line in _wrapped(f"checked  {check}", 9)]
    lines += [line for note in verdict.notes for line in _wrapped(f"note     {note}", 9)]
    return "\n".join(lines).rstrip() + "\n"


def _sentence(words):
    return words[:1].upper() + words[1:] + "."


def _wrapped(words, hanging=0):
    return textwrap.wrap(words, WIDTH, subsequent_indent=" " * hanging, break_on_hyphens=False) or [""]


def _diagnosis(verdict):
    lines = []
    for number, diagnosis in enumerate(_shown(verdict.diagnosis)):
        kind = " (a convention)" if diagnosis.convention else ""
        if number:
            lines += _wrapped(f"also     {diagnosis.where}: {diagnosis.sentence}{kind} [{diagnosis.id}]", 9)
            continue
        lines += _wrapped(f"wrong    {diagnosis.where}{kind}", 9)
        lines += _wrapped(f"because  {diagnosis.sentence} [{diagnosis.id}]", 9)
        lines += _wrapped(f"evidence {diagnosis.evidence}", 9) if diagnosis.evidence else []
    return [*lines, ""]


def _shown(diagnoses):
    """The first diagnosis, one that says otherwise about the same place, and the first about each other place."""
    first, rest = diagnoses[:1], diagnoses[1:]
    other = [x for x in rest if x.where == first[0].where][:1]
    elsewhere = {x.where: x for x in reversed(rest) if x.where != first[0].where}
    return [*first, *(x for x in rest if x in other or x is elsewhere.get(x.where))][: 1 + FURTHER]


def _example(example, spoilers):
    if example is None:
        return []
    lines = _wrapped(f"The smallest input found ({example.regime}):")
    for name, array in example.inputs.items():
        lines += _array(name, array)
    if example.before:
        lines.append("after a call with")
    for name, array in example.before.items():
        lines += _array(name, array)
    if example.got is not None:
        lines += _array("got", example.got)
        if spoilers:
            lines += _array("want", example.want)
    if example.raised:
        lines += _wrapped(f"The code {example.raised}", INDENT)
    if example.index is not None and example.got is not None:
        at = f"entry {list(example.index)}" if example.index else "the number"
        got, want = (float(x[example.index]) for x in (example.got, example.want))
        digits = 6 if f"{got:.6g}" != f"{want:.6g}" else 17
        shown = f", want {want:.{digits}g}" if spoilers else " is wrong"
        lines += _wrapped(f"{example.output}, {at}: got {got:.{digits}g}{shown}")
    return [*lines, ""]


def _array(name, array):
    """name = [[…], […]], its rows below each other."""
    array = np.asarray(array)
    head = f"{'':{INDENT}}{name} = "
    if array.size > MOST:
        return [f"{head}an array of shape {array.shape}"]
    with np.printoptions(precision=6, suppress=False, linewidth=WIDTH - len(head), floatmode="maxprec"):
        rows = np.array2string(array, separator=", ").split("\n")
    return [head + rows[0], *(" " * len(head) + row for row in rows[1:])]


def _hints(diagnosis, spoilers):
    """Hints of the first diagnosis; the last is the formula itself."""
    if not diagnosis:
        return []
    first = diagnosis[0]
    lines = [line for hint in first.hints for line in _wrapped(f"hint     {hint}", 9)]
    if spoilers and first.formula:
        lines += _wrapped(f"right    {first.formula}", 9)
    return [*lines, ""]
