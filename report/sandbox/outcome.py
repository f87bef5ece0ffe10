"""What came of a judgement: the verdict or why there is none, the file that it is about, and what held it in."""

import os
import re
import textwrap
from dataclasses import dataclass, field, fields, is_dataclass, replace

from derivations.judge.verdict import ABSTAINED, REFUTED, Verdict
from report.sandbox.received import printable

WIDTH = 80
SHOWN = 1000  # characters of what the code prints
UNLOADABLE = "unloadable"


@dataclass(frozen=True)
class Outcome:
    """verdict: None where the code could not be loaded or asked, and problem says why.

    path, sha256: of the judged file; printed: the beginning of what it printed, printed_length characters in all;
    measures: {what held it in: whether the system allowed that}; examined: right answers without the judge.
    """

    target: str
    operation: str
    path: str
    sha256: str
    verdict: Verdict | None = None
    problem: str = ""
    printed: str = ""
    printed_length: int = 0
    measures: dict = field(default_factory=dict)
    examined: int = 0

    @property
    def status(self):
        """ "proved", "verified", "refuted", "abstained" or "unloadable"."""
        return self.verdict.status if self.verdict else UNLOADABLE

    @property
    def exit_status(self):
        """0 accepted, 1 refuted, 2 cannot be loaded, 3 abstained."""
        return {REFUTED: 1, UNLOADABLE: 2, ABSTAINED: 3}.get(self.status, 0)

    @property
    def reason(self):
        """One sentence."""
        return self.verdict.summary if self.verdict else f"cannot be loaded: {self.problem}"

    def as_dict(self, spoilers=True):
        """As JSON can hold it."""
        found = {**vars(self), "status": self.status, "exit_status": self.exit_status, "reason": self.reason}
        if self.verdict:
            found["verdict"] = self.verdict.as_dict(spoilers)
            found["reason"] = found["verdict"]["summary"]
        return found

    def text(self, spoilers=True):
        """For a terminal of 80 columns; files are named as seen from the working directory."""
        return without(self, os.getcwd())._text(spoilers)

    def _text(self, spoilers):
        verdict = printable(self.verdict.text(spoilers)).rstrip() if self.verdict else ""
        if not verdict:
            verdict = f"{self.operation}: NOT JUDGED\n\n"
            verdict += wrapped(f"because  {self.problem}", 9)
        return "\n".join([verdict, *self._printed(), *self._file()])

    def _printed(self):
        if not self.printed_length:
            return []
        lines = [part for line in printable(self.printed).split("\n") for part in textwrap.wrap(line, WIDTH - 9)][:3]
        length = f"{self.printed_length} character{'s' * (self.printed_length != 1)}"
        more = f"prints {length} in all its calls, beginning with:" if lines else "prints empty lines"
        return [wrapped(f"note     {more}", 9), *(f"{'':9}{line}" for line in lines)]

    def _file(self):
        lines = [wrapped(f"file     {self.path}", 9), f"sha256   {self.sha256}"]
        missing = [measure for measure, done in self.measures.items() if not done]
        return [*lines, wrapped(f"limits   not in force here: {', '.join(missing)}", 9)] if missing else lines


def without(value, folder):
    """The same strings, tuples and dataclasses, with paths below the folder as seen from there."""
    if isinstance(value, str):
        start = re.escape(os.path.join(folder, ""))
        return value if folder == os.sep else re.sub(rf"(?<![\w./-]){start}", "", value)
    if isinstance(value, tuple):
        return tuple(without(part, folder) for part in value)
    if is_dataclass(value):
        return replace(value, **{x.name: without(getattr(value, x.name), folder) for x in fields(value)})
    return value


def wrapped(words, hanging=0):
    """The words in lines of 80 columns; a path that is longer is broken."""
    return "\n".join(textwrap.wrap(printable(words), WIDTH, subsequent_indent=" " * hanging))
