"""The judge on the passes of the catalogue: all wrong ones refuted, none of the right ones, nine in ten named.

`make test` takes the right ones, and the first of each mistake in an operation; `make campaign` takes every one.
"""

import re

import pytest

from derivations import verify
from report.passes.registry import catalogue
from tests.campaign import thinned
from tests.derivations.execution.exact_passes import forget, mistake

PASSES = [entry for entry in catalogue() if "weights" not in entry.options]  # no operation has weights of rows
RIGHT = [entry for entry in PASSES if entry.correct]
WRONG = [entry for entry in PASSES if not entry.correct]
NOT_EXACT = {"softmax_jacobian_by_complex_step"}  # complex numbers are not run exactly
NOT_NAMED = {  # refuted, with a first diagnosis that is true and another than the catalogue's
    "linear_backward_sparse_inputs",
    "linear_backward_one_sample_transposes_a_vector",
    "network_hidden_units_share_one_error",
}


def named(entry):
    return entry.name


def verdict(entry):
    options = {name: entry.options[name] for name in ("reduction", "targets", "batched") if name in entry.options}
    if entry.kind == "object":
        options.pop("batched", None)
        return verify(entry.function, against=entry.operation, **options)
    return verify(entry.operation, **{entry.kind: entry.function}, **options)


@pytest.mark.parametrize("entry", RIGHT, ids=named)
def test_a_right_pass_is_accepted(entry):
    found = verdict(entry)
    assert found.status == ("verified" if entry.name in NOT_EXACT else "proved"), str(found)
    found.require()


@pytest.mark.parametrize("entry", thinned(WRONG, mistake, named))
def test_a_wrong_pass_is_refuted_and_named(entry):
    forget()
    found = verdict(entry)
    assert found.status == "refuted" and found.counterexample is not None
    assert (found.diagnosis[0].id == entry.diagnosis) == (entry.name not in NOT_NAMED), str(found)
    assert max(map(len, found.text().splitlines())) <= 80
    kept_back = found.text(spoilers=False)
    assert not re.search(r"Σ|\w\[[a-z](,[a-z])*\]", kept_back), kept_back  # no formula, nor a part of one
    with pytest.raises(AssertionError, match="REFUTED"):
        found.require()


def test_nine_in_ten_are_named():
    assert len(NOT_NAMED) <= 0.1 * len(WRONG) and NOT_NAMED <= {entry.name for entry in WRONG}
