"""Building the report: measure, prove, compose the chapters, write the files."""

from pathlib import Path

from report.agreement import DTYPES, SHAPES, agreement
from report.bench.saved import read, refuse_early
from report.catalogue import ROWS
from report.chapters import costs, mathematics, measured, question, real_data, theory, verification, worked_network
from report.counts import comparison
from report.digits import DigitsMissing, train
from report.document import Document, Figure
from report.html import render_html
from report.latex import render_latex
from report.output import write_files
from report.proofs import proofs
from report.vectorise import measure


def build(directory, pdf=False, measurements=None):
    """Write index.html, report.tex and its figures, with pdf also report.pdf; the paths of the pages that were made.

    measurements: the file of a benchmark run; without it the one that is shipped.
    Raises OSError for a directory that cannot be written, CommandFailed for a file that is no run, TexMissing or
    TexFailed where there is no TeX or it fails; the files made before stay.
    """
    from report import figures as drawing

    directory, measured_before = Path(directory), read(measurements)
    refuse_early(directory / "index.html")
    document = compose(measured_before)
    drawn = {figure.name: figure.draw() for figure in document.blocks(Figure)}
    files = {"index.html": render_html(document), "report.tex": render_latex(document)}
    files |= {f"{name}.pdf": drawing.pdf(figure) for name, figure in drawn.items()}
    write_files(directory, files)
    pages = [directory / "index.html", directory / "report.tex"]
    if pdf:
        from report.pdf import make_pdf

        pages.append(make_pdf(directory / "report.tex"))
    return pages


def compose(measurements=None):
    """The whole document, from runs made now; measurements: of a benchmark run, as report.bench.saved reads them."""
    proved = proofs()
    try:
        training = train()
    except DigitsMissing:
        training = None
    return Document(
        "Why softmax is fused into the cross-entropy loss",
        "Gradients derived line by line, proved for every size, counted, and held against code",
        (
            question.question(),
            question.notation(),
            mathematics.softmax_chapter(),
            mathematics.cross_entropy_chapter(),
            mathematics.combination_chapter(),
            costs.counts_chapter(comparison()),
            *measured.cost_chapters(measurements),
            costs.vectorise_chapter(measure()),
            worked_network.network_chapter(),
            real_data.digits_chapter(training),
            verification.verification_chapter(proved, agreements()),
            *measured.other_chapters(measurements),
            theory.proof_appendix(),
            theory.rules_appendix(),
            verification.appendix(proved),
        ),
    )


def agreements():
    """{operation: the worst Agreement of its kinds, shapes and types}"""
    found = {}
    for one in ROWS:
        runs = [agreement(one, kind, *shape, dtype) for kind in one.calls for shape in SHAPES for dtype in DTYPES]
        found[one.name] = max(runs, key=lambda run: run.share)
    return found
