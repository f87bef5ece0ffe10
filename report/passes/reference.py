"""Every operation once more, in 50 digits, each entry with the error that float64 may make in it.

`expected(operation, kind, options, args)` gives pairs (exact, tolerance), one for each array that is returned.
The tolerance of an entry is 32 eps times the magnitude of the terms that are summed in it, times the condition
1 + max |o| of the exponentials of its row: honest cancellation is allowed, a missing term of any size is not.
"""

import mpmath
import numpy as np

mp = mpmath.MPContext()
mp.dps = 50
number = np.frompyfunc(lambda v: mp.mpf(float(v)), 1, 1)
exp, log, tanh = (np.frompyfunc(f, 1, 1) for f in (mp.exp, mp.log, mp.tanh))
EPS = 32 * 2.0**-52


def rows(a):
    return a.sum(axis=1, keepdims=True)


def condition(o):
    """1 + the largest finite |o| of each row."""
    size = np.abs(np.where(np.isinf(o.astype(float)), 0, o))
    return 1 + size.max(axis=1, keepdims=True)


def probabilities(o):
    e = exp(o - o.max(axis=1, keepdims=True))
    return e / rows(e)


def softmax_value(o):
    p = probabilities(o)
    return [(p, p * condition(o))]


def softmax_vjp(o, g):
    p = probabilities(o)
    return [(p * (g - rows(g * p)), p * (abs(g) + rows(abs(g) * p)) * condition(o))]


def softmax_jacobian(o):
    p, delta = probabilities(o), np.eye(o.shape[1])
    across = p[:, :, None] * p[:, None, :]
    return [(p[:, :, None] * delta - across, (p[:, :, None] * delta + across) * condition(o)[:, :, None])]


def log_probabilities(o):
    z = o - o.max(axis=1, keepdims=True)
    return z - log(rows(exp(z)))


def log_softmax_value(o):
    return [(log_probabilities(o), condition(o) * np.ones(o.shape))]


def log_softmax_vjp(o, g):
    p = probabilities(o)
    return [(g - p * rows(g), abs(g) + p * rows(abs(g)) * condition(o))]


def log_softmax_jacobian(o):
    p, delta = probabilities(o)[:, None, :], np.eye(o.shape[1])
    return [(delta - p, (delta + p) * condition(o)[:, :, None])]


def likelihood_value(lp, y):
    terms = np.where(y > 0, y * np.where(y > 0, lp, 0), number(0))
    return [(-terms.sum() / len(y), abs(terms).sum() / len(y))]


def likelihood_gradient(lp, y):
    return [(-y / len(y), abs(y) / len(y))]


def cross_entropy_value(p, y):
    return [(-(y * log(p)).sum() / len(y), (y * (abs(log(p)) + 1)).sum() / len(y))]


def cross_entropy_gradient(p, y):
    return [(-y / p / len(y), y / p / len(y))]


def fused_value(o, y):
    [(exact, size)] = likelihood_value(log_probabilities(o), y)
    return [(exact, size + condition(o).sum() / len(y))]


def fused_gradient(o, y):
    p = probabilities(o)
    return [((p * rows(y) - y) / len(y), (p * rows(y) * condition(o) + y) / len(y))]


def linear_value(x, W, b):
    return [(x @ W + b, abs(x) @ abs(W) + abs(b))]


def linear_vjp(x, W, b, g):
    def gradients(x, W, g):
        return g @ W.T, x.T @ g, g.sum(axis=0)
    return list(zip(gradients(x, W, g), gradients(abs(x), abs(W), abs(g)), strict=True))


def logistic(x):
    return 1 / (1 + exp(-x))


def sigmoid_value(x):
    return [(logistic(x), np.ones(x.shape))]


def sigmoid_vjp(x, g):
    return [(g * logistic(x) * logistic(-x), abs(g))]


def tanh_value(x):
    return [(tanh(x), abs(tanh(x)))]


def tanh_vjp(x, g):
    return [(g * (1 - tanh(x) ** 2), abs(g) * (1 + tanh(x) ** 2))]


def relu_value(x):
    return [(np.maximum(x, number(0)), abs(x))]


def relu_vjp(x, g):
    """At the kink anything between 0 and g is right: g/2 with a tolerance of |g|/2."""
    slope = np.where(x > 0, 1.0, np.where(x == 0, 0.5, 0.0))
    return [(g * number(slope), abs(g) * np.where(x == 0, 0.5 / EPS + 1, 1))]


def error_value(p, y):
    return [(((p - y) ** 2).sum() / (2 * p.size), ((abs(p) + abs(y)) ** 2).sum() / (2 * p.size))]


def error_gradient(p, y):
    return [((p - y) / p.size, (abs(p) + abs(y)) / p.size)]


def network_gradient(x, W1, b1, W2, b2, y):
    s, slope = logistic(x @ W1 + b1), logistic(x @ W1 + b1) * logistic(-x @ W1 - b1)
    worst = 1 + (abs(x) @ abs(W1) + abs(b1)).max()

    def gradients(d2, slope, x, W1, W2):
        d1 = (d2 @ W2.T) * slope
        return d1 @ W1.T, x.T @ d1, d1.sum(axis=0), s.T @ d2, d2.sum(axis=0)

    exact = gradients((s @ W2 + b2 - y) / len(y), slope, x, W1, W2)
    size = worst * (s @ abs(W2) + abs(b2) + abs(y)) / len(y)
    return list(zip(exact, gradients(size, np.ones(s.shape), abs(x), abs(W1), abs(W2)), strict=True))


REFERENCE = {
    ("softmax", "value"): softmax_value, ("softmax", "vjp"): softmax_vjp, ("softmax", "jacobian"): softmax_jacobian,
    ("log-softmax", "value"): log_softmax_value, ("log-softmax", "vjp"): log_softmax_vjp,
    ("log-softmax", "jacobian"): log_softmax_jacobian,
    ("nll", "value"): likelihood_value, ("nll", "gradient"): likelihood_gradient,
    ("cce", "value"): cross_entropy_value, ("cce", "gradient"): cross_entropy_gradient,
    ("softmax-cce", "value"): fused_value, ("softmax-cce", "gradient"): fused_gradient,
    ("softmax-cce", "value_and_gradient"): lambda o, y: fused_value(o, y) + fused_gradient(o, y),
    ("linear", "value"): linear_value, ("linear", "vjp"): linear_vjp,
    ("sigmoid", "value"): sigmoid_value, ("sigmoid", "vjp"): sigmoid_vjp,
    ("tanh", "value"): tanh_value, ("tanh", "vjp"): tanh_vjp,
    ("relu", "value"): relu_value, ("relu", "vjp"): relu_vjp,
    ("mse", "value"): error_value, ("mse", "gradient"): error_gradient,
    ("network", "gradient"): network_gradient,
}


def expected(operation, kind, options, args):
    """Pairs (exact, tolerance), both object arrays of mpmath numbers; the options of the registry are obeyed."""
    args, factor = list(args), 1
    if options.get("targets") == "indices":
        args[1] = np.eye(args[0].shape[1])[args[1]]
    if options.get("reduction") == "sum":
        factor = args[0].size if operation == "mse" else len(args[0])
    if options.get("weights"):
        factor = number(args.pop())[:, None]
    pairs = REFERENCE[operation, kind](*map(number, args))
    return [(exact * factor, abs(size * factor) * EPS + 1e-300) for exact, size in pairs]
