"""Sigmoid:  σ_i = 1 / (1 + e^{−x_i});   ∂σ_i/∂x_j = σ_i (1 − σ_i) δ_ij;   VJP  g_j σ_j (1 − σ_j)."""

from sympy import Max, exp

from derivations.definition import Definition
from derivations.derivation import Derivation
from derivations.notation import Partial, array, delta, i, j, n, total
from derivations.operation import Input, row_operation
from derivations.rules.algebra import common_denominator, divide_through, exp_of_sum, factor_out
from derivations.rules.calculus import constant_factor, constant_rule, coordinates, exp_rule, power_rule, term_by_term
from derivations.rules.naming import name, unfold, use
from derivations.rules.sums import sift

x = array("x", n)
g = array("g", n)
sigma = array("sigma", n, positive=True)
q = array("q", n)
MEANING = 1 / (1 + exp(-x[i]))

SHIFT = Derivation(
    "sigmoid: above and below times any e^(−q)",
    start=exp(x[i] - q[i]) / (exp(x[i] - q[i]) + exp(-q[i])),
    steps=(exp_of_sum, factor_out, divide_through),
    claim=MEANING,
)

# NumPy takes q = max(0, x), after which neither exponential overflows.
RAISED = Definition(q[i], Max(0, x[i]), "the larger of 0 and x")
S = Definition(sigma[i], MEANING, "sigmoid", computed=SHIFT.start, because=SHIFT)


def complement(definition, title):
    """1 − σ(f) = e^{−f} / (1 + e^{−f}), for an array that is the sigmoid of f."""
    return Derivation(
        f"{title}: one minus sigmoid",
        start=1 - definition.symbol,
        steps=(unfold(definition), common_denominator),
        claim=definition.meaning * (1 / definition.meaning - 1),
        names=(definition,),
    )


def jacobian(definition, variable, deltas, title):
    """∂σ(f)/∂variable = σ (1 − σ) · deltas, where f is an entry of the variable's array."""
    return Derivation(
        f"{title}: Jacobian",
        start=Partial(definition.symbol, variable),
        steps=(
            unfold(definition),
            power_rule,
            term_by_term,
            constant_rule,
            exp_rule,
            constant_factor,
            coordinates,
            use(complement(definition, title), back=True),
            name(definition),
        ),
        claim=definition.symbol * (1 - definition.symbol) * deltas,
        names=(definition,),
    )


COMPLEMENT = complement(S, "sigmoid")
JACOBIAN = jacobian(S, x[j], delta(i, j), "sigmoid")

VJP = Derivation(
    "sigmoid: VJP",
    start=total(g[i] * Partial(sigma[i], x[j]), i),
    steps=(use(JACOBIAN), sift),
    claim=g[j] * sigma[j] * (1 - sigma[j]),
    names=(S,),
)

SIGMOID = row_operation(
    "sigmoid",
    "Sigmoid",
    inputs=(Input(x),),
    output=(i,),
    value=sigma[i],
    derivative={"jacobian": ((i, j), JACOBIAN.claim), "vjp": ((j,), VJP.claim)},
    upstream=Input(g),
    names=(S, RAISED),
    derivations=(SHIFT, COMPLEMENT, JACOBIAN, VJP),
    main=JACOBIAN,
)
