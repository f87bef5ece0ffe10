"""The inputs in which mistakes hide that exact arithmetic does not show: rounding, overflow, saturation, ties, masks.

A situation says how entries are drawn. `drawn` makes the arguments of an operation's function from the domains of its
inputs: one letter has one meaning, so that o are logits everywhere, y targets and c classes.
"""

import numpy as np

from derivations.judge.draws import (
    apart,
    around,
    backwards,
    constant,
    cycled,
    dominant,
    every_second,
    first_row_zero,
    gaps,
    integers,
    masked,
    normal,
    scaled,
    shifted,
    signed,
    strided,
    tied,
    with_tiny,
)
from derivations.judge.situation import Situation

LOGITS = ("o",)
MASKS = ("a logit of −∞", "a log-probability of −∞")
CLOSE = ("both around 1e10", "both around 1e5")  # whose squares leave no digit of a difference in float64, float32
SITUATIONS = (
    Situation("ordinary numbers"),
    Situation("one row", rows=1),
    Situation("one class", columns=1),
    Situation("two classes", rows=1, columns=2),
    Situation("as many rows as classes", rows=3, columns=3),
    Situation("67 classes", rows=2, columns=67, entries=scaled(1 / 3)),  # so that sums of 67 products stay near 1
    Situation("40 rows", rows=40, columns=3),
    Situation("tiny numbers, 1e-8", entries=scaled(1e-8)),
    Situation("small numbers, 1e-6 to 1e-2", entries=cycled(3e-4, 3e-3, 4e-5, -2e-6, 1e-2, -8e-4, 5e-7)),
    Situation("integers given as floats", entries=lambda rng, shape: integers(rng, shape) * 1.0),
    Situation("positive numbers", entries=lambda rng, shape: rng.uniform(0.1, 3, size=shape)),
    Situation("negative numbers", entries=lambda rng, shape: rng.uniform(-3, -0.1, size=shape)),
    Situation("the largest number twice", entries=tied, least=(1, 2)),
    Situation("all numbers equal", entries=constant(0.75)),
    Situation("one row 0", entries=first_row_zero(normal)),
    Situation("some predictions that are right", entries=every_second(0.5), others=every_second(0.5), only=("p",)),
    Situation("τ = 1", parameter=constant(1.0), only=("tau",)),
    Situation("τ = 0.01", parameter=constant(0.01), entries=scaled(0.01), only=("tau",)),
    Situation("τ = 100", parameter=constant(100.0), entries=scaled(100.0), only=("tau",)),
    Situation("ε = 0", parameter=constant(0.0), only=("epsilon",)),
    Situation("ε = 1", parameter=constant(1.0), only=("epsilon",)),
    Situation("class weights of 1e-6 to 1e6", parameter=cycled(1e-6, 1.0, 1e6), targets="one-hot", only=("omega",)),
    Situation("one-hot targets", targets="one-hot"),
    Situation("upstream gradient 0", upstream=constant(0.0)),
    Situation("upstream gradient 0 in one row", upstream=first_row_zero(signed)),
    Situation("upstream gradient 1", upstream=constant(1.0)),
    Situation(
        "one-hot upstream gradient",
        upstream=lambda rng, shape: 1.0 * (np.arange(np.prod(shape)) == 1).reshape(shape),
        least=(1, 2),
    ),
    Situation("upstream gradient times 1e6", upstream=scaled(1e6, signed)),
    Situation("upstream gradient times 1e-6", upstream=scaled(1e-6, signed)),
    Situation("upstream gradient times 1e-12", upstream=scaled(1e-12, signed)),
    Situation("one dominant class, one-hot targets", entries=dominant(40), targets="one-hot", calm=False, least=(1, 2)),
    Situation("one dominant class", entries=dominant(40), calm=False, least=(1, 2)),
    Situation(
        "confident and wrong",
        entries=lambda rng, shape: dominant(40)(rng, shape)[::-1],
        targets="one-hot",
        calm=False,
        least=(1, 2),
    ),
    Situation("numbers of scale 30", entries=scaled(20), calm=False),
    Situation("saturated, around ±25", entries=cycled(20.5, -20.5, 25.0, -25.0, 30.0, -30.0, 12.0), calm=False),
    Situation("numbers of scale 1e4", entries=scaled(1e4), calm=False),
    Situation("around ±100", entries=cycled(90.0, -95.0, 104.0, -88.0, 150.0, -150.0), calm=False),
    Situation("around ±800", entries=cycled(800.0, -800.0, 0.0, 799.5, -745.0, 710.0), calm=False),
    Situation("all around 1000", entries=shifted(1000), calm=False),
    Situation("all around −1000", entries=shifted(-1000), calm=False),
    Situation("rows far apart", entries=gaps, calm=False, least=(2, 1)),
    Situation(CLOSE[0], entries=apart(1e10), others=around(1e10), only=("p",), calm=False),
    Situation(CLOSE[1], entries=apart(1e5), others=around(1e5), only=("p",), calm=False),
    Situation("at the kink, 0", entries=cycled(0.0, 1.0, -0.0, -1.0, 0.5), only=("x",), calm=False),
    Situation("near the kink", entries=cycled(1e-8, -1e-8, 1e-7, -1e-7, 1e-12, -1e-30), only=("x",), calm=False),
    Situation(MASKS[0], entries=masked, only=LOGITS, calm=False, least=(1, 2)),
    Situation("tiny probabilities, 1e-9", probabilities=with_tiny(1e-9), only=("p",), calm=False, least=(1, 2)),
    Situation("tiny probabilities, 1e-14", probabilities=with_tiny(1e-14), only=("p", "ell"), calm=False, least=(1, 2)),
    Situation(
        "tiny probabilities, 1e-30, at wrong predictions",
        rows=4,
        columns=3,
        targets="one-hot",
        probabilities=lambda rng, shape: with_tiny(1e-30)(rng, shape)[::-1],
        only=("p", "ell"),
        calm=False,
        least=(1, 2),
    ),
    Situation(MASKS[1], probabilities=with_tiny(0.0), only=("ell",), calm=False, least=(1, 2)),
)
ARRANGED = (
    Situation("Fortran order", arranged=np.asfortranarray),
    Situation("every second entry of larger arrays", arranged=strided),
    Situation("reversed views", arranged=backwards, refusable=True),  # other libraries have no negative strides
)
INTEGERS = (
    Situation("integer inputs", entries=integers, refusable=True),
    Situation("integer targets", targets="integer", refusable=True),
)
