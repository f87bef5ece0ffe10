"""What came of a submission, in a file of its own that a later run trusts as long as nothing has changed."""

import json
from dataclasses import dataclass
from pathlib import Path

from report.__main__ import VERSION
from report.output import write_files

FORMAT = 1
SCORES = {"proved": 1.0, "verified": 1.0, "refuted": 0.0, "unloadable": 0.0}
NOT_JUDGED = "not judged"


@dataclass(frozen=True)
class Graded:
    """name: of the submission; status: "proved", "verified", "refuted", "abstained", "unloadable" or "not judged".

    score: 1 or 0, None where a person has to look; diagnosis: the id of what is wrong; reason: in a sentence; seconds:
    of the judge; text, student: the explanation, and the one that keeps the answer back.
    """

    name: str
    status: str
    reason: str
    sha256: str = ""
    diagnosis: str = ""
    seconds: float = 0.0
    text: str = ""
    student: str = ""

    @property
    def score(self):
        return SCORES.get(self.status)


def of_outcome(name, found):
    """The Graded of what `job.run` returned."""
    outcome, verdict = found["outcome"], found["outcome"]["verdict"] or {}
    wrong = verdict.get("diagnosis") or [{"id": ""}]
    facts = {"sha256": outcome["sha256"], "diagnosis": wrong[0]["id"], "seconds": verdict.get("seconds", 0.0)}
    return Graded(name, outcome["status"], outcome["reason"], **facts, text=found["text"], student=found["student"])


def unreadable(name, why):
    """The Graded of a file that cannot be read."""
    return Graded(name, "unloadable", why, text=why + "\n", student=why + "\n")


def lost(name, error):
    """The Graded of a submission whose worker ended; a later run judges it again."""
    why = f"{type(error).__name__}: {error}".partition("\n")[0][:200]
    return Graded(name, NOT_JUDGED, f"its worker ended: {why}")


class Kept:
    """The files results/NAME.json below a directory, for one question."""

    def __init__(self, out, asked):
        self._root = Path(out) / "results"
        self._head = {"format": FORMAT, "gradproof": VERSION, "asked": asked.as_dict()}

    def write(self, graded, outcome=None):
        """Write the file of a submission, whole or not at all; outcome: as JSON can hold it."""
        found = {**self._head, "score": graded.score, **vars(graded), "outcome": outcome}
        where = self._path(graded.name)
        write_files(where.parent, {where.name: json.dumps(found, indent=1) + "\n"})

    def read(self, name, sha256):
        """The Graded of an earlier run about the same bytes and the same question, else None."""
        try:
            found = json.loads(self._path(name).read_text(encoding="utf-8"))
            graded = Graded(**{key: found[key] for key in Graded.__dataclass_fields__})
            same = {key: found[key] for key in self._head} == json.loads(json.dumps(self._head))
        except (OSError, ValueError, LookupError, TypeError):
            return None
        whole = graded.name == name and graded.sha256 == sha256 and found["score"] == graded.score
        return graded if same and whole and graded.status in (*SCORES, "abstained") else None

    def _path(self, name):
        return self._root / f"{name}.json"
