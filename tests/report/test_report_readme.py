"""The README shows what the commands print, and its Python runs."""

import re
from pathlib import Path

import numpy as np
import pytest

from report.__main__ import main
from report.bench import peers, saved, tables

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^    \$ \.venv/bin/gradproof (.*)\n((?:    .*\n|\n)*)", README, re.MULTILINE)


def test_commands_are_shown():
    assert [command.split()[0] for command, _ in SHOWN] == ["derive", "verify"]


@pytest.mark.parametrize(("command", "output"), SHOWN)
def test_a_command_prints_what_is_shown(command, output, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    main(command.split())
    printed = capsys.readouterr().out.rstrip().partition("\nlimits   not in force here")[0]  # of this machine
    assert printed == "\n".join(line.removeprefix("    ") for line in output.rstrip().splitlines())


def test_its_python_runs():
    from nnlib import Softmax, SoftmaxCrossEntropy

    names = {"my_softmax": Softmax().forward, "my_backward": Softmax().backward, "MyLoss": SoftmaxCrossEntropy}
    for block in re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        exec(compile(block, "README.md", "exec"), names)  # our own text
    net, gradients = names["net"], (names["grad_x"], *names["weight_grads"], *names["bias_grads"])
    assert names["loss"] > 0 and names["grad_x"].shape == names["x"].shape
    assert len(gradients) == 1 + 2 * len(net.layers) and all(np.any(x) for x in gradients)


PASSES = peers.NNLIB, peers.THREADS, peers.TORCH, peers.JAX, peers.NUMBA


@pytest.mark.parametrize(
    ("file", "columns"), (("measurements.json", PASSES), ("measurements-avx2.json", (*PASSES, peers.FLOOR)))
)
def test_its_seconds_are_those_of_the_shipped_runs(file, columns):
    for cell in saved.read(ROOT / "docs" / file)["kernels"]["cells"]:
        if cell["dtype"] == "float32":
            seconds = " | ".join(tables.median(cell["seconds"][name]) for name in columns)
            assert f"| {cell['B']}×{cell['n']} | {seconds} |\n" in README


def test_what_it_says_of_the_floor_without_avx_512_is_so():
    cells = saved.read(ROOT / "docs" / "measurements-avx2.json")["kernels"]["cells"]
    large = [cell["seconds"] for cell in cells if cell["n"] >= 1000]
    assert len(large) == 8 and all(seconds[peers.FLOOR]["low"] > seconds[peers.JAX]["median"] for seconds in large)


def test_what_the_judge_finds_is_what_the_shipped_run_found():
    run = saved.read()
    found = {name: kind["found"] for name, kind in run["verify"]["summary"]["total"].items()}
    figures = [found[name] for name in ("verify", "gradcheck", "gradcheck fast", "check_vjp")]
    words = README.partition("backward passes the judge finds")[2].partition("right ones")[0]
    assert [int(number) for number in re.findall(r"\d+", words)][:4] == figures
