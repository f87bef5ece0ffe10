"""nnlib's own source, run on exact numbers, equals the definitions; wrong code does not."""

import numpy as np
import pytest

from report.catalogue import ROWS, Row, row
from report.code_proofs import code_proof


@pytest.mark.parametrize("one", ROWS, ids=lambda one: one.name)
def test_the_code_of_every_row_is_proved(one):
    proof = code_proof(one)
    assert proof.proved, proof.words
    assert proof.kinds == len(one.calls)
    assert proof.paths >= len(proof.shapes) * proof.kinds


def changed(change):
    """The row of softmax with another VJP."""
    right = row("softmax")
    return Row("softmax", right.classes, {"vjp": lambda o, g: change(right.calls["vjp"](o, g), o)})


def test_a_tiny_error_in_the_formula_is_refused():
    proof = code_proof(changed(lambda grad, o: grad + 1e-12 * o), shapes=((2, 3),))
    assert not proof.proved
    assert "vjp at 2 × 3 is different" in proof.words


def test_code_that_cannot_be_run_exactly_is_refused_with_its_line():
    proof = code_proof(changed(lambda grad, o: grad * np.linalg.det(o[:, :2])), shapes=((2, 3),))
    assert not proof.proved
    assert "test_report_code_proofs.py, line" in proof.words


def test_equal_up_to_rounding_only_is_equal():
    proof = code_proof(changed(lambda grad, o: np.log(np.exp(grad)) + o - o), shapes=((2, 3),))
    assert proof.proved, proof.words
