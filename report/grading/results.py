"""What came of a submission, in a file of its own that a later run trusts as long as nothing has changed."""

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path

from report import VERSION
from report.output import write_files

FORMAT = 2
SCORES = {"proved": 1.0, "verified": 1.0, "refuted": 0.0, "unloadable": 0.0}
NOT_JUDGED = "not judged"
YET = "This has not been judged yet; it will be.\n"
LONGEST = 255  # bytes of a file's name, as file systems have it


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
    return Graded(name, NOT_JUDGED, f"its worker ended: {why}", student=YET)


def file_name(name):
    """NAME.json; the SHA-256 of the name where a file system could not hold that, or it could be another's folder."""
    *folders, last = name.split("/")
    if len(f"{last}.json".encode()) > LONGEST or any(folder.endswith(".json") for folder in folders):
        return hashlib.sha256(name.encode()).hexdigest() + ".json"
    return f"{name}.json"


class Kept:
    """The files results/NAME.json below a directory, for one question."""

    def __init__(self, out, asked):
        self._root = Path(out) / "results"
        self._head = {"format": FORMAT, "gradproof": VERSION, "asked": asked.as_dict()}
        write_files(self._root, {})  # what cannot be made is told before anything is judged

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
            agree = found["score"] == graded.score and found["outcome"]["status"] == graded.status
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return None
        ours = graded.name == name and graded.sha256 == sha256
        return graded if same and agree and ours and _is_whole(graded) else None

    def _path(self, name):
        return self._root / file_name(name)


def _is_whole(graded):
    """Whether every field is of its type, and the status one that a judgement ends in."""
    typed = all(type(getattr(graded, name)) is form for name, form in Graded.__annotations__.items())
    return typed and math.isfinite(graded.seconds) and graded.status in (*SCORES, "abstained")
