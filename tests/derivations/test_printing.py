"""Lines as text and as LaTeX: one reading each, in the order in which a person writes."""

import re

import pytest
from sympy import Integer, Max, Rational, Symbol, exp, log, sin, sqrt, tanh

from derivations.derivation import Derivation
from derivations.layout import derivation_latex, derivation_text
from derivations.notation import (
    B,
    Index,
    IndexMax,
    Iverson,
    Partial,
    all_but,
    array,
    b,
    c,
    delta,
    i,
    j,
    k,
    n,
    total,
)
from derivations.printing import latex, text
from derivations.registry import operations
from derivations.rules.algebra import multiply_out
from derivations.rules.calculus import coordinates, exp_rule

o, x, y, g = (array(name, n) for name in "oxyg")
p, A, V = array("p", n, positive=True), array("A", n, n), array("V", B, n)
classes, beta = array("c", B, integer=True), array("beta", n)
Z = total(exp(o[k]), k)
LINES = [line.expression for found in operations().values() for d in found.derivations for line in d.lines]

TABLE = [
    (o[i] - y[j], "o[i] − y[j]", "o_{i} - y_{j}"),
    (-o[i] - y[j], "−o[i] − y[j]", "-o_{i} - y_{j}"),
    (y[j] - o[i] * 2, "y[j] − 2·o[i]", r"y_{j} - 2 \, o_{i}"),
    (-x[i] * (o[i] + y[j]), "−x[i]·(o[i] + y[j])", r"-x_{i} \left(o_{i} + y_{j}\right)"),
    (p[i] * (delta(i, j) - p[j]), "p[i]·(δ[i,j] − p[j])", r"p_{i} \left(\delta_{ij} - p_{j}\right)"),
    (o[i] - (x[i] - 1) * y[i], "o[i] − y[i]·(x[i] − 1)", r"o_{i} - y_{i} \left(x_{i} - 1\right)"),
    (exp(o[i]) / Z, "exp(o[i])/(Σ_k exp(o[k]))", r"\frac{e^{o_{i}}}{\sum_{k=1}^{n} e^{o_{k}}}"),
    (-y[i] / p[i], "−y[i]/p[i]", r"-\frac{y_{i}}{p_{i}}"),
    (o[i] / (2 * B), "o[i]/(2·B)", r"\frac{o_{i}}{2 \, B}"),
    ((o[i] - y[i]) / B, "(o[i] − y[i])/B", r"\frac{o_{i} - y_{i}}{B}"),
    (Rational(-1, 2) * o[i], "−o[i]/2", r"-\frac{o_{i}}{2}"),
    (Rational(3, 2), "3/2", r"\frac{3}{2}"),
    (o[i] / y[i] / x[i], "o[i]/(x[i]·y[i])", r"\frac{o_{i}}{x_{i} \, y_{i}}"),
    (exp(-x[i]) / (1 + exp(-x[i])), "exp(−x[i])/(1 + exp(−x[i]))", r"\frac{e^{-x_{i}}}{1 + e^{-x_{i}}}"),
    (Z**2, "(Σ_k exp(o[k]))^2", r"\left(\sum_{k=1}^{n} e^{o_{k}}\right)^{2}"),
    (o[i] ** 2, "o[i]^2", "o_{i}^{2}"),
    (-(o[i] ** 2), "−o[i]^2", "-o_{i}^{2}"),
    ((o[i] - 1) ** 2, "(o[i] − 1)^2", r"\left(o_{i} - 1\right)^{2}"),
    (tanh(x[i]) ** 2, "(tanh(x[i]))^2", r"\left(\tanh x_{i}\right)^{2}"),
    (1 / o[i] ** 2, "1/o[i]^2", r"\frac{1}{o_{i}^{2}}"),
    (sqrt(o[i] + 1), "√(1 + o[i])", r"\sqrt{1 + o_{i}}"),
    (1 / sqrt(o[i]), "1/√(o[i])", r"\frac{1}{\sqrt{o_{i}}}"),
    (log(Z) - o[c], "log(Σ_k exp(o[k])) − o[c]", r"\log \sum_{k=1}^{n} e^{o_{k}} - o_{c}"),
    (log(o[i] * y[i]), "log(o[i]·y[i])", r"\log \left(o_{i} \, y_{i}\right)"),
    (log(p[i]) * delta(i, c), "log(p[i])·δ[i,c]", r"\log \left(p_{i}\right) \delta_{ic}"),
    (
        log(Z) * total(y[i], i),
        "log(Σ_k exp(o[k]))·Σ_i y[i]",
        r"\log \left(\sum_{k=1}^{n} e^{o_{k}}\right) \sum_{i=1}^{n} y_{i}",
    ),
    (total(o[k] - y[k], k), "Σ_k (o[k] − y[k])", r"\sum_{k=1}^{n} \left(o_{k} - y_{k}\right)"),
    (total(o[k], k) - y[i], "Σ_k o[k] − y[i]", r"\sum_{k=1}^{n} o_{k} - y_{i}"),
    (-total(y[i] * log(p[i]), i), "−Σ_i y[i]·log(p[i])", r"-\sum_{i=1}^{n} y_{i} \, \log p_{i}"),
    (total(A[i, k], i, k), "Σ_i Σ_k A[i,k]", r"\sum_{i=1}^{n} \sum_{k=1}^{n} A_{ik}"),
    (
        total(o[k], k) * total(y[i], i),
        "(Σ_k o[k])·Σ_i y[i]",
        r"\left(\sum_{k=1}^{n} o_{k}\right) \sum_{i=1}^{n} y_{i}",
    ),
    (total(V[b, j], b) / B, "1/B·Σ_b V[b,j]", r"\frac{1}{B} \, \sum_{b=1}^{B} V_{bj}"),
    (all_but(exp(o[k]), k, c), "Σ_k≠c exp(o[k])", r"\sum_{k \neq c} e^{o_{k}}"),
    (
        exp(-o[c]) * all_but(exp(o[k]), k, c),
        "exp(−o[c])·Σ_k≠c exp(o[k])",
        r"e^{-o_{c}} \, \sum_{k \neq c} e^{o_{k}}",
    ),
    (delta(j, i) * o[j], "o[j]·δ[i,j]", r"o_{j} \, \delta_{ij}"),
    (delta(c, j), "δ[j,c]", r"\delta_{jc}"),
    (delta(classes[b], j), "δ[j,c[b]]", r"\delta_{j,c_{b}}"),
    (V[b, classes[b]], "V[b,c[b]]", "V_{b,c_{b}}"),
    (IndexMax(o[k], k) - o[i], "max_k o[k] − o[i]", r"\max_{k} o_{k} - o_{i}"),
    (Max(0, x[i]), "max(0, x[i])", r"\max\left(0, x_{i}\right)"),
    (g[j] * Iverson(x[j]), "g[j]·[x[j] > 0]", r"g_{j} \, [x_{j} > 0]"),
    (Partial(p[i], o[j]), "∂p[i]/∂o[j]", r"\frac{\partial p_{i}}{\partial o_{j}}"),
    (Partial(exp(o[i]), o[j]), "∂/∂o[j] (exp(o[i]))", r"\frac{\partial}{\partial o_{j}} e^{o_{i}}"),
    (Partial(-o[i], o[j]), "∂/∂o[j] (−o[i])", r"\frac{\partial}{\partial o_{j}} \left(-o_{i}\right)"),
    (
        Partial(o[i] - y[i], o[j]),
        "∂/∂o[j] (o[i] − y[i])",
        r"\frac{\partial}{\partial o_{j}} \left(o_{i} - y_{i}\right)",
    ),
    (
        Partial(exp(o[i]), o[j]) * Z,
        "∂/∂o[j] (exp(o[i]))·Σ_k exp(o[k])",
        r"\left(\frac{\partial}{\partial o_{j}} e^{o_{i}}\right) \sum_{k=1}^{n} e^{o_{k}}",
    ),
    (o[Index("k1", n)], "o[k1]", "o_{k_{1}}"),
    (beta[i] * Symbol("tau"), "τ·β[i]", r"\tau \, \beta_{i}"),
    (o[Integer(1)] * n, "n·o[1]", r"n \, o_{1}"),
    (2 * o[i] + 2 * o[i] * y[i] + 1, "1 + 2·o[i] + 2·o[i]·y[i]", r"1 + 2 \, o_{i} + 2 \, o_{i} \, y_{i}"),
]


@pytest.mark.parametrize(("expression", "plain", "_"), TABLE, ids=str)
def test_text(expression, plain, _):
    assert text(expression) == plain


@pytest.mark.parametrize(("expression", "_", "tex"), TABLE, ids=str)
def test_latex(expression, _, tex):
    assert latex(expression) == tex


@pytest.mark.parametrize("write", [text, latex])
def test_what_is_not_index_notation_is_not_printed(write):
    with pytest.raises(TypeError, match="cannot print sin"):
        write(sin(o[i]))


@pytest.mark.parametrize("write", [text, latex])
def test_different_lines_are_printed_differently(write):
    shown = {}
    for line in [*LINES, *(expression for expression, _, _ in TABLE)]:
        shown.setdefault(write(line), set()).add(str(line))
    assert [lines for lines in shown.values() if len(lines) > 1] == []


def balanced(shown, pairs):
    """Whether the brackets of a string match."""
    open_ = []
    for sign in re.findall("|".join(re.escape(sign) for pair in pairs for sign in pair), shown):
        if sign in dict(pairs):
            open_.append(dict(pairs)[sign])
        elif not open_ or open_.pop() != sign:
            return False
    return not open_


def test_brackets_match_in_every_line():
    for line in LINES:
        assert balanced(text(line), [("(", ")"), ("[", "]")]), text(line)
        assert balanced(latex(line), [(r"\left(", r"\right)"), ("{", "}")]), latex(line)


def test_no_line_has_double_brackets_or_signs():
    for line in LINES:
        assert r"\left(\left(-" not in latex(line), latex(line)
        assert not re.search(r"(−|\+) −|\+ −|−−|\(\(−[^()]*\)\)", text(line)), text(line)


def test_every_line_is_mathematics_to_a_browser():
    math_core = pytest.importorskip("math_core")
    converter = math_core.LatexToMathML()
    for line in LINES:
        shown = converter.convert_with_local_state(latex(line), displaystyle=True)
        assert "<math" in shown and "merror" not in shown


# Layout.

SLOPE = Derivation("exp: slope", Partial(exp(o[i]), o[j]), (exp_rule, coordinates), exp(o[i]) * delta(i, j))
LONG = Derivation(
    "long",
    sum(o[i] * (A[i, j] + y[k]) for i in [Index(f"k{q}", n) for q in range(5)]),
    (multiply_out,),
    sum(o[i] * A[i, j] + o[i] * y[k] for i in [Index(f"k{q}", n) for q in range(5)]),
)


def test_a_derivation_as_text():
    assert derivation_text(SLOPE, width=60).splitlines() == [
        "exp: slope",
        "",
        "for    1 ≤ i, j ≤ n",
        "",
        "    ∂/∂o[j] (exp(o[i]))",
        "  = exp(o[i])·∂o[i]/∂o[j]                    chain rule, exp",
        "  = exp(o[i])·δ[i,j]                 independent coordinates",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_long_lines_are_broken_and_nothing_is_lost(width):
    shown = derivation_text(LONG, width)
    assert max(map(len, shown.splitlines())) <= width
    written = re.sub(r"\s", "", shown)
    assert all(re.sub(r"\s", "", text(line.expression)) in written for line in LONG.lines)


def test_a_derivation_as_latex():
    assert derivation_latex(SLOPE).splitlines() == [
        "% exp: slope",
        r"With $1 \leq i, j \leq n$:",
        r"\begin{align*}",
        r"  & \frac{\partial}{\partial o_{j}} e^{o_{i}} \\",
        r"  ={}& e^{o_{i}} \, \frac{\partial o_{i}}{\partial o_{j}} && \text{chain rule, exp} \\",
        r"  ={}& e^{o_{i}} \, \delta_{ij} && \text{independent coordinates}",
        r"\end{align*}",
    ]
