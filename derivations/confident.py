"""Where p_c − 1 would cancel:  L = log(1 + Σ_{k≠c} e^{o_k} / e^{o_c})  and  ∂L/∂o_c = −Σ_{k≠c} p_k,  for the class c.

Once a model is confident, p_c is close to 1 and the difference p_c − 1 has no digit left; the sums above keep them all.
The losses of shifted logits are here too, in which every term is a number ≥ 0.
"""

from sympy import exp, log

from derivations.derivation import Derivation
from derivations.notation import all_but, c, i, k, total
from derivations.rules.algebra import exp_of_sum, log_of_product, log_of_reciprocal, multiply_out, split_fraction
from derivations.rules.naming import unfold, use
from derivations.rules.sums import include, pull_out, set_aside, split_sum
from derivations.softmax import SHIFTED, SUM, P, Z, d, o, p
from derivations.softmax_cross_entropy_direct import EXPANDED
from derivations.softmax_cross_entropy_row import y

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
