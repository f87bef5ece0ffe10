"""Softmax:  p_i = e^{o_i} / Σ_k e^{o_k};   ∂p_i/∂o_j = p_i (δ_ij − p_j);   VJP  p_j (g_j − Σ_i g_i p_i)."""

from sympy import Symbol, exp

from derivations.definition import Definition
from derivations.derivation import Derivation
from derivations.notation import IndexMax, Partial, array, delta, i, j, k, n, total
from derivations.operation import Input, row_operation
from derivations.rules.algebra import exp_of_sum, factor_out, multiply_out, split_fraction
from derivations.rules.calculus import coordinates, derivative_into_sum, exp_rule, quotient_rule
from derivations.rules.naming import name, unfold, use
from derivations.rules.sums import pull_out, rename, sift, split_sum

o = array("o", n)
p = array("p", n, positive=True)
g = array("g", n)
d = array("d", n)
shift = Symbol("s", real=True)
Z = total(exp(o[k]), k)

# True for any number s; NumPy takes minus the largest logit, after which no exponential overflows.
SHIFTED = Definition(d[i], o[i] + shift, "shifted logits", computed=o[i] - IndexMax(o[k], k))

SHIFT = Derivation(
    "softmax: adding a constant to all logits",
    start=exp(d[i]) / total(exp(d[k]), k),
    steps=(unfold(SHIFTED), exp_of_sum, pull_out),
    claim=exp(o[i]) / Z,
    names=(SHIFTED,),
)

P = Definition(p[i], exp(o[i]) / Z, "softmax", computed=SHIFT.start, because=SHIFT)

SUM = Derivation(
    "softmax: the probabilities sum to one",
    start=total(p[k], k),
    steps=(unfold(P), pull_out, rename),
    claim=1,
    names=(P,),
)

JACOBIAN = Derivation(
    "softmax: Jacobian",
    start=Partial(p[i], o[j]),
    steps=(
        unfold(P),
        quotient_rule,
        derivative_into_sum,
        exp_rule,
        coordinates,
        sift,
        split_fraction,
        name(P),
        factor_out,
    ),
    claim=p[i] * (delta(i, j) - p[j]),
    names=(P,),
)

VJP = Derivation(
    "softmax: VJP",
    start=total(g[i] * Partial(p[i], o[j]), i),
    steps=(use(JACOBIAN), multiply_out, split_sum, pull_out, sift, factor_out),
    claim=p[j] * (g[j] - total(g[i] * p[i], i)),
    names=(P,),
)

SOFTMAX = row_operation(
    "softmax",
    "Softmax",
    inputs=(Input(o),),
    output=(i,),
    value=p[i],
    derivative={"jacobian": ((i, j), JACOBIAN.claim), "vjp": ((j,), VJP.claim)},
    upstream=Input(g),
    names=(P, SHIFTED),
    derivations=(SHIFT, SUM, JACOBIAN, VJP),
    main=JACOBIAN,
)
