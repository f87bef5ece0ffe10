"""One row, without the Jacobian:  L(o) = Σ_i y_i · log Σ_k e^{o_k} − Σ_i y_i o_i,  and  L(o) = −log p_c  for a class c.

The logarithm undoes the exponential, so that the loss can be derived straight from the logits; the result is the same
as by the chain rule.
"""

from sympy import log

from derivations.derivation import Derivation
from derivations.notation import Partial, c, delta, i, j, k, total
from derivations.rules.algebra import log_of_product, multiply_out
from derivations.rules.calculus import (
    constant_factor,
    coordinates,
    derivative_into_sum,
    exp_rule,
    log_rule,
    term_by_term,
)
from derivations.rules.naming import name, one_hot, unfold, use
from derivations.rules.sums import pull_out, sift, split_sum
from derivations.softmax import P, Z, o, p
from derivations.softmax_cross_entropy_row import CHAIN, LOSS, y

CLASS_LOSS = -log(p[c])

EXPANDED = Derivation(
    "softmax with cross entropy: the loss of the logits",
    start=LOSS,
    steps=(unfold(P), log_of_product, multiply_out, split_sum, pull_out),
    claim=log(Z) * total(y[i], i) - total(o[i] * y[i], i),
    names=(P,),
)

DIRECT = Derivation(
    "softmax with cross entropy: straight from the logits",
    start=Partial(LOSS, o[j]),
    steps=(
        use(EXPANDED),
        term_by_term,
        constant_factor,
        log_rule,
        derivative_into_sum,
        constant_factor,
        exp_rule,
        coordinates,
        sift,
        name(P),
    ),
    claim=CHAIN.claim,
    names=(P,),
)

CLASS = Derivation(
    "softmax with cross entropy: one class",
    start=Partial(CLASS_LOSS, o[j]),
    steps=(
        unfold(P),
        log_of_product,
        term_by_term,
        constant_factor,
        log_rule,
        derivative_into_sum,
        exp_rule,
        coordinates,
        sift,
        name(P),
    ),
    claim=p[j] - delta(j, c),
    names=(P,),
)

single = one_hot(y[k], c)

MEET = Derivation(
    "softmax with cross entropy: any targets, of which one class is right",
    start=CHAIN.claim,
    steps=(single, sift),
    claim=CLASS.claim,
    hypotheses=single.hypotheses,
)
