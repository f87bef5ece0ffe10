"""The smallest input on which code is wrong: few entries first, whole numbers where they show it."""

import numpy as np

from derivations.judge import contract
from derivations.judge.draws import rows_that_sum_to_one
from derivations.judge.situation import Situation
from derivations.judge.trial import Trial

SIZES = ((1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 3))  # (B, n)
DRAWS = 3
NUMBERS = ("formula", "shape", "exception")
REMEMBERED = ("state", "random", "aliasing")


def _small(rng, shape):
    """Whole numbers from −1 to 2."""
    return rng.integers(-1, 3, size=shape) * 1.0


def _quarters(rng, shape):
    """Probabilities that are quarters, where there are no more than four."""
    if shape[-1] > 4:
        return rows_that_sum_to_one(rng, shape)
    cuts = [
        rng.multinomial(4 - shape[-1], np.full(shape[-1], 1 / shape[-1])) + 1 for _ in range(int(np.prod(shape[:-1])))
    ]
    return np.array(cuts).reshape(shape) / 4


WHOLE = Situation(
    "small whole numbers", entries=_small, upstream=_small, probabilities=_quarters, targets="one-hot", others=_small
)


def smallest(finding, trial, memory):
    """The smallest Finding of the same category: small whole numbers, or the same kind of input with fewer entries.

    memory: what the code remembered before all runs, so that what it remembers here comes from the call that is shown.
    """
    whole = finding.category in NUMBERS
    situations = ([WHOLE] if whole else []) + [finding.situation]
    for situation in situations:
        for rows, columns in SIZES:
            if rows * columns >= finding.situation.rows * finding.situation.columns and not whole:
                break
            small = situation.of_size(rows, columns)
            found = small and _first(trial, small, finding, memory)
            if found:
                return found
    return finding


def _first(trial, situation, finding, memory):
    other = Trial(trial.question, trial.claim, trial.formula_known, memory=memory)
    for _ in range(DRAWS):
        other.forget()
        if finding.category in REMEMBERED:
            contract.kept(other, situation)
        else:
            other.run(situation, np.dtype(finding.dtype))
        for candidate in other.findings:
            if candidate.category == finding.category and _shows(candidate):
                return candidate
    return None


def _shows(finding):
    """Whether the numbers that differ differ to the eye."""
    if finding.index is None or finding.got is None:
        return True
    got, want = float(finding.got[finding.index]), float(finding.want[finding.index])
    return not abs(got - want) <= 1e-5 * abs(want) or finding.category != "formula"
