"""Inputs for each operation, drawn from its domain: an ordinary draw and the corners in which mistakes hide.

`inputs(operation, kind, options)` gives a dictionary: name of the regime -> arguments. Upstream gradients are signed
and below 1 in magnitude and targets are soft, except where the name of the regime says otherwise.
"""

import numpy as np

from .forward import log_softmax, softmax

INF = float("inf")


def logits(rng) -> dict[str, np.ndarray]:
    """Matrices of logits, (B, n); the batch size differs from the number of classes unless the name says so."""
    ordinary = rng.normal(size=(3, 4)) * 1.5
    return {
        "always": ordinary,
        "square": rng.normal(size=(3, 3)),
        "one-row": rng.normal(size=(1, 4)),
        "one-class": rng.normal(size=(3, 1)),
        "wide": np.array([[0.0, -12, 9, -25], [30, -5, 14, 1], [-21, 22, 3, -8]]),
        "overflow": np.array([[800.0, -800, 0, 799.5], [-900, 750, 1000, 999], [710, 709, -745, 0]]),
        "low": ordinary - 10_000,
        "row-gap": ordinary + np.array([[0.0], [-900], [300]]),
        "mask": np.where(np.eye(3, 4) > 0, -INF, ordinary),
        "ties": np.array([[2.0, 2, 2, 2], [40, 40, 5, -1], [0, -35, 0, -35]]),
        "integer": rng.integers(-4, 5, size=(3, 4)),
        "many-classes": rng.normal(size=(2, 60)),
        "layout": np.asfortranarray(rng.normal(size=(3, 4))),
    }


def upstream(rng, name, like) -> np.ndarray:
    g = rng.uniform(-0.95, 0.95, size=np.shape(like))
    return np.asfortranarray(g) if name == "layout" else g


def with_upstream(rng, cases) -> dict[str, tuple]:
    """Adds g to the arguments of each case, and two cases in which only the size of g is unusual."""
    out = {name: (*args, upstream(rng, name, like)) for name, (args, like) in cases.items()}
    *args, g = out["always"]
    out["large-upstream"] = (*args, 60 * g)
    out["tiny-upstream"] = (*args, 1e-12 * g)
    return out


def soft_targets(rng, supports) -> np.ndarray:
    """Rows that sum to one, zero where the support is."""
    y = rng.uniform(0.1, 1, size=supports.shape) * supports
    return y / y.sum(axis=1, keepdims=True)


def likeliest(a) -> np.ndarray:
    return (a == a.max(axis=1, keepdims=True)).astype(int)


def with_targets(rng, cases, options) -> dict[str, tuple]:
    """Adds y, and cases of one-hot targets: one of floats with confident rows, one of integers."""
    supported = {name: np.isfinite(a) & (a != 0) if name == "mask" else np.ones(a.shape) for name, a in cases.items()}
    if options.get("targets") == "indices":
        last = {name: np.where(supported[name], np.arange(a.shape[1]), -1).max(axis=1) for name, a in cases.items()}
        out = {name: (a, np.minimum(rng.integers(a.shape[1], size=len(a)), last[name])) for name, a in cases.items()}
        out["always"] = (cases["always"], np.array([2, 2, 0]))
        out["mask"] = (cases["mask"], np.array([1, 0, 0])) if "mask" in cases else out["always"]
    else:
        out = {name: (a, soft_targets(rng, supported[name])) for name, a in cases.items()}
        confident = cases.get("wide", cases["always"])
        out["one-hot"] = (confident, likeliest(confident).astype(float))
        out["integer-targets"] = (cases["always"], likeliest(cases["always"]))
        out["layout"] = (out["layout"][0], np.asfortranarray(out["layout"][1]))
    if options.get("weights"):
        out = {name: (*args, rng.uniform(0.2, 3, size=len(args[0]))) for name, args in out.items()}
    return out


def probabilities(rng) -> dict[str, np.ndarray]:
    """Rows of positive probabilities."""
    o = logits(rng)
    p = {name: softmax(o[name]) for name in ("always", "square", "one-row", "one-class", "many-classes", "layout")}
    p["layout"] = np.asfortranarray(p["layout"])
    p["tiny-probability"] = np.array([[1e-200, 1e-13, 0.5, 0.5], [1e-30, 0.9, 0.1, 1e-14], [0.2, 0.3, 0.5, 1e-20]])
    p["saturated"] = np.array([[1 - 2**-53, 1e-17, 1e-17, 1e-18], [1 - 1e-8, 5e-9, 4e-9, 1e-9], [0.1, 0.2, 0.3, 0.4]])
    return p


def activation_inputs(rng) -> dict[str, np.ndarray]:
    """Matrices of any shape, both signs, zeros of both signs."""
    return {
        "always": rng.normal(size=(3, 4)) * 2,
        "square": rng.normal(size=(3, 3)),
        "one-row": rng.normal(size=(1, 4)),
        "wide": np.array([[20.5, -20.5, 25, -25], [30, -30, 12, -12], [7, -7, 36, -36]]),
        "overflow": np.array([[800.0, -800, 710, -710], [1e4, -1e4, 745, -745], [90, -90, 400, -400]]),
        "kink": np.array([[0.0, -0.0, 1, -1], [0.5, 0, -0.5, 2]]),
        "near-kink": np.array([[1e-8, -1e-8, 1e-7, -1e-7], [5e-324, -5e-324, 1e-300, 1e-12]]),
        "integer": rng.integers(-4, 5, size=(3, 4)),
        "positive": rng.uniform(0.1, 3, size=(3, 4)),
        "layout": np.asfortranarray(rng.normal(size=(3, 4))),
    }


def linear_inputs(rng) -> dict[str, tuple]:
    """x, W, b for several shapes; `like` for the upstream gradient is the output."""
    shapes = {"always": (5, 3, 2), "square": (3, 3, 3), "one-row": (1, 3, 2), "one-output": (5, 3, 1),
              "one-input": (5, 1, 2), "layout": (5, 3, 2), "integer": (5, 3, 2)}
    out = {}
    for name, (rows, inputs, outputs) in shapes.items():
        args = [rng.normal(size=s) for s in ((rows, inputs), (inputs, outputs), (outputs,))]
        if name == "integer":
            args = [rng.integers(-4, 5, size=a.shape) for a in args]
        if name == "layout":
            args = [np.asfortranarray(a) for a in args]
        out[name] = (tuple(args), np.empty((rows, outputs)))
    return out


def error_inputs(rng) -> dict[str, tuple]:
    """Predictions and targets of one shape."""
    shapes = {"always": (3, 4), "square": (3, 3), "one-row": (1, 4), "one-column": (4, 1)}
    out = {name: (rng.normal(size=s), rng.normal(size=s)) for name, s in shapes.items()}
    out["wide"] = (60 * rng.normal(size=(3, 4)), rng.normal(size=(3, 4)))
    out["integer"] = (rng.integers(-4, 5, size=(3, 4)), rng.integers(-4, 5, size=(3, 4)))
    out["layout"] = tuple(np.asfortranarray(rng.normal(size=(3, 4))) for _ in range(2))
    return out


def network_inputs(rng) -> dict[str, tuple]:
    """x, W1, b1, W2, b2, y of a network 2 → h → 1."""
    def draw(rows, hidden):
        return tuple(rng.normal(size=s) for s in ((rows, 2), (2, hidden), (hidden,), (hidden, 1), (1,), (rows, 1)))

    out = {"always": draw(5, 3), "square": draw(2, 2), "one-row": draw(1, 3), "one-hidden": draw(5, 1)}
    x, W1, *rest = draw(5, 3)
    out["overflow"] = (x, 600 * np.sign(W1), *rest)
    out["integer"] = tuple(rng.integers(-2, 3, size=a.shape) for a in draw(5, 3))
    out["layout"] = tuple(np.asfortranarray(a) for a in draw(5, 3))
    return out


def inputs(operation, kind, options, seed=0) -> dict[str, tuple]:
    """All regimes of an operation, as arguments for a pass of this kind."""
    rng = np.random.default_rng(seed)
    vjp = kind in ("vjp", "object")
    if operation in ("softmax", "log-softmax"):
        cases = {name: ((o,), o) for name, o in logits(rng).items()}
    elif operation in ("sigmoid", "tanh", "relu"):
        cases = {name: ((x,), x) for name, x in activation_inputs(rng).items()}
    elif operation == "linear":
        cases = linear_inputs(rng)
    elif operation == "softmax-cce":
        return with_targets(rng, logits(rng), options)
    elif operation == "nll":
        floats = {name: o for name, o in logits(rng).items() if name != "integer"}
        return with_targets(rng, {name: log_softmax(o) for name, o in floats.items()}, options)
    elif operation == "cce":
        return with_targets(rng, probabilities(rng), options)
    else:
        return {"mse": error_inputs, "network": network_inputs}[operation](rng)
    return with_upstream(rng, cases) if vjp else {name: args for name, (args, _) in cases.items()}
