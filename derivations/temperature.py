"""Softmax at temperature τ:  p_i = e^{o_i/τ} / Σ_k e^{o_k/τ};   with cross entropy,  ∂L/∂o_j = (p_j − y_j) / τ."""

from sympy import Symbol, exp, log

from derivations import confident, cross_entropy, softmax
from derivations import softmax_cross_entropy_row as row
from derivations.definition import Definition
from derivations.derivation import Derivation
from derivations.domain import POSITIVE, SIMPLEX
from derivations.notation import IndexMax, Partial, delta, i, j, k, total
from derivations.operation import Input, Loss, row_loss
from derivations.rules.algebra import exp_of_sum, factor_out, log_of_product, multiply_out, split_fraction
from derivations.rules.calculus import (
    chain_through,
    constant_factor,
    coordinates,
    derivative_into_sum,
    exp_rule,
    quotient_rule,
)
from derivations.rules.naming import name, unfold, use
from derivations.rules.sums import pull_out, sift, split_sum
from derivations.softmax import d, o, p, shift

y = row.y
tau = Symbol("tau", positive=True)
Z = total(exp(o[k] / tau), k)
SHIFTED = Definition(d[i], o[i] / tau + shift, "shifted logits", computed=o[i] / tau - IndexMax(o[k] / tau, k))

SHIFT = Derivation(
    "temperature: adding a constant to all logits",
    start=softmax.SHIFT.start,
    steps=(unfold(SHIFTED), exp_of_sum, pull_out),
    claim=exp(o[i] / tau) / Z,
    names=(SHIFTED,),
)
P = Definition(p[i], SHIFT.claim, "softmax at temperature τ", computed=SHIFT.start, because=SHIFT)

JACOBIAN = Derivation(
    "temperature: Jacobian",
    start=Partial(p[i], o[j]),
    steps=(
        unfold(P),
        quotient_rule,
        derivative_into_sum,
        exp_rule,
        constant_factor,
        coordinates,
        sift,
        split_fraction,
        name(P),
        factor_out,
    ),
    claim=p[i] * (delta(i, j) - p[j]) / tau,
    names=(P,),
)

GRADIENT = Derivation(
    "temperature: gradient",
    start=Partial(row.LOSS, o[j]),
    steps=(
        chain_through(P),
        use(cross_entropy.GRADIENT, given=cross_entropy.GRADIENT.hypotheses),
        use(JACOBIAN),
        multiply_out,
        split_sum,
        sift,
        pull_out,
        row.normalised,
        factor_out,
    ),
    claim=(p[j] - y[j]) / tau,
    names=(P,),
    hypotheses=row.normalised.hypotheses,
)

STABLE = Derivation(
    "temperature: the loss of shifted logits",
    start=confident.STABLE.start,
    steps=(unfold(SHIFTED), exp_of_sum, pull_out, log_of_product),
    claim=total(y[i] * (log(Z) - o[i] / tau), i),
    names=(SHIFTED,),
)

TEMPERATURE = row_loss(
    "temperature",
    "Softmax at a temperature with cross entropy",
    variants={
        "": Loss(
            (Input(o), Input(y, SIMPLEX), Input(tau, POSITIVE)),
            row.LOSS,
            STABLE.start,
            (j,),
            GRADIENT.claim,
            GRADIENT.hypotheses,
        ),
    },
    names=(P, SHIFTED),
    derivations=(SHIFT, JACOBIAN, STABLE, GRADIENT),
    main=GRADIENT,
)
