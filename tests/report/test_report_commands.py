"""The command line: what it prints, its exit statuses, and that it costs nothing before it is asked for something."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from report import commands
from report.__main__ import main

ROOT = Path(__file__).parents[2]


def run(capsys, *arguments):
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_derive_ends_in_p_minus_y(capsys):
    status, out, _ = run(capsys, "derive", "softmax-cce")
    rows = out.rstrip().splitlines()
    assert status == 0
    assert "= p[j] − y[j]" in rows[-1]
    assert "Σ_k y[k] = 1" in out
    assert max(map(len, rows)) <= 80


def test_every_line_of_every_derivation_fits_80_columns(capsys):
    from report.catalogue import ROWS

    for one in ROWS:
        _, out, _ = run(capsys, "derive", one.name, "--all")
        assert max(map(len, out.splitlines())) <= 80, one.name


def test_derive_numpy_runs_as_printed(capsys):
    import numpy as np

    from derivations.registry import operation

    _, out, _ = run(capsys, "derive", "softmax-cce", "--format", "numpy")
    names = {}
    exec(compile(out, "printed", "exec"), names)  # our own output
    o, y = np.array([[0.0, 1.0, 2.0]]), np.array([[0.0, 0.0, 1.0]])
    want = operation("softmax-cce").function("gradient")(o, y)
    assert np.array_equal(names["softmax_cce_gradient"](o, y), want)


def test_derive_latex_is_an_aligned_environment(capsys):
    _, out, _ = run(capsys, "derive", "softmax", "--format", "latex")
    assert out.count(r"\begin{align*}") == out.count(r"\end{align*}") == 1
    assert r"\text{quotient rule}" in out


def test_list_names_every_operation_and_what_it_takes(capsys):
    from report.catalogue import ROWS

    _, out, _ = run(capsys, "list")
    assert all(f"{one.name}: {one.operation.title}\n" in out for one in ROWS)
    assert "softmax: Softmax\n    o (B, n); for the vjp also g (B, n)\n    value, jacobian, vjp\n" in out
    assert "with --targets indices c (B), whole numbers" in out and "epsilon, a number between 0 and 1" in out
    assert max(map(len, out.splitlines())) <= 80


def test_count_json_has_polynomials_and_executed_counts(capsys):
    status, out, _ = run(capsys, "count", "--json")
    found = json.loads(out)
    assert status == 0
    assert found["routes"][2]["operations"]["exp"] == "B*n"
    assert all(run["equal"] for route in found["routes"] for run in route["executed"])


def test_prove_prints_a_certificate_for_each_derivation(capsys):
    status, out, _ = run(capsys, "prove", "softmax")
    assert status == 0
    assert "n≤3  proved" in out
    assert max(map(len, out.splitlines())) <= 80


def test_prove_exits_with_1_where_something_is_refused(capsys, monkeypatch):
    from dataclasses import replace

    import report.proofs
    from derivations.certificate import certify

    def refusing(derivation):
        certificate = certify(derivation)
        return replace(certificate, lines=(replace(certificate.lines[0], reason="it is not"), *certificate.lines[1:]))

    monkeypatch.setattr(report.proofs, "certify", refusing)
    assert run(capsys, "prove", "tanh")[0] == 1


@pytest.mark.parametrize("command", (("derive", "nope"), ("prove", "nope")))
def test_an_unknown_operation_is_named_without_a_traceback(capsys, command):
    status, out, err = run(capsys, *command)
    assert (status, out) == (2, "")
    assert "'nope'" in err
    assert "softmax-cce" in err
    assert "Traceback" not in err


def test_help_and_nnlib_import_without_sympy():
    for code in ("from report.__main__ import parser; parser().format_help()", "import nnlib"):
        check = f"import sys; {code}; sys.exit('sympy' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=False).returncode == 0


def test_a_terminal_without_greek_letters_gets_escapes():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "report", "derive", "softmax"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 0 and not done.stderr and b"\\u03a3" in done.stdout


def test_a_report_that_cannot_be_written_is_an_error_without_a_traceback(tmp_path, capsys, monkeypatch):
    import report.build

    monkeypatch.setattr(report.build, "compose", small_document)
    (tmp_path / "taken").write_text("here before")
    status, _, err = run(capsys, "report", "-o", str(tmp_path / "taken"))
    assert status == 2
    assert "cannot write to the directory" in err
    assert (tmp_path / "taken").read_text() == "here before"


def test_the_report_writes_its_pages_and_says_where(tmp_path, capsys, monkeypatch):
    import report.build

    monkeypatch.setattr(report.build, "compose", small_document)
    status, out, _ = run(capsys, "report", "-o", str(tmp_path / "new" / "place"))
    assert status == 0
    assert [line.rsplit("/", 1)[1] for line in out.split()] == ["index.html", "report.tex"]
    assert (tmp_path / "new" / "place" / "index.html").is_file()


def test_a_failing_tex_run_is_an_error_and_leaves_the_other_pages(tmp_path, capsys, monkeypatch):
    import report.build
    from report import pdf

    def failing(*_):
        raise pdf.TexFailed("report.tex: LaTeX failed: Undefined control sequence.")

    monkeypatch.setattr(report.build, "compose", small_document)
    monkeypatch.setattr(pdf, "make_pdf", failing)
    status, _, err = run(capsys, "report", "-o", str(tmp_path), "--pdf")
    assert status == 2
    assert "LaTeX failed" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.html", "report.tex"]


def test_the_whole_report_is_composed_of_what_was_run(monkeypatch):
    """Every chapter, from short runs: one certificate, few shapes, one batch size, five epochs."""
    from derivations.registry import operation
    from report import build, digits, proofs, vectorise
    from report.document import Chain, Table

    certificate = proofs.certify(operation("tanh").derivations[0])  # every derivation's own in test_certificate.py
    monkeypatch.setattr(proofs, "certify", lambda derivation: certificate)
    code_proof = proofs.code_proof  # at all shapes in test_report_code_proofs.py
    monkeypatch.setattr(proofs, "code_proof", lambda row, shapes: code_proof(row, ((1, 2),)))
    monkeypatch.setattr(build, "SHAPES", ((3, 4),))
    monkeypatch.setattr(build, "measure", lambda: vectorise.measure(batches=(1, 2), rounds=1))
    monkeypatch.setattr(build, "train", lambda: digits.train(epochs=5))
    document = build.compose()
    assert len(document.blocks(Chain)) > 50
    assert any("proved" in row for table in document.blocks(Table) for row in table.rows)


def small_document(measurements=None):
    from report.document import Document, Paragraph, Section

    return Document("title", "subtitle", (Section("only", (Paragraph("words"),)),))


def test_bench_prints_what_it_measured_and_names_an_unknown_word(capsys, monkeypatch):
    import report.bench

    monkeypatch.setattr(report.bench, "bench", lambda what, quick: {"machine": {}, "what": what, "quick": quick})
    status, out, _ = run(capsys, "bench", "kernels", "--quick", "--json")
    assert (status, json.loads(out)["what"]) == (0, "kernels")
    monkeypatch.undo()
    status, _, err = run(capsys, "bench", "nope")
    assert status == 2
    assert "'nope'" in err


def test_a_report_that_cannot_be_written_is_refused_at_once(capsys, tmp_path, monkeypatch):
    from report import build

    monkeypatch.setattr(build, "compose", lambda *_: pytest.fail("minutes are spent"))
    (tmp_path / "file").write_text("")
    status, out, err = run(capsys, "report", "-o", str(tmp_path / "file"))
    assert (status, out) == (2, "") and "cannot write to the directory" in err


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_ends_a_command_in_order(name, status, capsys, monkeypatch):
    number, left = getattr(signal, name), []
    original = signal.getsignal(number)
    before = signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL  # a shell may have it ignored
    signal.signal(number, before)

    def endless(_):
        try:
            os.kill(os.getpid(), number)
            time.sleep(60)
        finally:
            left.append(name)

    monkeypatch.setattr(commands, "list", endless)
    try:
        assert run(capsys, "list") == (status, "", "gradproof list: interrupted\n")
        assert left == [name] and signal.getsignal(number) == before
    finally:
        signal.signal(number, original)
