"""Three routes to the gradient of softmax with cross entropy, each as the array operations that it takes.

Fused: (p − y)/B.  Separate, as VJPs: D = −y/(B p), then p (D − Σ D p).  Separate, with explicit Jacobians: D, then the
n × n matrices J_ij = p_i (δ_ij − p_j) of every row, then Σ_i D_i J_ij. All three are lines of one derivation
(`softmax_cross_entropy_row.CHAIN`). Each is given twice: with p computed from the logits again, and with p kept from
the forward pass.
"""

from derivations import cross_entropy, softmax
from derivations import softmax_cross_entropy as fused
from derivations.definition import Definition
from derivations.lifting import lift, lift_array, lift_definition
from derivations.notation import B, a, array, b, i, j, n, total
from derivations.numpy_code import Function

o, y, p = (lift_array(x) for x in (softmax.o, cross_entropy.y, softmax.p))
D, J = array("D", B, n), array("J", B, n, n)
BEHIND = Definition(D[b, j], lift(cross_entropy.GRADIENT.claim) / B, "the gradient by the probabilities")
JACOBIAN = Definition(J[b, i, j], lift(softmax.JACOBIAN.claim), "the softmax Jacobian")
SOFTMAX = (lift_definition(softmax.P), lift_definition(softmax.SHIFTED))

_VJP = p[b, j] * (D[b, j] - total(D[b, i] * p[b, i], i))
_ROUTES = {
    "separate, Jacobians": ((b, j), total(D[b, i] * J[b, i, j], i), (BEHIND, JACOBIAN)),
    "separate, VJPs": ((b, j), _VJP, (BEHIND,)),
    "fused": ((a, j), fused.MEAN.claim, ()),
}


def routes(shared):
    """{name of the route: its NumPy function}; shared: p is an argument, kept from the forward pass."""
    found = {}
    for title, (letters, expression, names) in _ROUTES.items():
        called = "backward_" + title.replace(", ", "_")
        arguments, known = ((p, y), names) if shared else ((o, y), (*SOFTMAX, *names))
        found[title] = Function(called, arguments, ((letters, expression),), known)
    return found


FORWARD = Function("softmax_forward", (o,), (((b, i), p[b, i]),), SOFTMAX)
