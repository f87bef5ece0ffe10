"""Functions taken for one of the catalogue: x is the first argument, y the second, which may be the upstream one."""

from sympy import Rational, exp, log, sqrt

from derivations.notation import B, Iverson, array, b, i, j, n, total

x, y = array("x", B, n), array("y", B, n)
X, Y = x[b, j], y[b, j]
SIGMOID = 1 / (1 + exp(-X))
ABOVE = Iverson(X)


def _between(z):
    """z, but 0 below 0 and 1 above 1."""
    return z * Iverson(z) - (z - 1) * Iverson(z - 1)


def _magnitude(z):
    return z * (2 * Iverson(z) - 1)


LOOKALIKES = (
    ("vjp", "leaky ReLU with slope 0.01", (b, j), Y * (ABOVE + Rational(1, 100) * (1 - ABOVE))),
    ("vjp", "the absolute value", (b, j), Y * (2 * ABOVE - 1)),
    ("vjp", "softplus", (b, j), Y * SIGMOID),
    ("vjp", "SiLU", (b, j), Y * SIGMOID * (1 + X * (1 - SIGMOID))),
    ("vjp", "the sigmoid times itself, the derivative of tanh in terms of its output", (b, j), Y * (1 - SIGMOID**2)),
    ("vjp", "½x², or the output times the upstream gradient", (b, j), Y * X * ABOVE),
    ("value", "leaky ReLU with slope 0.01", (b, j), X * (ABOVE + Rational(1, 100) * (1 - ABOVE))),
    ("value", "the absolute value", (b, j), X * (2 * ABOVE - 1)),
    ("value", "the hard sigmoid, 0.2 x + 0.5 between 0 and 1", (b, j), _between(X / 5 + Rational(1, 2))),
    ("value", "the hard sigmoid, x/6 + 0.5 between 0 and 1", (b, j), _between(X / 6 + Rational(1, 2))),
    ("value", "the mean absolute error", (), total(_magnitude(x[b, i] - y[b, i]), b, i) / (B * n)),
    ("value", "the root of the mean squared error", (), sqrt(total((x[b, i] - y[b, i]) ** 2, b, i) / (B * n))),
    ("gradient", "the mean absolute error", (b, j), (2 * Iverson(X - Y) - 1) / (B * n)),
    ("gradient", "independent sigmoids with binary cross entropy", (b, j), (SIGMOID - Y) / B),
    ("gradient", "binary cross entropy", (b, j), (-Y / X + (1 - Y) / (1 - X)) / B),
    ("gradient", "softmax and cross entropy together, by the logits", (b, j), (X - Y) / B),
    (
        "value",
        "binary cross entropy, summed over the classes",
        (),
        total(-y[b, i] * log(x[b, i]) - (1 - y[b, i]) * log(1 - x[b, i]), b, i) / B,
    ),
    ("value", "cross entropy with its arguments exchanged", (), total(-x[b, i] * log(y[b, i]), b, i) / B),
    ("value", "half the squared error, summed over a row", (), total((x[b, i] - y[b, i]) ** 2 / 2, b, i) / B),
)
