"""Cross entropy of probabilities:  L = −Σ_i y_i log p_i;   ∂L/∂p_j = −y_j / p_j;   for one class c, L = −log p_c."""

from sympy import log

from derivations.derivation import Derivation
from derivations.domain import CLASSES, SIMPLEX
from derivations.notation import Partial, array, c, delta, i, j, n, total
from derivations.operation import Input, Loss, row_loss
from derivations.rules.calculus import constant_factor, coordinates, derivative_into_sum, log_rule
from derivations.rules.hypotheses import Positive
from derivations.rules.naming import one_hot
from derivations.rules.sums import sift

p = array("p", n, positive=True)
y = array("y", n)


def cross_entropy(y):
    """−Σ_i y_i log p_i"""
    return -total(y[i] * log(p[i]), i)


LOSS = cross_entropy(y)
defined = Positive(p[i])
single = one_hot(y[i], c)


def gradient(y):
    """∂L/∂p_j = −y_j / p_j, for an array of targets of any name."""
    return Derivation(
        "cross entropy: gradient",
        start=Partial(cross_entropy(y), p[j]),
        steps=(
            constant_factor,
            derivative_into_sum,
            constant_factor,
            log_rule.under(defined),
            coordinates,
            sift,
        ),
        claim=-y[j] / p[j],
        hypotheses=(defined,),
    )


GRADIENT = gradient(y)

CLASS_LOSS = Derivation(
    "cross entropy: one class",
    start=LOSS,
    steps=(single, sift),
    claim=-log(p[c]),
    hypotheses=single.hypotheses,
)

CLASS_GRADIENT = Derivation(
    "cross entropy: gradient for one class",
    start=Partial(-log(p[c]), p[j]),
    steps=(constant_factor, log_rule.under(defined), coordinates),
    claim=-delta(j, c) / p[c],
    hypotheses=(defined,),
)

CCE = row_loss(
    "cce",
    "Cross entropy of probabilities",
    variants={
        "": Loss((Input(p, SIMPLEX), Input(y, SIMPLEX)), LOSS, LOSS, (j,), GRADIENT.claim),
        " indices": Loss(
            (Input(p, SIMPLEX), Input(array("c"), CLASSES)), -log(p[c]), -log(p[c]), (j,), CLASS_GRADIENT.claim
        ),
    },
    names=(),
    derivations=(GRADIENT, CLASS_LOSS, CLASS_GRADIENT),
    main=GRADIENT,
)
