"""Negative log-likelihood of log-probabilities:  L = −Σ_i y_i ℓ_i;   ∂L/∂ℓ_j = −y_j;   for one class c, L = −ℓ_c."""

from derivations.derivation import Derivation
from derivations.domain import CLASSES, LOG_SIMPLEX, SIMPLEX
from derivations.notation import Partial, array, c, delta, i, j, n, total
from derivations.operation import Input, Loss, row_loss
from derivations.rules.calculus import constant_factor, coordinates, derivative_into_sum
from derivations.rules.naming import one_hot
from derivations.rules.sums import sift

ell = array("ell", n)
y = array("y", n)
LOSS = -total(ell[i] * y[i], i)
single = one_hot(y[i], c)

GRADIENT = Derivation(
    "nll: gradient",
    start=Partial(LOSS, ell[j]),
    steps=(constant_factor, derivative_into_sum, constant_factor, coordinates, sift),
    claim=-y[j],
)

CLASS_LOSS = Derivation(
    "nll: one class",
    start=LOSS,
    steps=(single, sift),
    claim=-ell[c],
    hypotheses=single.hypotheses,
)

CLASS_GRADIENT = Derivation(
    "nll: gradient for one class",
    start=Partial(-ell[c], ell[j]),
    steps=(constant_factor, coordinates),
    claim=-delta(j, c),
)

NLL = row_loss(
    "nll",
    "Negative log-likelihood",
    variants={
        "": Loss((Input(ell, LOG_SIMPLEX), Input(y, SIMPLEX)), LOSS, LOSS, (j,), GRADIENT.claim),
        " indices": Loss(
            (Input(ell, LOG_SIMPLEX), Input(array("c"), CLASSES)), -ell[c], -ell[c], (j,), CLASS_GRADIENT.claim
        ),
    },
    names=(),
    derivations=(GRADIENT, CLASS_LOSS, CLASS_GRADIENT),
    main=GRADIENT,
)
