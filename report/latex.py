"""The report as a LaTeX document, for the packages of a small TeX installation."""

import re
from math import sqrt
from pathlib import Path

from report.document import Chain, CodeBlock, Figure, Formula, Paragraph, Result, Table
from report.inline import pieces

PREAMBLE = Path(__file__).parent / "templates" / "preamble.tex"
ON_ONE_PAGE = 20  # a table of at most so many rows stays together
LINE, GAP, SHORT = 104, 2, 26  # characters: of a footnotesize line, between columns, of a column that keeps one line
MATH = 0.8  # width of a character of a formula's source
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "$": r"\$", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "−": r"$-$", "·": r"$\cdot$", "≤": r"$\leq$", "≥": r"$\geq$",
    "≠": r"$\neq$", "→": r"$\to$", "×": r"$\times$", "½": r"$\frac{1}{2}$", "∎": r"$\square$", "∈": r"$\in$",
    "∉": r"$\notin$", "⊆": r"$\subseteq$", "⊇": r"$\supseteq$", "Σ": r"$\Sigma$", "Π": r"$\Pi$", "Φ": r"$\Phi$",
    "Ñ": r"$\tilde{N}$", "∂": r"$\partial$", "√": r"$\surd$", "•": r"$\bullet$", "…": r"\dots{}", "–": "--", "“": "``",
    "”": "''", "’": "'", "ℓ": r"$\ell$", "µ": r"\textmu{}", "²": r"$^{2}$", "⁻": r"$^{-}$",
}  # fmt: skip
_GREEK = dict(zip("αβγδεζηθκλμνξπρστφχψω", (
    "alpha beta gamma delta varepsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau varphi chi psi omega"
).split(), strict=True))  # fmt: skip
_SPECIAL.update({letter: rf"$\{name}$" for letter, name in _GREEK.items()})
_KNOWN = re.compile("|".join(map(re.escape, sorted(_SPECIAL, key=len, reverse=True))))


def escape(words):
    """The words with every character that TeX reads as something else, or not at all, spelled for it.

    Raises ValueError that names a character for which no spelling is known.
    """
    spelled = _KNOWN.sub(lambda match: _SPECIAL[match[0]], words)
    unknown = {character for character in spelled if ord(character) > 0xFF}
    if unknown:
        raise ValueError(f"LaTeX: no spelling is known for {sorted(unknown)} in {words!r}")
    return spelled


def prose(text):
    """LaTeX of running text."""
    return "".join(_INLINE[kind](content) for kind, content in pieces(text))


_INLINE = {
    "words": escape,
    "maths": lambda latex: f"${latex}$",
    "code": lambda code: rf"\texttt{{{escape(code)}}}",
    "strong": lambda words: rf"\emph{{{prose(words)}}}",
    "link": lambda link: (
        rf"\hyperref[{link[1][1:]}]{{{prose(link[0])}}}"
        if link[1].startswith("#")
        else rf"\href{{{link[1]}}}{{{prose(link[0])}}}"
    ),
}


def render_latex(document):
    """The document as LaTeX; a figure is read from NAME.pdf beside it."""
    parts = [
        PREAMBLE.read_text(encoding="utf-8"),
        rf"\title{{{prose(document.title)}\\[0.3em]\large\itshape {prose(document.subtitle)}}}",
        "\\author{}\\date{}\n\\begin{document}\n\\maketitle\n\\tableofcontents",
    ]
    for section in document.sections:
        label = rf"\label{{{section.label}}}" if section.label else ""
        parts.append(rf"\section{{{prose(section.title)}}}{label}")
        parts += [_BLOCKS[type(block)](block) for block in section.blocks]
    return "\n\n".join([*parts, r"\end{document}", ""])


def _result(block):
    return rf"\resultname{{{block.label}}}{{{prose(block.title)}}}" + "\n" + rf"\[ {block.formula} \]"


def _chain(block):
    rows = [rf"\resultname{{{block.label}}}{{{prose(block.title)}}}"]
    if block.given:
        rows.append(r"{\small With " + ", ".join(rf"$\displaystyle {formula}$" for formula in block.given) + r":}\par")
    rows.append(r"\begin{chain}")
    for number, (formula, reason) in enumerate(block.lines):
        rows.append(rf"\chainline{{{'=' if number else ''}}}{{{formula}}}{{{escape(reason)}}}")
    return "\n".join([*rows, r"\end{chain}"])


def _table(block):
    rows = [r" & ".join(prose(cell) for cell in row) + r" \\" for row in block.rows]
    head = " & ".join(rf"\textbf{{{prose(cell)}}}" for cell in block.header)
    if len(rows) <= ON_ONE_PAGE:
        columns = "".join(_column(block, number) for number in range(len(block.header)))
        body = "\n".join([rf"\toprule {head} \\ \midrule", *rows, r"\bottomrule"])
        inner = rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}" + f"\n{body}\n" + r"\end{tabular}"
        return rf"\fittable{{{prose(block.caption)}}}{{{inner}}}"
    return "\n".join([
        r"{\footnotesize\setlength{\tabcolsep}{4pt}", rf"\begin{{longtable}}{{@{{}}{_long_columns(block)}@{{}}}}",
        rf"\caption{{{prose(block.caption)}}}\\ \toprule {head} \\ \midrule \endfirsthead",
        rf"\toprule {head} \\ \midrule \endhead \bottomrule \endfoot",
        *rows, r"\end{longtable}}",
    ])  # fmt: skip


def _column(block, number):
    """l, r or c; a column of long text gets a share of the page instead, and breaks its lines."""
    widest = _widest(block, number)
    if block.align[number] != "l" or widest <= 34:
        return block.align[number]
    return _paragraphs(min(0.62, widest / 130))


def _long_columns(block):
    """The columns of a table that goes on over pages, where it cannot be made smaller: texts share what is left."""
    numbers = range(len(block.header))
    widths = [max(_widest(block, number, math=MATH), len(block.header[number])) for number in numbers]
    texts = [number for number in numbers if block.align[number] == "l" and widths[number] > SHORT]
    left = LINE - GAP * len(widths) - sum(widths[number] for number in numbers if number not in texts)
    if sum(widths[number] for number in texts) <= left:
        return block.align
    whole = sum(sqrt(widths[number]) for number in texts)
    each = {number: left * sqrt(widths[number]) / whole / LINE for number in texts}
    return "".join(_paragraphs(each[number]) if number in texts else block.align[number] for number in numbers)


def _widest(block, number, math=0):
    """Characters of the widest cell of a column; math: the width of a character of a formula's source."""
    cells = [[len(x) * (1 if kind == "words" else math) for kind, x in pieces(row[number])] for row in block.rows]
    return max(map(sum, cells), default=0)


def _paragraphs(share):
    return rf">{{\raggedright\arraybackslash}}p{{{share:.2f}\linewidth}}"


def _figure(block):
    return (
        "\\begin{figure}[htbp]\n\\centering\n"
        rf"\includegraphics[width=0.95\linewidth]{{{block.name}.pdf}}" + "\n"
        rf"\caption{{{prose(block.caption)}}}" + "\n\\end{figure}"
    )


_IN_CODE = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "_": r"\_", "^": r"\textasciicircum{}"}


def _code(block):
    """The text as it is; characters beyond Latin 1 are escaped one by one, which Verbatim allows by commandchars."""
    caption = rf"{{\small {prose(block.caption)}\par}}\nopagebreak" + "\n" if block.caption else ""
    escaped = "".join(_SPECIAL[x] if x in _SPECIAL and ord(x) > 127 else _IN_CODE.get(x, x) for x in block.text)
    options = r"fontsize=\small,frame=single,commandchars=\\\{\},codes={\catcode`$=3\catcode`^=7\catcode`_=8}"
    return caption + f"\\begin{{Verbatim}}[{options}]\n{escaped}\n\\end{{Verbatim}}"


_BLOCKS = {
    Formula: lambda block: rf"\[ {block.latex} \]",
    Paragraph: lambda block: prose(block.text),
    Result: _result,
    Chain: _chain,
    Table: _table,
    Figure: _figure,
    CodeBlock: _code,
}
