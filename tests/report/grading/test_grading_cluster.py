"""Grading on a Dask cluster: a worker is killed in the middle, and every submission is recorded once."""

import pytest

from report.__main__ import main
from report.grading import command, job, results
from report.grading.grade import grade
from report.sandbox.limits import Limits
from report.sandbox.options import Options

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")  # of the cluster's start and end
NUMBER = 12


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as made:
        yield made


def killing(log):
    """A judge that notes what it is asked for, and once kills its worker in the middle of a judgement."""

    def run(chosen, asked):
        import os
        import signal
        from pathlib import Path

        name = Path(chosen.path).name
        with log.open("a") as file:
            file.write(f"{name}\n")
        if name == "s4.py" and not log.with_suffix(".killed").exists():
            log.with_suffix(".killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        outcome = {"status": "proved", "reason": "is right", "sha256": chosen.sha256, "verdict": None}
        return {"outcome": outcome, "text": "", "student": ""}

    return run


def test_a_worker_is_killed_in_the_middle(cluster, tmp_path, monkeypatch):
    made, log, written = tmp_path / "submitted", tmp_path / "log", []
    made.mkdir()
    for number in range(NUMBER):
        (made / f"s{number}.py").write_text("# a submission")
    names = sorted(path.name for path in made.iterdir())
    monkeypatch.setattr(job, "run", killing(log))
    write = results.Kept.write
    monkeypatch.setattr(
        results.Kept, "write", lambda kept, graded, *rest: (written.append(graded.name), write(kept, graded, *rest))
    )
    asked = job.Asked(Options("softmax"), Limits())
    with distributed.Client(cluster) as client, client.get_executor(pure=False) as executor:
        found = grade(made, asked, tmp_path / "out", executor, at_once=4)
    assert log.with_suffix(".killed").exists()
    assert [x.name for x in found] == names and {x.status for x in found} == {"proved"}
    assert sorted(written) == names  # once each, though one was begun twice
    assert log.read_text().split().count("s4.py") == 2


def test_the_command_takes_an_address(cluster, tmp_path, capsys):
    made = tmp_path / "submitted"
    made.mkdir()
    (made / "broken.py").write_text("def forward(o)\n")
    arguments = ["grade", str(made), "--as", "softmax", "-o", str(tmp_path / "out")]
    assert main([*arguments, "--cluster", cluster.scheduler_address]) == 0
    assert "1 submission: 1 unloadable" in capsys.readouterr().out


def test_a_submission_that_kills_every_worker_leaves_the_others(cluster, tmp_path, monkeypatch):
    made = tmp_path / "submitted"
    made.mkdir()
    for number in range(4):
        (made / f"s{number}.py").write_text("# a submission")

    def run(chosen, asked):
        import os
        import signal

        if chosen.path.endswith("s1.py"):
            os.kill(os.getpid(), signal.SIGKILL)
        outcome = {"status": "proved", "reason": "is right", "sha256": chosen.sha256, "verdict": None}
        return {"outcome": outcome, "text": "", "student": ""}

    monkeypatch.setattr(job, "run", run)
    with distributed.Client(cluster) as client, client.get_executor(pure=False) as executor:
        found = grade(made, job.Asked(Options("softmax"), Limits()), tmp_path / "out", executor, at_once=1)
    assert [x.status for x in found] == ["proved", "not judged", "proved", "proved"]
    assert "KilledWorker" in found[1].reason


def test_an_interrupt_does_not_wait_for_the_workers(cluster, tmp_path, monkeypatch, capfd):
    ended = tmp_path / "ended"

    def slow():
        import time

        time.sleep(20)
        ended.touch()

    def interrupted(directory, asked, out, executor, *_):
        executor.submit(slow)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "grade", interrupted)
    arguments = ["grade", str(tmp_path), "--as", "softmax", "-o", str(tmp_path / "out")]
    assert main([*arguments, "--cluster", cluster.scheduler_address]) == 2
    told = capfd.readouterr().err
    assert "stopped; what was judged is in" in told and "Traceback" not in told
    assert not ended.exists()


def test_an_address_where_nothing_is(tmp_path, capsys):
    (tmp_path / "s.py").write_text("")
    arguments = ["grade", str(tmp_path), "--as", "softmax", "-o", str(tmp_path / "out")]
    assert main([*arguments, "--cluster", "nonsense"]) == 2
    assert "--cluster nonsense" in capsys.readouterr().err
