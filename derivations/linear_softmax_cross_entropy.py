"""Linear layer, softmax and cross entropy in one:  with G = (p − y)/B,  ∂L/∂x = G Wᵀ,  ∂L/∂W = xᵀ G,  ∂L/∂β = Σ_b G_b.

G is all that the layer needs of the loss, row by row, so that the logits of the whole batch are never needed at once.
"""

from derivations import softmax_cross_entropy as fused
from derivations.confident import STABLE, STABLE_CLASS
from derivations.definition import Definition
from derivations.derivation import Derivation
from derivations.domain import CLASSES, SIMPLEX
from derivations.lifting import lift, lift_array, lift_definition
from derivations.linear import W, beta, x
from derivations.notation import B, Partial, a, array, b, j, k, n, total, u, v
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
from derivations.rules.sums import sift
from derivations.softmax import SHIFTED, P, o
from derivations.softmax_cross_entropy_row import y

LOGITS = Definition(lift(o[j]), total(x[b, u] * W[u, j], u) + beta[j], "the logits")
linear_layer = (term_by_term, constant_rule, derivative_into_sum, constant_factor, coordinates, sift)
bias_alone = (term_by_term, constant_rule, coordinates, sift)


def gradients(by_logits, title):
    """All definitions in force, and the three derivations for a loss whose gradient by the logits is derived."""
    behind = Definition(array("G", B, n)[a, j], by_logits.claim, "the gradient by the logits")
    names = (LOGITS, lift_definition(P), lift_definition(SHIFTED), behind)
    back = (chain_through(LOGITS), use(by_logits), name(behind), unfold(LOGITS))
    G = behind.base

    def gradient(by, variable, steps, claim):
        called = f"{title}: gradient by {by}"
        start = Partial(by_logits.start.function, variable)
        return Derivation(called, start, (*back, *steps), claim, names, by_logits.hypotheses)

    return names, (
        gradient("the input", x[a, v], linear_layer, total(G[a, j] * W[v, j], j)),
        gradient("the weights", W[v, k], linear_layer, total(G[b, k] * x[b, v], b)),
        gradient("the bias", beta[k], bias_alone, total(G[b, k], b)),
    )


def _variant(by_logits, computed, target, title):
    """(derivations, functions, specification) for one kind of targets."""
    names, derived = gradients(by_logits, title)
    arguments = (x, W, beta, target.array)
    value = ((), total(lift(computed), b) / B)
    outputs = tuple(zip(((a, v), (v, k), (k,)), (d.claim for d in derived), strict=True))
    called = title.replace(" ", "_").replace("-", "_").replace(",", "")
    functions = {
        "value": Function(f"{called}_value", arguments, (value,), names),
        "gradient": Function(f"{called}_gradient", arguments, outputs, names),
        "value_and_gradient": Function(f"{called}_value_and_gradient", arguments, (value, *outputs), names),
    }
    inputs = (Input(x), Input(W), Input(beta), target)
    specification = Specification(
        inputs, (), by_logits.start.function, (x, W, beta), names, hypotheses=by_logits.hypotheses
    )
    return derived, functions, specification


_rows = _variant(fused.MEAN, STABLE.start, Input(lift_array(y), SIMPLEX), "linear-softmax-cce")
_classes = _variant(
    fused.CLASS_MEAN, STABLE_CLASS.start, Input(lift_array(array("c")), CLASSES), "linear-softmax-cce, classes"
)

LINEAR_SOFTMAX_CCE = Operation(
    "linear-softmax-cce",
    "Linear layer, softmax and cross entropy",
    {"": _rows[2], " indices": _classes[2]},
    (*_rows[0], *_classes[0]),
    {**_rows[1], **{f"{kind} indices": function for kind, function in _classes[1].items()}},
    main=_rows[0][1],
)
