"""Hyperbolic tangent:  t_i = tanh x_i;   ∂t_i/∂x_j = (1 − t_i²) δ_ij;   VJP  g_j (1 − t_j²)."""

from sympy import tanh

from derivations.definition import Definition
from derivations.derivation import Derivation
from derivations.notation import Partial, array, delta, i, j, n, total
from derivations.operation import Input, row_operation
from derivations.rules.calculus import coordinates, tanh_rule
from derivations.rules.naming import name, unfold, use
from derivations.rules.sums import sift

x = array("x", n)
g = array("g", n)
t = array("t", n)
T = Definition(t[i], tanh(x[i]), "tanh")

JACOBIAN = Derivation(
    "tanh: Jacobian",
    start=Partial(t[i], x[j]),
    steps=(unfold(T), tanh_rule, coordinates, name(T)),
    claim=(1 - t[i] ** 2) * delta(i, j),
    names=(T,),
)

VJP = Derivation(
    "tanh: VJP",
    start=total(g[i] * Partial(t[i], x[j]), i),
    steps=(use(JACOBIAN), sift),
    claim=g[j] * (1 - t[j] ** 2),
    names=(T,),
)

TANH = row_operation(
    "tanh",
    "Hyperbolic tangent",
    inputs=(Input(x),),
    output=(i,),
    value=t[i],
    derivative={"jacobian": ((i, j), JACOBIAN.claim), "vjp": ((j,), VJP.claim)},
    upstream=Input(g),
    names=(T,),
    derivations=(JACOBIAN, VJP),
    main=JACOBIAN,
)
