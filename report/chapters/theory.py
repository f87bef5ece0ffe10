"""The argument behind “proved for every n”, from docs/proof.md, and the rules of the derivations."""

import re
from pathlib import Path

from derivations.rules import algebra, calculus, sums
from derivations.rules.rule import Rule
from report.document import Formula, Paragraph, Section, Table

SOURCE = Path(__file__).parents[2] / "docs" / "proof.md"


def proof_appendix():
    """docs/proof.md as a section; where the package was installed without it, where to find it."""
    if not SOURCE.is_file():
        return Section("What proved means", (Paragraph("The argument is in docs/proof.md of the source."),), "proved")
    title, *parts = re.split(r"\n{2,}", SOURCE.read_text(encoding="utf-8").strip())
    return Section(title.removeprefix("# "), tuple(map(_block, parts)), "proved")


def rules_appendix():
    """The rules of the derivations that belong to no operation: calculus, sums, algebra."""
    modules = {"calculus": calculus, "sums": sums, "algebra": algebra}
    found = {rule.name: (subject, rule) for subject, module in modules.items() for rule in _rules(module)}
    rows = [[name, subject, f"${rule.latex}$"] for name, (subject, rule) in found.items()]
    words = (
        "Each rule rewrites every place of a line where it applies; a step whose rule finds nothing is an error. Beside"
        " these there are the definitions of named intermediates, results proved before, and the hypotheses."
    )
    return Section("The rules", (Paragraph(words), Table(("rule", "of", "statement"), rows, "The rules", "lll")))


def _rules(module):
    return [value for value in vars(module).values() if isinstance(value, Rule)]


def _block(part):
    """A Markdown paragraph as a block: headings and bold words are emphasised, list items get a bullet."""
    words = " ".join(line.strip() for line in part.splitlines())
    if words.startswith("$$"):
        return Formula(words.strip("$ "))
    words = re.sub(r"^#+ (.*)", r"*\1.*", words)
    words = re.sub(r"^- ", "• ", words)
    return Paragraph(words.replace("**", "*"))
