"""The three versions of the network compute the same; training on the digits works and its gradients are compared."""

import numpy as np
import pytest

from report import digits, vectorise


@pytest.mark.parametrize("version", vectorise.VERSIONS.values(), ids=vectorise.VERSIONS)
@pytest.mark.parametrize("B", (1, 3))
def test_the_versions_compute_the_same(version, B):
    arrays = vectorise.problem(B, seed=B)
    for got, want in zip(version(*arrays), vectorise.by_batch(*arrays), strict=True):
        # Sums of at most 64 terms of size 1 in another order: 64 eps, with room for the sigmoids before them.
        assert np.allclose(got, want, rtol=0, atol=1e3 * np.finfo(float).eps * max(1, np.abs(want).max()))


def test_measure_has_every_version_at_every_batch():
    timings = vectorise.measure(batches=(1, 2), rounds=2)
    assert {(t.version, t.batch) for t in timings} == {(v, B) for v in vectorise.VERSIONS for B in (1, 2)}
    assert all(0 < t.low <= t.seconds <= t.high for t in timings)


def test_digits_are_learned_and_the_gradients_agree():
    pytest.importorskip("sklearn")
    training = digits.train()
    assert training.accuracy >= 0.95
    assert training.losses[-1] < training.losses[0] / 5
    for found in digits.differences(training):
        # p and y are subtracted; p itself is off by |o − max| + 4 units, here below 40: exp's own conditioning.
        assert found.terms < 40, found


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn.datasets", None)
    with pytest.raises(digits.DigitsMissing, match=r"gradproof\[digits\]"):
        digits.load()
