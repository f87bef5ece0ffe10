"""One submission judged, wherever an executor runs it: everything that is needed goes there and comes back as data."""

import os
import re
from dataclasses import asdict, dataclass

from derivations.judge.verdict import ABSTAINED, Verdict
from report.sandbox import target
from report.sandbox.judging import judged
from report.sandbox.limits import Limits
from report.sandbox.options import Options
from report.sandbox.outcome import Outcome, without

OURS = re.compile(rb"^[ \t]*(?:import|from)[ \t].*?\b(nnlib|derivations)\b", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """What is asked of every submission."""

    options: Options
    limits: Limits

    def as_dict(self):
        return {"options": self.options.as_dict(), "limits": asdict(self.limits)}


def run(chosen, asked):
    """{"outcome", "text", "student"} of a `target.Target`; student: the text without spoilers and folders of ours."""
    found = OURS.search(chosen.source)
    outcome = _borrowed(chosen, asked, found[1].decode()) if found else judged(chosen, asked.options, asked.limits)
    student = without(outcome, os.path.dirname(chosen.path)).text(spoilers=False)
    return {"outcome": outcome.as_dict(), "text": outcome.text(), "student": student}


def _borrowed(chosen, asked, package):
    """The Outcome of code that imports what computes the answers: right or not, it is no work of its author."""
    options = asked.options
    words = f"it imports {package}, which has the answers: a person has to look"
    verdict = Verdict(options.operation, ABSTAINED, words, chosen.kinds(options.known))
    return Outcome(chosen.text, options.operation, chosen.path, chosen.sha256, verdict)


def read(submission):
    """The Target of a submission, or the words that say why it cannot be read."""
    try:
        return target.found(submission.path), ""
    except target.Unloadable as error:
        return None, without(str(error), os.path.dirname(submission.path))
