"""One row:  L(o) = −Σ_i y_i log p_i;   ∂L/∂o_j = p_j Σ_k y_k − y_j,  which is  p_j − y_j  if  Σ_k y_k = 1.

Three ways lead there: through the two Jacobians, straight from L = Σ_i y_i · log Σ_k e^{o_k} − Σ_i y_i o_i, and for the
class index c.
"""

from sympy import exp, log

from derivations import cross_entropy
from derivations.derivation import Derivation
from derivations.notation import Partial, c, delta, i, j, k, total
from derivations.rules.algebra import exp_of_sum, log_of_product, multiply_out
from derivations.rules.calculus import (
    chain_through,
    constant_factor,
    coordinates,
    derivative_into_sum,
    exp_rule,
    log_rule,
    term_by_term,
)
from derivations.rules.naming import name, unfold, use
from derivations.rules.sums import pull_out, sift, split_sum, sums_to_one
from derivations.softmax import JACOBIAN, SHIFTED, P, Z, d, o, p

y = cross_entropy.y
LOSS = cross_entropy.LOSS
CLASS_LOSS = -log(p[c])
normalised = sums_to_one(y[k])


def any_targets(y):
    """∂L/∂o_j = p_j Σ_k y_k − y_j, for an array of targets of any name."""
    lemma = cross_entropy.gradient(y)
    return Derivation(
        "softmax with cross entropy: any targets",
        start=Partial(cross_entropy.cross_entropy(y), o[j]),
        steps=(
            chain_through(P),
            use(lemma, given=lemma.hypotheses),  # a softmax is positive
            use(JACOBIAN),
            multiply_out,
            split_sum,
            sift,
            pull_out,
        ),
        claim=p[j] * total(y[k], k) - y[j],
        names=(P,),
    )


CHAIN = any_targets(y)

P_MINUS_Y = Derivation(
    "softmax with cross entropy: gradient",
    start=CHAIN.start,
    steps=(*CHAIN.steps, normalised),
    claim=p[j] - y[j],
    names=(P,),
    hypotheses=normalised.hypotheses,
)

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

# What NumPy evaluates: every term is y_i times a number ≥ 0, so that nothing cancels in the sum.
STABLE = Derivation(
    "softmax with cross entropy: the loss of shifted logits",
    start=total(y[i] * (log(total(exp(d[k]), k)) - d[i]), i),
    steps=(unfold(SHIFTED), exp_of_sum, pull_out, log_of_product, multiply_out, split_sum, pull_out),
    claim=EXPANDED.claim,
    names=(SHIFTED,),
)

STABLE_CLASS = Derivation(
    "softmax with cross entropy: the loss of one class, of shifted logits",
    start=log(total(exp(d[k]), k)) - d[c],
    steps=(unfold(SHIFTED), exp_of_sum, pull_out, log_of_product),
    claim=log(Z) - o[c],
    names=(SHIFTED,),
)
