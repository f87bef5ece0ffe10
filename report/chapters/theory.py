"""The argument behind “proved for every n”, from docs/proof.md."""

import re
from pathlib import Path

from report.document import Formula, Paragraph, Section

SOURCE = Path(__file__).parents[2] / "docs" / "proof.md"


def proof_appendix():
    """docs/proof.md as a section; where the package was installed without it, where to find it."""
    if not SOURCE.is_file():
        return Section("What proved means", (Paragraph("The argument is in docs/proof.md of the source."),), "proved")
    title, *parts = re.split(r"\n{2,}", SOURCE.read_text(encoding="utf-8").strip())
    return Section(title.removeprefix("# "), tuple(map(_block, parts)), "proved")


def _block(part):
    """A Markdown paragraph as a block: headings and bold words are emphasised, list items get a bullet."""
    words = " ".join(line.strip() for line in part.splitlines())
    if words.startswith("$$"):
        return Formula(words.strip("$ "))
    words = re.sub(r"^#+ (.*)", r"*\1.*", words)
    words = re.sub(r"^- ", "• ", words)
    return Paragraph(words.replace("**", "*"))
