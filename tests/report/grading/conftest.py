"""Submissions and a judge that are made up, so that grading can be tested without judging."""

from pathlib import Path

import pytest

from report.grading import job

DIAGNOSIS = {"id": "sign", "sentence": "minus"}


@pytest.fixture
def folder(tmp_path):
    """Submissions that say in a word what a made-up judge finds in them."""
    made = tmp_path / "submitted"
    words = {"anna/softmax.py": "proved", "bela/softmax.py": "refuted", "c.py": "abstained", "d.py": "verified"}
    for name, word in words.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(word)
    return made


@pytest.fixture
def judged(monkeypatch):
    """The names of those that the made-up judge was asked about."""
    calls = []

    def run(chosen, asked):
        calls.append(Path(chosen.path).name)
        status = chosen.source.decode()
        verdict = {"diagnosis": [DIAGNOSIS] if status == "refuted" else [], "seconds": 0.5}
        outcome = {"status": status, "reason": f"is {status}", "sha256": chosen.sha256, "verdict": verdict}
        return {"outcome": outcome, "text": f"{status} with the answer", "student": status}

    monkeypatch.setattr(job, "run", run)
    return calls
