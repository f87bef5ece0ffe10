"""One submission judged, wherever an executor runs it: everything that is needed goes there and comes back as data."""

import os
from dataclasses import asdict, dataclass

from report.sandbox import target
from report.sandbox.judging import judged
from report.sandbox.limits import Limits
from report.sandbox.options import Options
from report.sandbox.outcome import without


@dataclass(frozen=True)
class Asked:
    """What is asked of every submission."""

    options: Options
    limits: Limits

    def as_dict(self):
        return {"options": self.options.as_dict(), "limits": asdict(self.limits)}


def run(chosen, asked):
    """{"outcome", "text", "student"} of a `target.Target`; student: the text without spoilers and folders of ours."""
    outcome = judged(chosen, asked.options, asked.limits)
    student = without(outcome, os.path.dirname(chosen.path)).text(spoilers=False)
    return {"outcome": outcome.as_dict(), "text": outcome.text(), "student": student}


def read(submission):
    """The Target of a submission, or the words that say why it cannot be read."""
    try:
        return target.found(submission.path), ""
    except target.Unloadable as error:
        return None, without(str(error), os.path.dirname(submission.path))
