"""The report as data: sections of paragraphs, results, derivations, tables, figures and code, for any renderer.

Running text holds inline maths in $…$, `code` in backticks, *emphasis*, and [links](#label).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Formula:
    latex: str


@dataclass(frozen=True)
class Result:
    """A displayed statement, numbered by the renderer."""

    label: str
    title: str
    formula: str


@dataclass(frozen=True)
class Chain:
    """A derivation: lines (latex, reason), the first without a reason; given: definitions and hypotheses, as LaTeX."""

    title: str
    lines: tuple[tuple[str, str], ...]
    given: tuple[str, ...] = ()
    label: str = ""

    def __post_init__(self):
        if not self.lines or any(len(line) != 2 for line in self.lines):
            raise ValueError(f"chain {self.title!r}: expected lines (formula, reason), got {self.lines!r}")
        if self.lines[0][1]:
            raise ValueError(f"chain {self.title!r}: the first line follows from nothing, got {self.lines[0][1]!r}")


@dataclass(frozen=True)
class Table:
    """align: one of l, r, c for each column."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str
    align: str

    def __post_init__(self):
        if len(self.align) != len(self.header) or set(self.align) - set("lrc"):
            raise ValueError(f"table {self.caption!r}: {len(self.header)} columns, alignment {self.align!r}")
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(f"table {self.caption!r}: expected {len(self.header)} cells, got {list(row)}")


@dataclass(frozen=True)
class Figure:
    """draw: returns a Matplotlib figure; name: of its file; alt: what it shows, for those who cannot see it."""

    draw: Callable
    caption: str
    alt: str
    name: str


@dataclass(frozen=True)
class CodeBlock:
    text: str
    caption: str = ""
    language: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple
    label: str = ""


@dataclass(frozen=True)
class Document:
    title: str
    subtitle: str
    sections: tuple[Section, ...]

    def blocks(self, kind):
        """All blocks of a kind, in order."""
        return [block for section in self.sections for block in section.blocks if isinstance(block, kind)]
