"""A derivation as text for a terminal, or as a LaTeX `align*`, the rule beside each line."""

import re

from derivations.printing import latex, text

# A long formula may be broken before a + or − between terms, a · between factors, and the stroke of a fraction.
_BREAK = re.compile(r"(?= [+−] )|(?=·)|(?<=\))(?=/)")


def derivation_text(derivation, width=80):
    """The derivation in plain text, no line longer than `width`.

    The title, the definitions and hypotheses, then one line for each step with its rule at the right margin; a formula
    that is too long is broken, and a rule that finds no room stands below at the margin.
    """
    rows = [derivation.name, ""]
    for definition in derivation.used:
        rows += _filled("where  ", f"{text(definition.symbol)} = {text(definition.meaning)}", width)
    for size, letters in derivation.ranges.items():
        rows.append(f"for    1 ≤ {', '.join(map(str, letters))} ≤ {size}")
    for hypothesis in derivation.hypotheses:
        rows += _filled("if     ", f"{hypothesis.text}   ({hypothesis.name})", width)
    if rows[-1]:
        rows.append("")
    for line in derivation.lines:
        if line.rule is None:
            rows += _filled("    ", text(line.expression), width)
        else:
            rows += _with_reason(_filled("  = ", text(line.expression), width), line.rule.name, width)
    return "\n".join(rows)


def _filled(lead, formula, width):
    """The formula behind its lead, broken where a reader would."""
    rows, row = [], lead
    for piece in _BREAK.split(formula):
        if len(row) + len(piece) > width and row.strip():
            rows.append(row)
            row = " " * (len(lead) + 2) + piece.lstrip()
        else:
            row += piece
    return [*rows, row]


def _with_reason(rows, reason, width):
    last = rows[-1]
    room = width - len(last)
    if len(reason) + 2 <= room:
        return [*rows[:-1], last + reason.rjust(room)]
    return [*rows, reason.rjust(width)]


def derivation_latex(derivation):
    """The derivation as an `align*` environment of amsmath, the hypotheses in a sentence before it."""
    rows = []
    for number, line in enumerate(derivation.lines):
        if number == 0:
            rows.append(rf"  & {latex(line.expression)}")
        else:
            rows.append(rf"  ={{}}& {latex(line.expression)} && \text{{{_escaped(line.rule.name)}}}")
    given = [rf"${latex(d.symbol)} = {latex(d.meaning)}$" for d in derivation.used]
    given += [f"${formula}$" for formula in assumptions_latex(derivation)]
    sentence = f"% {derivation.name}\n" + (f"With {', '.join(given)}:\n" if given else "")
    return sentence + "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def assumptions_latex(derivation):
    """The ranges of the free letters and the hypotheses, as LaTeX."""
    ranges = [rf"1 \leq {', '.join(map(str, letters))} \leq {size}" for size, letters in derivation.ranges.items()]
    return [*ranges, *(hypothesis.latex for hypothesis in derivation.hypotheses)]


def _escaped(words):
    return re.sub(r"([&%#_])", r"\\\1", words).replace("δ", r"$\delta$").replace("^(−q)", "$^{-q}$")
