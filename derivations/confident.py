"""Where p_c − 1 would cancel:  L = log(1 + Σ_{k≠c} e^{o_k} / e^{o_c})  and  ∂L/∂o_c = −Σ_{k≠c} p_k,  for the class c.

Once a model is confident, p_c is close to 1 and the difference p_c − 1 has no digit left; the sums above keep them all.
"""

from sympy import exp, log

from derivations.derivation import Derivation
from derivations.notation import all_but, c, k
from derivations.rules.algebra import log_of_reciprocal, split_fraction
from derivations.rules.naming import unfold, use
from derivations.rules.sums import include, set_aside
from derivations.softmax import SUM, P, o, p

CLASS_LOSS = Derivation(
    "softmax with cross entropy: the loss of one class without cancellation",
    start=-log(p[c]),
    steps=(unfold(P), log_of_reciprocal, set_aside(c), split_fraction),
    claim=log(1 + all_but(exp(o[k]), k, c) / exp(o[c])),
    names=(P,),
)

TARGET_GRADIENT = Derivation(
    "softmax with cross entropy: the target's gradient without cancellation",
    start=-all_but(p[k], k, c),
    steps=(include, use(SUM)),
    claim=p[c] - 1,
    names=(P,),
)
