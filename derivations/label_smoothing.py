"""Label smoothing:  the target y_i becomes r_i = (1 − ε) y_i + ε/n;   ∂L/∂o_j = p_j − (1 − ε) y_j − ε/n."""

from sympy import Symbol, log

from derivations import softmax_cross_entropy_row as row
from derivations.cross_entropy import cross_entropy
from derivations.definition import Definition
from derivations.derivation import Derivation
from derivations.domain import SIMPLEX, UNIT
from derivations.notation import Partial, array, i, j, k, n, total
from derivations.operation import Input, Loss, row_loss
from derivations.rules.naming import unfold, use
from derivations.rules.sums import count, pull_out, split_sum
from derivations.softmax import SHIFTED, P, d, exp, o, p

y = row.y
r = array("r", n)
epsilon = Symbol("epsilon", real=True)
R = Definition(r[i], (1 - epsilon) * y[i] + epsilon / n, "the smoothed target")

GRADIENT = Derivation(
    "label smoothing: gradient",
    start=Partial(cross_entropy(r), o[j]),
    steps=(use(row.any_targets(r)), unfold(R), split_sum, pull_out, count, row.normalised),
    claim=p[j] - (1 - epsilon) * y[j] - epsilon / n,
    names=(P, R),
    hypotheses=row.normalised.hypotheses,
)

# The loss of shifted logits is linear in the targets, whatever they are called.
STABLE = total(r[i] * (log(total(exp(d[k]), k)) - d[i]), i)

LABEL_SMOOTHING = row_loss(
    "label-smoothing",
    "Softmax with cross entropy and smoothed labels",
    variants={
        "": Loss(
            (Input(o), Input(y, SIMPLEX), Input(epsilon, UNIT)),
            cross_entropy(r),
            STABLE,
            (j,),
            GRADIENT.claim,
            GRADIENT.hypotheses,
        ),
    },
    names=(P, R, SHIFTED),
    derivations=(GRADIENT,),
    main=GRADIENT,
)
