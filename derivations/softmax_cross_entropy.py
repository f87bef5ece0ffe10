"""Softmax with cross entropy over a batch:  the mean over rows has the gradient (p − y)/B, the sum p − y.

One row is in `softmax_cross_entropy_row` and `softmax_cross_entropy_direct`, what avoids cancellation in `confident`.
"""

from derivations import confident
from derivations import softmax_cross_entropy_direct as direct
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

NAMES = (lift_definition(P),)


def over_the_batch(derivation, scale, title):
    """The gradient of scale · Σ_b L_b by the logits of row a, from the gradient of one row."""
    loss = total(lift(derivation.start.function, b), b) * scale
    pull = (constant_factor,) if scale != 1 else ()
    return Derivation(
        f"softmax with cross entropy: {title}",
        start=Partial(loss, lift(o[j], a)),
        steps=(*pull, derivative_into_sum, row_by_row(derivation), sift),
        claim=lift(derivation.claim, a) * scale,
        names=NAMES,
        hypotheses=tuple(hypothesis.lifted() for hypothesis in derivation.hypotheses),
    )


MEAN = over_the_batch(row.P_MINUS_Y, 1 / B, "mean over the batch")
SUM = over_the_batch(row.P_MINUS_Y, 1, "sum over the batch")
CLASS_MEAN = over_the_batch(direct.CLASS, 1 / B, "mean over the batch, one class each")

SOFTMAX_CCE = row_loss(
    "softmax-cce",
    "Softmax with cross entropy",
    variants={
        "": Loss(
            (Input(o), Input(row.y, SIMPLEX)),
            row.LOSS,
            confident.STABLE.start,
            (j,),
            row.P_MINUS_Y.claim,
            row.P_MINUS_Y.hypotheses,
        ),
        " indices": Loss(
            (Input(o), Input(array("c"), CLASSES)),
            direct.CLASS_LOSS,
            confident.STABLE_CLASS.start,
            (j,),
            direct.CLASS.claim,
        ),
    },
    names=(P, SHIFTED),
    derivations=(
        row.P_MINUS_Y,
        row.CHAIN,
        direct.EXPANDED,
        direct.DIRECT,
        direct.CLASS,
        direct.MEET,
        confident.STABLE,
        confident.STABLE_CLASS,
        confident.CLASS_LOSS,
        confident.TARGET_GRADIENT,
        MEAN,
        SUM,
        CLASS_MEAN,
    ),
    main=row.P_MINUS_Y,
)
