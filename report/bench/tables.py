"""Columns of plain text, and numbers in as few characters as tell what was measured."""

WIDTH = 80
ABSENT = "absent"


def table(header, rows, first=16):
    """Lines: the first column left, of that width, the others right and as narrow as they can be, at least 7."""
    widths = [max(7, *(len(row[i]) for row in (header, *rows))) for i in range(1, len(header))]
    return [_line(row, first, widths) for row in (header, *rows)]


def _line(row, first, widths):
    return (
        row[0].ljust(first) + "".join(" " + cell.rjust(width) for cell, width in zip(row[1:], widths, strict=True))
    ).rstrip()


def seconds(value):
    """'17.0 µs', '3.42 ms', '1.20 s'; 'absent' for None."""
    if value is None:
        return ABSENT
    for factor, unit in ((1e6, "µs"), (1e3, "ms")):
        if value * factor < 999.5:
            return f"{_three(value * factor)} {unit}"
    return f"{_three(value)} s"


def _three(value):
    """Three digits, two of what is below 0.1; no exponent below 10⁴."""
    if value < 0.0995:
        return f"{value:.2g}"
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def median(spread):
    """The median seconds of a spread, or 'absent'."""
    return seconds(spread and spread["median"])


def ratio(found):
    """'2.30', 'unclear', or 'absent'."""
    if found is None:
        return ABSENT
    return "unclear" if found["stated"] is None else _three(found["stated"])


def ratio_spread(found):
    """'2.30 (2.21–2.40)', a ratio and its quartiles; 'unclear' or 'absent'."""
    return ratio(found) if found is None or found["stated"] is None else quartiles(found)


def size(count):
    """'1.25 MiB' and the like."""
    for power, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if count >= 2**power:
            return f"{_three(count / 2**power)} {unit}"
    return f"{count} B"


def peaks(found):
    """[NumPy's peak, the growth of the process, its share of the logits] of one contender, None where it is absent."""
    if found is None:
        return [ABSENT] * 3
    return [size(found["traced"]), size(found["process"]), f"{found['share']:.2f}"]


def eps(value):
    """'0.72', '31.9', '8e6', '0' below 0.01; 'absent' for None, 'NaN' for no number at all."""
    if value is None:
        return ABSENT
    if value == float("inf"):
        return "NaN"
    if value < 0.01:
        return "0"
    return f"{value:.0e}".replace("e+0", "e").replace("e+", "e") if value >= 999.5 else f"{value:.3g}"


def shape(cell):
    """'128×1000 f32'."""
    return f"{cell['B']}×{cell['n']} f{cell['dtype'].removeprefix('float')}"


def underlined(title):
    """A heading: a blank line, the title, a rule."""
    return ["", title, "-" * min(WIDTH, len(title))]


def share(value):
    """'34 %', '0'; 'absent' for None."""
    if value is None:
        return ABSENT
    return "0" if value == 0 else f"{100 * value:.3g} %"


def quartiles(found):
    """'0.87 (0.80–0.95)': a ratio's median and quartiles, whatever may be claimed of them."""
    return "{} ({}–{})".format(*(_three(found[key]) for key in ("median", "low", "high")))


def fold(number):
    """'3.5', '2,005': how many times one count is another, which has no spread."""
    return f"{number:,.0f}" if number >= 99.95 else f"{number:.3g}"
