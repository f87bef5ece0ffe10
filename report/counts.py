"""Operation counts of softmax with cross entropy, backward: polynomials from the derivations, and what NumPy executed.

Three routes are compared (derivations/routes.py): separate with explicit Jacobians, separate as VJPs, and fused; each
with the softmax computed again in the backward pass and with it kept from the forward pass. The polynomials are held
against the counts of the derived functions while they run, and of nnlib's hand-written ones.
"""

import numpy as np

import nnlib
from derivations.counting import counts
from derivations.routes import FORWARD, routes
from report.executed import executed, executed_by

SIZES = ((2, 2), (2, 3), (3, 2), (7, 13), (32, 10), (64, 100))


def problem(B, n, seed=0):
    """Logits o, probability rows y and probabilities p of shape (B, n); y is not one-hot, so that no term is spared."""
    rng = np.random.default_rng(seed)
    o, y = rng.normal(size=(B, n)), rng.dirichlet(np.ones(n), size=B)
    return o, y, nnlib.Softmax().forward(o)


def nnlib_fused(o, y, p):
    """What nnlib executes for the fused gradient."""
    return executed(nnlib.SoftmaxCrossEntropy().backward, o, y).operations


def nnlib_separate(o, y, p):
    """What nnlib executes for the two gradients one after the other."""
    behind = nnlib.CategoricalCrossEntropy().backward(p, y)
    first = executed(nnlib.CategoricalCrossEntropy().backward, p, y).operations
    return first + executed(nnlib.Softmax().backward, o, behind).operations


HAND_WRITTEN = {"fused": nnlib_fused, "separate, VJPs": nnlib_separate}


def comparison(sizes=SIZES):
    """All counts as a dict that JSON can hold; "agree": whether every executed count equals its polynomial."""
    found = {"forward": _polynomials(counts(FORWARD)), "routes": [], "agree": True}
    for shared in (False, True):
        for title, function in routes(shared).items():
            entry = _route(title, function, shared, sizes)
            found["routes"].append(entry)
            found["agree"] &= all(run["equal"] for run in entry["executed"])
    return found


def _route(title, function, shared, sizes):
    derived = counts(function)
    runs = []
    for B, n in sizes:
        o, y, p = problem(B, n)
        want = derived.at({"B": B, "n": n})
        runs.append(_run("derived", B, n, want, executed_by(function, p if shared else o, y).operations))
        if title in HAND_WRITTEN and not shared:
            runs.append(_run("nnlib", B, n, want, HAND_WRITTEN[title](o, y, p)))
    return {
        "route": title,
        "softmax": "kept" if shared else "computed again",
        **_polynomials(derived),
        "executed": runs,
    }


def _polynomials(derived):
    return {
        "operations": {kind: str(total) for kind, total in derived.operations.items()},
        "total": str(sum(derived.operations.values())),
        "read": str(derived.read),
        "written": str(derived.written),
        "largest": str(derived.largest),
    }


def _run(code, B, n, want, got):
    want, got = ({kind: number for kind, number in x.items() if number} for x in (want, got))
    return {"code": code, "B": B, "n": n, "operations": dict(sorted(got.items())), "equal": want == got}


def comparison_text(found):
    """The comparison for a terminal of 80 columns."""
    rows = ["Softmax with cross entropy, backward pass: elementwise operations", ""]
    for entry in found["routes"]:
        rows.append(f"{entry['route']}; softmax {entry['softmax']}")
        rows += [f"    {kind:10}{_spaced(total)}" for kind, total in entry["operations"].items()]
        rows.append(f"    {'read':10}{_spaced(entry['read'])}")
        rows.append(f"    {'written':10}{_spaced(entry['written'])}")
        rows.append(f"    {'largest':10}{_spaced(entry['largest'])}")
        runs = entry["executed"]
        equal = sum(run["equal"] for run in runs)
        codes = " and ".join(dict.fromkeys(run["code"] for run in runs))
        rows += [f"    executed by {codes}: equal in {equal} of {len(runs)} runs", ""]
    rows.append("read, written: array elements moved; largest: elements of the largest temporary.")
    return "\n".join(rows)


def _spaced(polynomial):
    return polynomial.replace("**", "^").replace("*", "·")
