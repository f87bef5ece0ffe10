"""Softmax with cross entropy over a batch:  the mean over rows has the gradient (p − y)/B, the sum p − y.

The derivations for one row are in `softmax_cross_entropy_row`, those that avoid cancellation in `confident`.
"""

from derivations import confident
from derivations import softmax_cross_entropy_row as row
from derivations.derivation import Derivation
from derivations.domain import CLASSES, SIMPLEX
from derivations.lifting import lift, lift_definition
from derivations.notation import B, Partial, a, array, b, j, total
from derivations.operation import Input, Loss, row_loss
from derivations.rules.calculus import constant_factor, derivative_into_sum
from derivations.rules.naming import row_by_row
from derivations.rules.sums import sift
from derivations.softmax import SHIFTED, P, o

ROWS = total(lift(row.LOSS), b)
VARIABLE = lift(o[j], a)
HYPOTHESES = tuple(hypothesis.lifted() for hypothesis in row.P_MINUS_Y.hypotheses)

MEAN = Derivation(
    "softmax with cross entropy: mean over the batch",
    start=Partial(ROWS / B, VARIABLE),
    steps=(constant_factor, derivative_into_sum, row_by_row(row.P_MINUS_Y), sift),
    claim=lift(row.P_MINUS_Y.claim, a) / B,
    names=(lift_definition(P),),
    hypotheses=HYPOTHESES,
)

SUM = Derivation(
    "softmax with cross entropy: sum over the batch",
    start=Partial(ROWS, VARIABLE),
    steps=(derivative_into_sum, row_by_row(row.P_MINUS_Y), sift),
    claim=lift(row.P_MINUS_Y.claim, a),
    names=(lift_definition(P),),
    hypotheses=HYPOTHESES,
)

SOFTMAX_CCE = row_loss(
    "softmax-cce",
    "Softmax with cross entropy",
    variants={
        "": Loss(
            (Input(o), Input(row.y, SIMPLEX)),
            row.LOSS,
            row.STABLE.start,
            (j,),
            row.P_MINUS_Y.claim,
            row.P_MINUS_Y.hypotheses,
        ),
        " indices": Loss(
            (Input(o), Input(array("c"), CLASSES)), row.CLASS_LOSS, row.STABLE_CLASS.start, (j,), row.CLASS.claim
        ),
    },
    names=(P, SHIFTED),
    derivations=(
        row.P_MINUS_Y,
        row.CHAIN,
        row.EXPANDED,
        row.DIRECT,
        row.CLASS,
        row.STABLE,
        row.STABLE_CLASS,
        confident.CLASS_LOSS,
        confident.TARGET_GRADIENT,
        MEAN,
        SUM,
    ),
    main=row.P_MINUS_Y,
)
