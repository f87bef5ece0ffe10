"""The report as one HTML page: MathML for formulas, SVG for plots, its font inside; no script, no network."""

import base64
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from math_core import LatexError, LatexToMathML

from report import figures
from report.inline import pieces

TEMPLATES = Path(__file__).parent / "templates"
FONT = TEMPLATES / "fonts" / "latin-modern-math.woff2"


def render_html(document):
    """The page as a string. Raises ValueError that shows a formula which cannot be converted."""
    page = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    writer = _Writer()
    page.filters["prose"] = lambda text: Markup(writer.prose(text))
    page.filters["display"] = lambda latex: Markup(writer.maths(latex, display=True))
    page.filters["svg"] = lambda figure: Markup(_inline_svg(figures.svg(figure.draw())))
    page.filters["equal"] = lambda lines: [("" if number == 0 else "=", *line) for number, line in enumerate(lines)]
    page.globals["kind"] = lambda block: type(block).__name__
    return page.get_template("page.html").render(
        document=document,
        style=Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")),
        font=base64.b64encode(FONT.read_bytes()).decode(),
        anchors=_anchors(document),
    )


def _anchors(document):
    """{section title: id}; a section's label where it has one."""
    return {s.title: s.label or "section-" + str(number) for number, s in enumerate(document.sections, start=1)}


def _inline_svg(text):
    """The <svg> element alone, sized by its container."""
    return text[text.index("<svg") :].replace(' width="', ' data-width="', 1).replace(' height="', ' data-height="', 1)


class _Writer:
    def __init__(self):
        self._convert = LatexToMathML().convert_with_local_state

    def maths(self, latex, display=False):
        """MathML of a formula."""
        try:
            return self._convert(latex, displaystyle=display)
        except LatexError as error:
            raise ValueError(f"cannot convert the formula {latex!r} to MathML: {error}") from error

    def prose(self, text):
        """HTML of running text."""
        return "".join(getattr(self, f"_{kind}")(content) for kind, content in pieces(text))

    def _words(self, words):
        return escape(words)

    def _maths(self, latex):
        return self.maths(latex)

    def _code(self, code):
        return f"<code>{escape(code)}</code>"

    def _strong(self, words):
        return f"<em>{self.prose(words)}</em>"

    def _link(self, link):
        words, target = link
        return f'<a href="{escape(target)}">{self.prose(words)}</a>'
