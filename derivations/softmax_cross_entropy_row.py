"""One row:  L(o) = −Σ_i y_i log p_i;   ∂L/∂o_j = p_j Σ_k y_k − y_j,  which is  p_j − y_j  if  Σ_k y_k = 1.

Here through the two Jacobians; `softmax_cross_entropy_direct` comes straight from the logits, and for one class c.
"""

from derivations import cross_entropy
from derivations.derivation import Derivation
from derivations.notation import Partial, j, k, total
from derivations.rules.algebra import multiply_out
from derivations.rules.calculus import (
    chain_through,
)
from derivations.rules.naming import use
from derivations.rules.sums import pull_out, sift, split_sum, sums_to_one
from derivations.softmax import JACOBIAN, P, o, p

y = cross_entropy.y
LOSS = cross_entropy.LOSS
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
