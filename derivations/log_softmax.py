"""Log-softmax:  ℓ_i = o_i − log Σ_k e^{o_k};   ∂ℓ_i/∂o_j = δ_ij − p_j;   VJP  g_j − p_j Σ_i g_i."""

from sympy import exp, log

from derivations.definition import Definition
from derivations.derivation import Derivation
from derivations.notation import Partial, array, delta, i, j, k, n, total
from derivations.operation import Input, row_operation
from derivations.rules.algebra import exp_of_sum, log_of_product, multiply_out
from derivations.rules.calculus import (
    constant_factor,
    coordinates,
    derivative_into_sum,
    exp_rule,
    log_rule,
    term_by_term,
)
from derivations.rules.naming import name, unfold, use
from derivations.rules.sums import pull_out, sift, split_sum
from derivations.softmax import SHIFTED, P, Z, d, g, o, p

ell = array("ell", n)

SHIFT = Derivation(
    "log-softmax: of shifted logits",
    start=d[i] - log(total(exp(d[k]), k)),
    steps=(unfold(SHIFTED), exp_of_sum, pull_out, log_of_product),
    claim=o[i] - log(Z),
    names=(SHIFTED,),
)

ELL = Definition(ell[i], SHIFT.claim, "log-softmax", computed=SHIFT.start, because=SHIFT)

JACOBIAN = Derivation(
    "log-softmax: Jacobian",
    start=Partial(ell[i], o[j]),
    steps=(
        unfold(ELL),
        term_by_term,
        constant_factor,
        log_rule,
        derivative_into_sum,
        exp_rule,
        coordinates,
        sift,
        name(P),
    ),
    claim=delta(i, j) - p[j],
    names=(ELL, P),
)

VJP = Derivation(
    "log-softmax: VJP",
    start=total(g[i] * Partial(ell[i], o[j]), i),
    steps=(use(JACOBIAN), multiply_out, split_sum, sift, pull_out),
    claim=g[j] - p[j] * total(g[i], i),
    names=(ELL, P),
)

LOG_SOFTMAX = row_operation(
    "log-softmax",
    "Log-softmax",
    inputs=(Input(o),),
    output=(i,),
    value=ell[i],
    derivative={"jacobian": ((i, j), JACOBIAN.claim), "vjp": ((j,), VJP.claim)},
    upstream=Input(g),
    names=(ELL, P, SHIFTED),
    derivations=(SHIFT, JACOBIAN, VJP),
    main=JACOBIAN,
)
