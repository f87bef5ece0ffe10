"""Ignored rows:  L = Σ_b κ_b L_b / Σ_b κ_b;   ∂L/∂o_aj = κ_a (p_aj − δ_{j,c_a}) / Σ_b κ_b.

κ_b is 0 for a row that is ignored and 1 for one that counts; the mean is over the rows that count.
"""

from derivations import confident
from derivations import softmax_cross_entropy_direct as direct
from derivations.derivation import Derivation
from derivations.domain import CLASSES, KEEP
from derivations.lifting import lift, lift_array, lift_definition
from derivations.notation import B, Partial, a, array, b, j, total
from derivations.operation import Input, Loss, batch_loss
from derivations.rules.calculus import constant_factor, derivative_into_sum
from derivations.rules.naming import row_by_row
from derivations.rules.sums import sift
from derivations.softmax import SHIFTED, P, o

kappa = array("kappa", B)
ROWS = total(kappa[b], b)


def kept(loss):
    """Σ_b κ_b L_b / Σ_b κ_b of the loss of one row."""
    return total(kappa[b] * lift(loss), b) / ROWS


MEAN = Derivation(
    "ignored rows: gradient",
    start=Partial(kept(direct.CLASS_LOSS), lift(o[j], a)),
    steps=(constant_factor, derivative_into_sum, constant_factor, row_by_row(direct.CLASS), sift),
    claim=kappa[a] * lift(direct.CLASS.claim, a) / ROWS,
    names=(lift_definition(P),),
)

IGNORED_ROWS = batch_loss(
    "ignored-rows",
    "Softmax with cross entropy and ignored rows",
    variants={
        "": Loss(
            (Input(lift_array(o)), Input(lift_array(array("c")), CLASSES), Input(kappa, KEEP)),
            kept(direct.CLASS_LOSS),
            kept(confident.STABLE_CLASS.start),
            (a, j),
            MEAN.claim,
        ),
    },
    names=(lift_definition(P), lift_definition(SHIFTED)),
    derivations=(MEAN,),
    main=MEAN,
)
