"""ReLU:  r_i = max(0, x_i);   ∂r_i/∂x_j = [x_i > 0] δ_ij;   VJP  g_j [x_j > 0];  all where x is not 0."""

from sympy import Max

from derivations.definition import Definition
from derivations.derivation import Derivation
from derivations.domain import AWAY_FROM_ZERO
from derivations.notation import Iverson, Partial, array, delta, i, j, n, total
from derivations.operation import Input, row_operation
from derivations.rules.calculus import coordinates, maximum_rule
from derivations.rules.hypotheses import AwayFromKink
from derivations.rules.naming import unfold, use
from derivations.rules.sums import sift

x = array("x", n)
g = array("g", n)
r = array("r", n)
R = Definition(r[i], Max(0, x[i]), "ReLU")
smooth = AwayFromKink(x[i])

JACOBIAN = Derivation(
    "relu: Jacobian",
    start=Partial(r[i], x[j]),
    steps=(unfold(R), maximum_rule.under(smooth), coordinates),
    claim=Iverson(x[i]) * delta(i, j),
    names=(R,),
    hypotheses=(smooth,),
)

VJP = Derivation(
    "relu: VJP",
    start=total(g[i] * Partial(r[i], x[j]), i),
    steps=(use(JACOBIAN), sift),
    claim=g[j] * Iverson(x[j]),
    names=(R,),
    hypotheses=(smooth,),
)

RELU = row_operation(
    "relu",
    "Rectified linear unit",
    inputs=(Input(x, AWAY_FROM_ZERO),),
    output=(i,),
    value=r[i],
    derivative={"jacobian": ((i, j), JACOBIAN.claim), "vjp": ((j,), VJP.claim)},
    upstream=Input(g),
    names=(R,),
    derivations=(JACOBIAN, VJP),
    main=JACOBIAN,
)
