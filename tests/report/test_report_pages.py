"""The pages: formulas are converted, nothing is loaded from elsewhere or runs off the page, errors are clear."""

import re
import shutil
from html.parser import HTMLParser

import pytest

from derivations.registry import operations
from report import figures
from report.chapters.pieces import chain
from report.document import Chain, CodeBlock, Document, Figure, Formula, Paragraph, Result, Section, Table
from report.html import render_html
from report.inline import pieces
from report.latex import escape, render_latex
from report.output import write_files
from report.pdf import TexFailed, TexMissing, make_pdf

SPECIAL = r"100 % of A & B cost $5 #1 a_b {x} ~ ^ \ − ≤ σ".replace("$5", "5")


def plot():
    return figures.log_log({"one": ((1, 10), (1, 100)), "two": ((1, 10), (2, 90))}, "x", "y")


def document():
    chains = [chain(derivation) for operation in operations().values() for derivation in operation.derivations]
    blocks = (
        Paragraph(SPECIAL + " with $p_{i}$, `code_1 & 2`, *stress* and [a link](#here)"),
        Result("answer", "The answer", r"\frac{a}{b}"),
        Formula(r"\sum_{k \neq c} p_{k}"),
        Table(("kind", "$n$"), [["add & mul", "$2 n$"]], "Counts, 100 %", "lr"),
        Figure(plot, "Growth", "two lines", "growth"),
        CodeBlock("def f(o):\n    return {o: 'a_b^2'}  # Σ 100 % \\", "Code & more"),
    )
    return Document("A title & more", "50 %", (Section("First", blocks), Section("All", tuple(chains), "here")))


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.loaded, self.open = [], 0

    def handle_starttag(self, tag, attributes):
        self.loaded += [value for name, value in attributes if name in ("src", "href", "srcset") and tag != "a"]


def test_the_page_loads_nothing_and_runs_nothing():
    page = render_html(document())
    links = Links()
    links.feed(page)
    assert [link for link in links.loaded if not link.startswith("#")] == []
    assert "<script" not in page
    assert not re.search(r"url\((?!data:|#)", page)


def test_every_formula_of_the_page_is_mathml():
    page = render_html(document())
    body = re.sub(r"<(style|pre|svg|code)\b.*?</\1>", "", page, flags=re.DOTALL)
    assert "$" not in re.sub(r"<[^>]*>", "", body).replace("5 #1", "")
    assert page.count("<math") > sum(len(d.lines) for o in operations().values() for d in o.derivations)
    assert "merror" not in page


def test_words_are_escaped_in_html():
    page = render_html(document())
    assert "A &amp; B" in page
    assert "<code>code_1 &amp; 2</code>" in page


def test_a_formula_that_cannot_be_converted_is_shown():
    broken = Document("t", "s", (Section("x", (Formula(r"\frac{a"),)),))
    with pytest.raises(ValueError, match=r"\\frac\{a"):
        render_html(broken)


def test_words_are_escaped_in_latex():
    assert escape("50 % & a_b") == r"50 \% \& a\_b"
    with pytest.raises(ValueError, match="☃"):
        escape("☃")


@pytest.mark.skipif(shutil.which("latexmk") is None, reason="no LaTeX here")
def test_the_pdf_has_nothing_off_the_page(tmp_path):
    content = {"report.tex": render_latex(document()), "growth.pdf": figures.pdf(plot())}
    write_files(tmp_path, content)
    logs = []
    assert make_pdf(tmp_path / "report.tex", log=logs.append).read_bytes().startswith(b"%PDF")
    wide = [float(width) for width in re.findall(r"Overfull \\hbox \((\d+\.\d+)pt", logs[0])]
    assert max(wide, default=0) < 5
    assert "LaTeX Warning: Reference" not in logs[0]


@pytest.mark.skipif(shutil.which("latexmk") is None, reason="no LaTeX here")
def test_a_failing_tex_run_names_its_error_and_leaves_no_pdf(tmp_path):
    (tmp_path / "bad.tex").write_text(r"\documentclass{article}\begin{document}\nosuchcommand\end{document}")
    with pytest.raises(TexFailed, match="Undefined control sequence"):
        make_pdf(tmp_path / "bad.tex")
    assert [path.name for path in tmp_path.iterdir()] == ["bad.tex"]


def test_without_tex_the_line_that_installs_it_is_printed(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(TexMissing, match="apt-get install .* latexmk"):
        make_pdf(tmp_path / "report.tex")


@pytest.mark.parametrize("blocked", ("file", "file/below"))
def test_a_directory_that_cannot_be_made_is_named(tmp_path, blocked):
    (tmp_path / "file").write_text("here before")
    with pytest.raises(OSError, match="cannot write to the directory .*file"):
        write_files(tmp_path / blocked, {"index.html": "new"})
    assert (tmp_path / "file").read_text() == "here before"


def test_all_files_are_written_or_none(tmp_path):
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").mkdir()  # a file cannot take the place of a directory
    with pytest.raises(OSError):
        write_files(tmp_path, {"b": "new", "a": "new"})
    assert (tmp_path / "a").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_the_same_figure_is_the_same_file():
    assert figures.svg(plot()) == figures.svg(plot())


def test_pieces_of_running_text():
    assert pieces("a $x$ `b` *c* [d](#e).") == [
        ("words", "a "), ("maths", "x"), ("words", " "), ("code", "b"), ("words", " "), ("strong", "c"), ("words", " "),
        ("link", ("d", "#e")), ("words", "."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "message"),
    (
        (lambda: Table(("a", "b"), [["1"]], "caption", "ll"), "expected 2 cells"),
        (lambda: Table(("a", "b"), [], "caption", "l"), "2 columns"),
        (lambda: Chain("title", ()), "expected lines"),
        (lambda: Chain("title", (("x", "a reason"),)), "first line"),
    ),
)
def test_malformed_blocks_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
