"""Linear, sigmoid, linear, half mean squared error, by backpropagation: each gradient from the one behind it.

z_bs = Σ_u x_bu W_us + β_s,   σ_bs = σ(z_bs),   p_bi = Σ_s σ_bs V_si + γ_i,   L = 1/(B n) Σ_b Σ_i ½ (p_bi − y_bi)².
With G_bi = ∂L/∂p_bi and D_bs = ∂L/∂z_bs:  ∂L/∂V = Σ_b σ G,  ∂L/∂γ = Σ_b G,  ∂L/∂W = Σ_b x D,  ∂L/∂β = Σ_b D.
"""

from sympy import Max, exp

from derivations import mean_squared_error, sigmoid
from derivations.definition import Definition
from derivations.derivation import Derivation
from derivations.mean_squared_error import p, y
from derivations.notation import B, Partial, a, array, b, delta, h, i, k, m, n, s, t, total, u, v
from derivations.numpy_code import Function
from derivations.operation import Input, Operation, Specification
from derivations.rules.calculus import (
    chain_through,
    constant_factor,
    constant_rule,
    coordinates,
    derivative_into_sum,
    term_by_term,
)
from derivations.rules.naming import name, unfold, use
from derivations.rules.sums import pull_out, sift

x, W, beta = array("x", B, m), array("W", m, h), array("beta", h)
V, gamma = array("V", h, n), array("gamma", n)
z, sigma, q = array("z", B, h), array("sigma", B, h, positive=True), array("q", B, h)
G, D = array("G", B, n), array("D", B, h)
LOSS = mean_squared_error.SQUARES / (B * n)

Z = Definition(z[b, s], total(x[b, u] * W[u, s], u) + beta[s], "the first layer")
RAISED = Definition(q[b, s], Max(0, z[b, s]), "the larger of 0 and z")
STABLE = exp(z[b, s] - q[b, s]) / (exp(z[b, s] - q[b, s]) + exp(-q[b, s]))
S = Definition(sigma[b, s], 1 / (1 + exp(-z[b, s])), "sigmoid", computed=STABLE, because=sigmoid.SHIFT)
P = Definition(p[b, i], total(sigma[b, s] * V[s, i], s) + gamma[i], "the second layer")
BEHIND = Definition(G[b, i], (p[b, i] - y[b, i]) / (B * n), "the gradient by the output")
HIDDEN = Definition(
    D[b, s], sigma[b, s] * (1 - sigma[b, s]) * total(G[b, i] * V[s, i], i), "the gradient by the hidden layer"
)
NAMES = (Z, RAISED, S, P, BEHIND, HIDDEN)

ACTIVATION = sigmoid.jacobian(S, z[a, t], delta(a, b) * delta(s, t), "network, sigmoid")
by_output = (chain_through(P), use(mean_squared_error.MEAN), name(BEHIND), unfold(P))
linear_layer = (term_by_term, constant_rule, derivative_into_sum, constant_factor)

GRAD_HIDDEN = Derivation(
    "network: gradient by the hidden layer",
    start=Partial(LOSS, z[a, t]),
    steps=(*by_output, *linear_layer, use(ACTIVATION), sift, pull_out),
    claim=HIDDEN.at((a, t)),
    names=NAMES,
)
by_hidden = (chain_through(Z), use(GRAD_HIDDEN), name(HIDDEN), unfold(Z))


def _gradient(title, variable, steps, claim):
    return Derivation(f"network: gradient by {title}", Partial(LOSS, variable), steps, claim, NAMES)


through_weights = (*linear_layer, coordinates, sift)
through_bias = (term_by_term, constant_rule, coordinates, sift)
GRAD_V = _gradient("the second weights", V[t, k], (*by_output, *through_weights), total(G[b, k] * sigma[b, t], b))
GRAD_GAMMA = _gradient("the second bias", gamma[k], (*by_output, *through_bias), total(G[b, k], b))
GRAD_W = _gradient("the first weights", W[v, t], (*by_hidden, *through_weights), total(D[b, t] * x[b, v], b))
GRAD_BETA = _gradient("the first bias", beta[t], (*by_hidden, *through_bias), total(D[b, t], b))
GRAD_X = _gradient("the input", x[a, v], (*by_hidden, *through_weights), total(D[a, s] * W[v, s], s))

ARGUMENTS = (x, W, beta, V, gamma, y)
VALUE = ((), LOSS)
GRADIENTS = (
    ((a, v), GRAD_X.claim),
    ((v, t), GRAD_W.claim),
    ((t,), GRAD_BETA.claim),
    ((t, k), GRAD_V.claim),
    ((k,), GRAD_GAMMA.claim),
)

NETWORK = Operation(
    "network",
    "Linear, sigmoid, linear, half mean squared error",
    {"": Specification(tuple(map(Input, ARGUMENTS)), (), LOSS, ARGUMENTS[:-1], NAMES)},
    (ACTIVATION, GRAD_HIDDEN, GRAD_V, GRAD_GAMMA, GRAD_W, GRAD_BETA, GRAD_X),
    {
        "value": Function("network_value", ARGUMENTS, (VALUE,), NAMES),
        "gradient": Function("network_gradient", ARGUMENTS, GRADIENTS, NAMES),
        "value_and_gradient": Function("network_value_and_gradient", ARGUMENTS, (VALUE, *GRADIENTS), NAMES),
    },
    main=GRAD_W,
)
