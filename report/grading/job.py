"""One submission judged, wherever an executor runs it: everything that is needed goes there and comes back as data."""

import os
from dataclasses import asdict, dataclass, fields, is_dataclass, replace

from report.sandbox import target
from report.sandbox.judging import judged
from report.sandbox.limits import Limits
from report.sandbox.options import Options


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
    student = _without(outcome, _folder(chosen.path)).text(spoilers=False)
    return {"outcome": outcome.as_dict(), "text": outcome.text(), "student": student}


def _folder(path):
    return os.path.join(os.path.dirname(path), "")


def _without(value, folder):
    """The same strings, tuples and dataclasses, with names of files where their paths stood."""
    if isinstance(value, str):
        return value if folder == os.sep else value.replace(folder, "")
    if isinstance(value, tuple):
        return tuple(_without(part, folder) for part in value)
    if is_dataclass(value):
        return replace(value, **{x.name: _without(getattr(value, x.name), folder) for x in fields(value)})
    return value


def read(submission):
    """The Target of a submission, or the words that say why it cannot be read."""
    try:
        return target.found(submission.path), ""
    except target.Unloadable as error:
        return None, _without(str(error), _folder(submission.path))
