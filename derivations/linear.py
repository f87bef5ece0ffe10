"""Linear layer:  z_bj = Σ_u x_bu W_uj + β_j;   VJP  Σ_j g_bj W_uj,   Σ_b x_bu g_bj,   Σ_b g_bj."""

from derivations.definition import Definition
from derivations.derivation import Derivation
from derivations.notation import B, Partial, a, array, b, j, k, m, n, total, u, v
from derivations.numpy_code import Function
from derivations.operation import Input, Operation, Specification
from derivations.rules.calculus import constant_factor, constant_rule, coordinates, derivative_into_sum, term_by_term
from derivations.rules.naming import unfold
from derivations.rules.sums import sift

x = array("x", B, m)
W = array("W", m, n)
beta = array("beta", n)
z = array("z", B, n)
g = array("g", B, n)
OUTPUT = Definition(z[b, j], total(x[b, u] * W[u, j], u) + beta[j], "the linear layer")
INPUTS = (Input(x), Input(W), Input(beta))


def upstream(variable):
    """Σ_j Σ_b g_bj ∂z_bj/∂variable, the VJP by one of the three arguments."""
    return total(g[b, j] * Partial(z[b, j], variable), j, b)


through_the_sum = (
    unfold(OUTPUT),
    term_by_term,
    constant_rule,
    derivative_into_sum,
    constant_factor,
    coordinates,
    sift,
)

GRAD_X = Derivation(
    "linear: VJP by the input",
    start=upstream(x[a, v]),
    steps=through_the_sum,
    claim=total(W[v, j] * g[a, j], j),
    names=(OUTPUT,),
)

GRAD_W = Derivation(
    "linear: VJP by the weights",
    start=upstream(W[v, k]),
    steps=through_the_sum,
    claim=total(x[b, v] * g[b, k], b),
    names=(OUTPUT,),
)

GRAD_BIAS = Derivation(
    "linear: VJP by the bias",
    start=upstream(beta[k]),
    steps=(unfold(OUTPUT), term_by_term, constant_rule, coordinates, sift),
    claim=total(g[b, k], b),
    names=(OUTPUT,),
)

LINEAR = Operation(
    "linear",
    "Linear layer",
    {"": Specification(INPUTS, (b, j), OUTPUT.meaning, (x, W, beta), upstream=Input(g))},
    (GRAD_X, GRAD_W, GRAD_BIAS),
    {
        "value": Function("linear_value", (x, W, beta), (((b, j), OUTPUT.meaning),)),
        "vjp": Function(
            "linear_vjp",
            (x, W, beta, g),
            (((a, v), GRAD_X.claim), ((v, k), GRAD_W.claim), ((k,), GRAD_BIAS.claim)),
        ),
    },
    main=GRAD_W,
)
