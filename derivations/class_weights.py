"""Class weights:  L = Σ_b ω_{c_b} L_b / Σ_b ω_{c_b};   ∂L/∂o_aj = ω_{c_a} (p_aj − δ_{j,c_a}) / Σ_b ω_{c_b}.

c_b is the class of row b and L_b = −log p_{b,c_b}; the mean is taken with the weights of the classes that occur.
"""

from derivations import confident
from derivations import softmax_cross_entropy_direct as direct
from derivations.derivation import Derivation
from derivations.domain import CLASSES, POSITIVE
from derivations.lifting import lift, lift_array, lift_definition
from derivations.notation import Partial, a, array, b, c, delta, j, n, total
from derivations.operation import Input, Loss, batch_loss
from derivations.rules.calculus import constant_factor, derivative_into_sum
from derivations.rules.naming import row_by_row, use
from derivations.rules.sums import sift
from derivations.softmax import SHIFTED, P, o, p

omega = array("omega", n, positive=True)
SHARED = ("omega",)
WEIGHTS = total(lift(omega[c], b, SHARED), b)


def weighted(loss):
    """Σ_b ω_{c_b} L_b / Σ_b ω_{c_b} of the loss of one row."""
    return total(lift(omega[c] * loss, b, SHARED), b) / WEIGHTS


ROW = Derivation(
    "class weights: gradient of one row",
    start=Partial(omega[c] * direct.CLASS_LOSS, o[j]),
    steps=(constant_factor, use(direct.CLASS)),
    claim=omega[c] * (p[j] - delta(j, c)),
    names=(P,),
)

MEAN = Derivation(
    "class weights: gradient",
    start=Partial(weighted(direct.CLASS_LOSS), lift(o[j], a)),
    steps=(constant_factor, derivative_into_sum, row_by_row(ROW, SHARED), sift),
    claim=lift(ROW.claim, a, SHARED) / WEIGHTS,
    names=(lift_definition(P),),
)

CLASS_WEIGHTS = batch_loss(
    "class-weights",
    "Softmax with cross entropy and class weights",
    variants={
        "": Loss(
            (Input(lift_array(o)), Input(lift_array(array("c")), CLASSES), Input(omega, POSITIVE)),
            weighted(direct.CLASS_LOSS),
            weighted(confident.STABLE_CLASS.start),
            (a, j),
            MEAN.claim,
        ),
    },
    names=(lift_definition(P), lift_definition(SHIFTED)),
    derivations=(ROW, MEAN),
    main=MEAN,
)
