"""From report.tex to report.pdf by latexmk, in a directory of its own."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from report.failure import CommandFailed

INSTALL = "apt-get install --no-install-recommends texlive-latex-recommended texlive-pictures lmodern latexmk"
SECONDS = 180


class TexMissing(CommandFailed):
    """There is no latexmk; the message has the line that installs it."""


class TexFailed(CommandFailed):
    """TeX stopped; the message has its first errors."""


def make_pdf(tex, log=None):
    """The path of the PDF, beside the .tex file; made elsewhere and copied only when it is whole.

    log: called with the text of TeX's log. Raises TexMissing, TexFailed, OSError.
    """
    tex = Path(tex)
    if shutil.which("latexmk") is None:
        raise TexMissing(f"no LaTeX was found; this installs one that suffices: {INSTALL}")
    with tempfile.TemporaryDirectory() as scratch:
        for source in (tex, *tex.parent.glob("*.pdf")):
            shutil.copy(source, scratch)
        _run(tex.name, scratch)
        if log is not None:
            log((Path(scratch) / tex.with_suffix(".log").name).read_text(errors="replace"))
        made = tex.with_suffix(".pdf")
        part = made.with_name(f".{made.name}.part")
        shutil.copy(Path(scratch) / made.name, part)
        part.replace(made)
    return made


def _run(name, directory):
    command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", name]
    try:
        run = subprocess.run(command, cwd=directory, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise TexFailed(f"{name}: LaTeX took longer than {SECONDS} s") from error
    if run.returncode:
        raise TexFailed(f"{name}: LaTeX failed: {_first_errors(run.stdout.decode(errors='replace'))}")


def _first_errors(log, most=3):
    """The lines of a TeX log that begin with an exclamation mark, and the line of the source that follows each."""
    found = re.findall(r"^! (.*(?:\n.*){0,4}?)\n(l\.\d+.*)", log, re.MULTILINE)
    shown = [f"{error.splitlines()[0]} ({line.strip()})" for error, line in found[:most]]
    return "; ".join(shown) or log.strip()[-300:]
