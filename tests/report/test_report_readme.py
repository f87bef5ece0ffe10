"""The README shows what the commands print, and its Python runs."""

import re
from pathlib import Path

import pytest

from report.__main__ import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^    \$ \.venv/bin/gradproof (.*)\n((?:    .*\n|\n)*)", README, re.MULTILINE)


def test_commands_are_shown():
    assert [command.split()[0] for command, _ in SHOWN] == ["derive", "verify"]


@pytest.mark.parametrize(("command", "output"), SHOWN)
def test_a_command_prints_what_is_shown(command, output, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    main(command.split())
    printed = capsys.readouterr().out.rstrip()
    assert printed == "\n".join(line.removeprefix("    ") for line in output.rstrip().splitlines())


def test_its_python_runs():
    from nnlib import Softmax, SoftmaxCrossEntropy

    names = {"my_softmax": Softmax().forward, "my_backward": Softmax().backward, "MyLoss": SoftmaxCrossEntropy}
    for block in re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        exec(compile(block, "README.md", "exec"), names)  # our own text
