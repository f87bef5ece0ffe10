"""The assignment's network: its derivation, and its gradients in exact form beside what the program prints."""

from fractions import Fraction
from itertools import product

import numpy as np
from sympy import Function, Rational, exp, factor, log, sqrt, tanh
from sympy import latex as sympy_latex

import nnlib
from derivations import network
from derivations.concrete import Concrete
from derivations.dual import Functions
from derivations.notation import B, h, m, n
from report.chapters.pieces import chain
from report.document import CodeBlock, Paragraph, Section, Table

X, Y = [[1, 1]], [[0]]
WEIGHTS = [[0.5, 0.75], [0.25, 0.25]], [[0.5], [0.5]]
SIZES = {B: 1, m: 2, h: 2, n: 1}
_SYMPY = Functions(lambda q: Rational(q.numerator, q.denominator), exp, log, sqrt, tanh, lambda x: Rational(int(x > 0)))
_SIGMA = Function("sigma")


def run():
    """(prediction, loss, gradients) of the assignment's program, by nnlib."""
    net = nnlib.NeuralNetwork(2, 1, [2], nnlib.Sigmoid)
    for part, weights in zip(net.layers, WEIGHTS, strict=True):
        part.weights = np.array(weights)
    loss = nnlib.MeanSquaredError()
    x, y = np.array(X), np.array(Y)
    pred = net.forward(x)
    return pred, loss.forward(pred, y), net.backward(x, loss.backward(pred, y))


def exactly():
    """{title: [exact expression, …]} of the derived gradients, in σ of rational numbers."""
    world = _world()
    found = {}
    titles = ("x", "W", r"\beta", "V", r"\gamma")
    for title, (letters, expression) in zip(titles, network.GRADIENTS, strict=True):
        positions = product(*(range(1, SIZES[letter.size] + 1) for letter in letters))
        found[title] = [world.value(expression, dict(zip(letters, at, strict=True))) for at in positions]
    return found


def _world():
    """The derived expressions at the assignment's numbers, σ of the first layer's output left standing."""
    arrays = {"x": X, "W": WEIGHTS[0], "V": WEIGHTS[1], "y": Y}

    def entry(name, position):
        if name in ("beta", "gamma"):
            return Rational(0)
        if name == "sigma":
            return _SIGMA(first.value(network.Z.meaning, dict(zip(network.Z.letters, position, strict=True))))
        value = arrays[name]
        for index in position:
            value = value[index - 1]
        return Rational(*Fraction(value).as_integer_ratio())

    first = Concrete(SIZES, entry, (), _SYMPY)
    behind = (network.P, network.BEHIND, network.HIDDEN)
    return Concrete(SIZES, entry, behind, _SYMPY)


PROGRAM = """net = NeuralNetwork(2, 1, [2], Sigmoid)
net.layers[0].weights = np.array([[0.5, 0.75], [0.25, 0.25]])
net.layers[1].weights = np.array([[0.5], [0.5]])
loss_function = MeanSquaredError()
x = np.array([[1, 1]]); y = np.array([[0]])
pred = net.forward(x); loss = loss_function.forward(pred, y)
grad = loss_function.backward(pred, y)
grad, W_grads, b_grads = net.backward(x, grad)"""


def network_chapter():
    _, _, (grad_x, grads_W, grads_b) = run()
    printed = (grad_x, grads_W[0], grads_b[0], grads_W[1], grads_b[1])
    rows = []
    for (title, values), array in zip(exactly().items(), printed, strict=True):
        for number, (value, got) in enumerate(zip(values, np.ravel(array), strict=True), start=1):
            name = rf"$\partial L / \partial {title}$, entry {number}"
            rows.append([name, f"${sympy_latex(factor(value))}$", f"{_number(value):.12f}", f"{got:.12f}"])
    return Section(
        "The worked network",
        (
            Paragraph(
                "The network of the assignment has two inputs, one hidden layer of two sigmoids and one linear output,"
                " with half the mean squared error. Its gradients follow from those of its parts: $G$ is the gradient"
                " by the output and $D$ the one by the hidden layer."
            ),
            chain(network.GRAD_HIDDEN, "Back to the hidden layer"),
            chain(network.GRAD_V, "The second weights"),
            chain(network.GRAD_W, "The first weights"),
            CodeBlock(PROGRAM, "The program of the assignment", "python"),
            Table(
                ("gradient", "by hand", "which is", "printed"),
                rows,
                "The derived gradients at the assignment's numbers, exact, and what the program computes",
                "llrr",
            ),
        ),
    )


def _number(value):
    return float(value.replace(_SIGMA, lambda x: 1 / (1 + exp(-x))))
