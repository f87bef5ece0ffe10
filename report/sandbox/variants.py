"""Conventions under which an accepted answer may be read, where `--conventions report` accepts them.

A variant says how the arrays are turned before the code sees them, and its answers before they are compared.
"""

from dataclasses import dataclass

FACTORS = (  # the code's result over the right one, as functions of the sizes
    lambda B, n: 1.0,
    lambda B, n: B,
    lambda B, n: 1 / B,
    lambda B, n: n,
    lambda B, n: 1 / n,
    lambda B, n: B * n,
    lambda B, n: 1 / (B * n),
    lambda B, n: 2.0,
    lambda B, n: 0.5,
)


@dataclass(frozen=True)
class Variant:
    """turned: "" for nothing, "batch" for arrays with rows of the batch, "W" for the weights; factor: of FACTORS."""

    turned: str = ""
    factor: int = 0

    def given(self, question):
        """The arrays as this convention has them."""
        return [x.T if self._turns(axes) else x for x, axes in zip(question.arrays, _going_in(question), strict=True)]

    def taken(self, question, answers):
        """The answers as the catalogue has them."""
        factor = FACTORS[self.factor](question.sizes["B"], question.sizes["n"])
        back = zip(answers, _coming_out(question), strict=True)
        return [(x.T if self._turns(axes) else x) / factor for x, axes in back]

    def _turns(self, axes):
        return len(axes) == 2 and {"": False, "batch": axes[0] == "B", "W": "B" not in axes}[self.turned]


def variants(up_to_convention):
    """The ways to read an answer: as it is; under a convention, each that is known."""
    if not up_to_convention:
        return [Variant()]
    return [Variant(turned, factor) for turned in ("", "batch", "W") for factor in range(len(FACTORS))]


def _going_in(question):
    return [tuple(map(str, getattr(x, "shape", None) or ())) for x in question.function.arguments]


def _coming_out(question):
    return [tuple(str(letter.size) for letter in letters) for letters, _ in question.function.outputs]
