"""Numbers for unknowns, drawn from the domains of the inputs: ordinary ones, and others that take code on other paths.

All are rational, so that they can be evaluated to any number of digits. A regime fixes only which path is taken: what
is then compared are formulas.
"""

from fractions import Fraction
from math import log

DENOMINATOR = 9973  # a prime, so that sums of few such numbers do not coincide
CONFIDENCE = {"confident": 12, "wide": 160}  # added to the target's logit

SPREAD = {
    "ordinary": (-2, 2),
    "confident": (-2, 2),
    "ties": (-2, 2),
    "one-hot": (-2, 2),
    "wide": (-150, 150),
    "tiny": (Fraction(-1, 10**12), Fraction(1, 10**12)),
    "positive": (Fraction(1, 10), 3),
    "negative": (-3, Fraction(-1, 10)),
}
"""{regime: the range of a real number}"""

REGIMES = tuple(SPREAD)


def real(rng, regime, products=False):
    """A real number other than 0; products: of matrices are taken of such numbers, and must not grow too large."""
    low, high = SPREAD["ordinary" if products and regime == "wide" else regime]
    scale = 3 if products and regime == "wide" else 1
    return scale * (low + (high - low) * Fraction(2 * rng.randint(1, DENOMINATOR) - 1, 2 * DENOMINATOR + 1))


def positive(rng):
    return Fraction(1, 4) + abs(real(rng, "ordinary"))


def unit(rng):
    """A number between 0 and 1."""
    return Fraction(rng.randint(500, 9500), DENOMINATOR)


def simplex(rng, regime, size, largest=None):
    """Positive numbers that sum to one; `largest` has nearly all in the regimes "confident" and "wide"."""
    weights = [Fraction(rng.randint(200, DENOMINATOR), DENOMINATOR) for _ in range(size)]
    small = {"confident": Fraction(1, 10**4), "wide": Fraction(1, 10**13)}.get(regime, 1)
    weights = [weight if k == largest else weight * small for k, weight in enumerate(weights)]
    return [weight / sum(weights) for weight in weights]


def logarithms(numbers):
    """log of each, to a float's precision."""
    return [Fraction(log(number)) for number in numbers]
