"""Hessian of softmax with cross entropy:  ∂²L/∂o_i∂o_j = p_i (δ_ij − p_j),  that is diag(p) − p pᵀ.

It is positive semidefinite:  Σ_ij v_i H_ij v_j = ½ Σ_ij p_i p_j (v_i − v_j)² ≥ 0.  Its product with a vector needs no
matrix:  Σ_j H_ij v_j = p_i (v_i − Σ_j p_j v_j).
"""

from sympy import Rational

from derivations.derivation import Derivation
from derivations.domain import SIMPLEX
from derivations.lifting import lift, lift_array, lift_definition
from derivations.notation import Partial, array, b, delta, i, j, n, total
from derivations.numpy_code import Function
from derivations.operation import Input, Operation, Specification
from derivations.rules.algebra import expand_square, factor_out, multiply_out
from derivations.rules.calculus import constant_rule, term_by_term
from derivations.rules.naming import use
from derivations.rules.sums import pull_out, rename, sift, split_sum
from derivations.softmax import JACOBIAN, SHIFTED, SUM, P, o, p
from derivations.softmax_cross_entropy_row import LOSS, P_MINUS_Y, y

v = array("v", n)
ENTRY = p[i] * (delta(i, j) - p[j])

HESSIAN = Derivation(
    "softmax with cross entropy: Hessian",
    start=Partial(Partial(LOSS, o[i]), o[j]),
    steps=(use(P_MINUS_Y), term_by_term, constant_rule, use(JACOBIAN)),
    claim=ENTRY,
    names=(P,),
    hypotheses=P_MINUS_Y.hypotheses,
)

PRODUCT = Derivation(
    "softmax with cross entropy: Hessian-vector product",
    start=total(v[j] * ENTRY, j),
    steps=(multiply_out, split_sum, sift, pull_out, factor_out),
    claim=p[i] * (v[i] - total(p[j] * v[j], j)),
    names=(P,),
)

QUADRATIC = Derivation(
    "softmax with cross entropy: quadratic form of the Hessian",
    start=total(v[i] * ENTRY * v[j], i, j),
    steps=(multiply_out, split_sum, sift, pull_out, rename),
    claim=total(p[i] * v[i] ** 2, i) - total(p[i] * v[i], i) ** 2,
    names=(P,),
)

SQUARES = Derivation(
    "softmax with cross entropy: a variance as a sum of squares",
    start=Rational(1, 2) * total(p[i] * p[j] * (v[i] - v[j]) ** 2, i, j),
    steps=(expand_square, multiply_out, split_sum, pull_out, use(SUM), rename),
    claim=QUADRATIC.claim,
    names=(P,),
)

SEMIDEFINITE = Derivation(
    "softmax with cross entropy: the Hessian is positive semidefinite",
    start=QUADRATIC.start,
    steps=(use(QUADRATIC), use(SQUARES, back=True)),
    claim=SQUARES.start,
    names=(P,),
)

ARGUMENTS = (Input(lift_array(o)),)
VECTOR = Input(lift_array(v))
NAMES = (lift_definition(P), lift_definition(SHIFTED))
ROWS = Specification(
    (*ARGUMENTS, Input(lift_array(y), SIMPLEX)),
    (),
    total(lift(LOSS), b),
    (lift_array(o),),
    NAMES,
    VECTOR,
    tuple(hypothesis.lifted() for hypothesis in HESSIAN.hypotheses),
)

SOFTMAX_CCE_HESSIAN = Operation(
    "softmax-cce-hessian",
    "Hessian of softmax with cross entropy, each row",
    {"": ROWS},
    (HESSIAN, PRODUCT, QUADRATIC, SQUARES, SEMIDEFINITE),
    {
        "hessian": Function("softmax_cce_hessian", (lift_array(o),), (((b, i, j), lift(HESSIAN.claim)),), NAMES),
        "hvp": Function("softmax_cce_hvp", (lift_array(o), lift_array(v)), (((b, i), lift(PRODUCT.claim)),), NAMES),
    },
    main=HESSIAN,
)
