"""Half mean squared error:  L = 1/(B n) Σ_b Σ_i ½ (p_bi − y_bi)²;   ∂L/∂p_aj = (p_aj − y_aj) / (B n)."""

from sympy import Rational

from derivations.derivation import Derivation
from derivations.notation import B, Partial, a, array, b, i, j, n, total
from derivations.operation import Input, Loss, batch_loss
from derivations.rules.calculus import (
    constant_factor,
    constant_rule,
    coordinates,
    derivative_into_sum,
    power_rule,
    term_by_term,
)
from derivations.rules.sums import sift

p = array("p", B, n)
y = array("y", B, n)
SQUARES = total(Rational(1, 2) * (p[b, i] - y[b, i]) ** 2, b, i)
STEPS = (
    derivative_into_sum,
    derivative_into_sum,
    power_rule,
    term_by_term,
    constant_rule,
    coordinates,
    sift,
)

MEAN = Derivation(
    "mse: gradient",
    start=Partial(SQUARES / (B * n), p[a, j]),
    steps=(constant_factor, *STEPS),
    claim=(p[a, j] - y[a, j]) / (B * n),
)

SUM = Derivation(
    "mse: gradient of the sum",
    start=Partial(SQUARES, p[a, j]),
    steps=STEPS,
    claim=p[a, j] - y[a, j],
)


INPUTS = (Input(p), Input(y))

MSE = batch_loss(
    "mse",
    "Half mean squared error",
    variants={
        "": Loss(INPUTS, SQUARES / (B * n), SQUARES / (B * n), (a, j), MEAN.claim),
        " sum": Loss(INPUTS, SQUARES, SQUARES, (a, j), SUM.claim),
    },
    names=(),
    derivations=(MEAN, SUM),
    main=MEAN,
)
