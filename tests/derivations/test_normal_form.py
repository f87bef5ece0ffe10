"""The normal form is zero for what is zero, not for what is not, whichever library computes the polynomials."""

from fractions import Fraction
from functools import reduce

import numpy as np
import pytest
from mpmath import mp, mpf

from derivations import quotients
from derivations.normal_form import NormalForm, Undecided
from derivations.polynomials import FlintPolynomials, SympyPolynomials
from derivations.proof import mp_functions
from derivations.scalar import Scalar, constant, evaluate, postorder, variable

x, y, z = map(variable, "xyz")
half = Fraction(1, 2)
LARGE = (2**89 - 1) * (2**107 - 1)  # of two primes, which nobody should look for


@pytest.fixture(params=[SympyPolynomials, FlintPolynomials], autouse=True)
def backend(request, monkeypatch):
    if request.param is FlintPolynomials:
        pytest.importorskip("flint")
    monkeypatch.setattr(quotients, "backend", lambda: request.param)


def sigmoid(t):
    return 1 / (1 + (-t).exp())


def softmax(*logits):
    exponentials = [t.exp() for t in logits]
    return [e / sum(exponentials) for e in exponentials]


TRUE = {
    "square of a sum": ((x + y) ** 2, x * x + 2 * x * y + y * y),
    "partial fractions": (1 / (x * (x + 1)), 1 / x - 1 / (x + 1)),
    "leading coefficients": ((4 * x + 2) / (2 * x + 1) + (6 * x + 3).log(), 2 + (x + half).log() + constant(6).log()),
    "lowest terms": ((x * x - y * y) / (x - y), x + y),
    "functional equation": ((x + y).exp(), x.exp() * y.exp()),
    "exponent over a sum": ((x / (x + y)).exp() * (y / (x + y)).exp() ** -1, ((x - y) / (x + y)).exp()),
    "factors below in any order": ((x / (1 + y) / (1 + z)).exp(), (x / (1 + z) / (1 + y)).exp()),
    "nested exponentials": (x.exp().exp() ** 2, (2 * x.exp()).exp()),
    "tanh by exponentials": (x.tanh(), (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())),
    "tanh of a half and sigmoid": ((x * half).tanh() * half + half, sigmoid(x)),
    "halves and quarters": ((x * half).exp() ** 2 * (x * Fraction(1, 4)).exp() ** -4, constant(1)),
    "softmax of logits and a hundredth": (softmax(x + Fraction(1, 100), y + Fraction(1, 100))[0], softmax(x, y)[0]),
    "log-sum-exp at a low temperature": (
        ((x * 100 / 7).exp() + (y * 100 / 7).exp()).log(),
        x * 100 / 7 + (1 + ((y - x) * 100 / 7).exp()).log(),
    ),
    "e to a large power": ((x - 10**30).exp() * (y + 10**30).exp(), (x + y).exp()),
    "sigmoid of the negative": (sigmoid(-x), 1 - sigmoid(x)),
    "probabilities sum to one": (sum(softmax(x, y, z)), constant(1)),
    "softmax is shift invariant": (softmax(x + z, y + z)[0], softmax(x, y)[0]),
    "log of a product": ((x * y / z).log(), x.log() + y.log() - z.log()),
    "log of an exponential": ((x.exp() * y.exp()).log(), x + y),
    "log of a softmax": (softmax(x, y)[0].log(), x - (x.exp() + y.exp()).log()),
    "log-sum-exp shifted": ((x.exp() + y.exp()).log(), x + (1 + (y - x).exp()).log()),
    "logs of numbers": (constant(12).log(), 2 * constant(2).log() + constant(3).log()),
    "log of a large number": ((constant(LARGE) / 2).log(), constant(LARGE).log() - constant(2).log()),
    "exp of a log": ((3 * (x * y).log()).exp(), (x * y) ** 3),
    "exp of the log of a difference": ((x - y).log().exp(), x - y),
    "exp of the log of its negative": ((y - x).log().exp(), y - x),
    "exp of half the log of a square": (((1 + x.exp()).log() * 2).exp(), (1 + x.exp()) ** 2),
    "root times root": (x.sqrt() * x.sqrt(), x),
    "root of a product of numbers": (constant(6).sqrt(), constant(2).sqrt() * constant(3).sqrt()),
    "root of a sixth": ((x / 6).sqrt(), x.sqrt() * constant(6).sqrt() / 6),
    "root of a negative multiple": ((-4 * x).sqrt(), 2 * (-x).sqrt()),
    "root of the square of a large prime": (constant(1009**2).sqrt(), constant(1009)),
    "root of a square, squared": (((x - y) ** 2).sqrt() ** 2, (x - y) * (x - y)),
    "one over the root of a square": (1 / (x * x).sqrt(), (x * x).sqrt() / (x * x)),
    "rationalised": (1 / (1 + x.sqrt()), (1 - x.sqrt()) / (1 - x)),
    "one over a root": ((x + 1) ** Fraction(-1, 2), (x + 1).sqrt() / (x + 1)),
    "root of a square known positive": (((1 + x.exp()) ** 2).sqrt(), 1 + x.exp()),
    "root of a square number": ((4 * x).sqrt() - constant(Fraction(9, 4)).sqrt(), 2 * x.sqrt() - Fraction(3, 2)),
    "log of a root": (x.sqrt().log(), x.log() * half),
    "bracket squared": (x.positive() ** 2, x.positive()),
    "bracket cubed beside others": ((1 - x.positive()) * x.positive() * y, constant(0)),
    "bracket of a multiple": ((3 * x).positive(), x.positive()),
    "bracket of the same difference": ((x + y - x).positive(), y.positive()),
}

FALSE = {
    "true at 0 only": ((x.exp() - 1) * x, x**3),
    "true at whole numbers 0, 1, 2 only": (x * (x - 1) * (x - 2), constant(0)),
    "true where x = y only": (softmax(x, y)[0], constant(half)),
    "true to first order": (x.exp(), 1 + x),
    "true to tenth order": (x.exp(), sum(x**q * Fraction(1, int(mp.factorial(q))) for q in range(11))),
    "off by 1e-30": (x + Fraction(1, 10**30), x),
    "log of a sum": ((x + y).log(), x.log() + y.log()),
    "exp of a product": ((x * y).exp(), x.exp() * y.exp()),
    "sigmoid and tanh": (sigmoid(x), x.tanh() * half + half),
    "true where x > y only": (((x - y).log() * 2).exp() / (x - y), y - x),
    "wrong sign of a difference": ((x - y).log().exp(), y - x),
    "wrong sign of a difference, reversed": ((y - x).log().exp(), x - y),
    "root of a sum": ((x + y).sqrt(), x.sqrt() + y.sqrt()),
    "|x| is x for positive x only": ((x * x).sqrt(), x),
    "a third of x splits 1 + e^x": ((x * Fraction(1, 3)).exp() - ((1 + x.exp()) ** 2).sqrt(), x),
    "bracket of the negative": ((-x).positive(), x.positive()),
    "true for positive x only": (x.positive(), constant(1)),
    "a bracket is no square root": (x.positive() * 2, x.positive() + 1),
}

# Beyond its rules the normal form says so; it does not guess.
UNDECIDED = {
    "the log of a square hides a sign": (((x * x).log() * half).exp(), x),
    "a sign hidden by cancellation": (((x * y).log() - (y * y).log() * half).exp(), x),
    "a root by exp and log": ((x.log() * half).exp(), x.sqrt()),
}

TOO_LARGE = {
    "a power of many terms": ((x + y + z) ** 10**9, x),
    "denominators of many terms": (1 / (1 + x + y + z) ** 10**9 + 1 / x, y),
    "factors of a high degree": ((1 + x**1000 + y**1000 + z**1000).log(), x),
    "a unit far below the coefficients": ((x.exp() + y.exp()).log(), ((x / 997).exp() + (y / 997).exp()).log()),
}

UNDEFINED = {
    "division": 1 / (x - x),
    "division by an identity": 1 / ((x + y) ** 2 - x * x - 2 * x * y - y * y),
    "logarithm": (x * 2 - x - x).log(),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_identities_are_zero(name):
    left, right = TRUE[name]
    assert NormalForm().zero(left - right)


@pytest.mark.parametrize("name", FALSE)
def test_false_identities_are_not(name):
    left, right = FALSE[name]
    assert not NormalForm().zero(left - right)


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_is_out_of_reach_is_not_decided(name):
    left, right = UNDECIDED[name]
    with pytest.raises(Undecided):
        NormalForm().zero(left - right)


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_takes_too_long_is_not_decided(name):
    left, right = TOO_LARGE[name]
    with pytest.raises(Undecided, match="more than|above"):
        NormalForm().zero(left - right)


def test_what_was_decided_before_makes_nothing_undecided():
    form = NormalForm()
    assert not form.zero((x / 997).exp() - 1)
    assert form.zero((x.exp() + y.exp()).log() - y - (1 + (x - y).exp()).log())


@pytest.mark.parametrize("name", UNDEFINED)
def test_what_is_nowhere_defined_is_an_error(name):
    with pytest.raises(ZeroDivisionError, match="zero everywhere"):
        NormalForm().zero(UNDEFINED[name])


def test_a_unit_is_found_for_halves_and_thirds_together():
    assert NormalForm().zero((x * half).exp() ** 2 - (x * Fraction(1, 3)).exp() ** 3)


def test_one_instance_decides_all_of_them():
    form = NormalForm()
    assert all(form.zero(left - right) for left, right in TRUE.values())
    assert not any(form.zero(left - right) for left, right in FALSE.values())


@pytest.mark.parametrize("count", range(5, 19))
def test_the_ring_grows_in_the_middle_of_an_operation(count):
    """Eight generators fit at first; a logarithm makes several at once, on either side of that border."""
    unknowns = [variable(f"x{number}") for number in range(count)]
    whole = reduce(lambda first, second: first + second, unknowns)
    product = whole * unknowns[0] * 6
    assert NormalForm().zero((product.log() + (5 * whole).log()).exp() - 30 * whole**2 * unknowns[0])


def test_the_text_of_a_difference_names_its_terms():
    form = NormalForm()
    assert form.text(x * y - 2) in ("x·y + -2", "y·x + -2")
    assert form.text(sum(variable(f"v{number}") for number in range(9)), most=2).endswith("… (9 terms)")


# Random identities: an expression, and the same one rewritten at random.

def polynomial(rng, depth):
    """A random polynomial: exponents that are quotients are out of the normal form's reach."""
    if depth == 0:
        return [x, y, z, constant(int(rng.integers(-3, 4)))][rng.integers(4)]
    first, second = polynomial(rng, depth - 1), polynomial(rng, depth - 1)
    return first + second * 3 if rng.integers(2) else first * second


def tree(rng, depth):
    """A random expression that is defined everywhere."""
    if depth == 0:
        return polynomial(rng, 1)
    first, second, exponent = tree(rng, depth - 1), tree(rng, rng.integers(depth)), polynomial(rng, 1)
    shapes = [
        lambda: first + second,
        lambda: first * second,
        lambda: first / (1 + exponent.exp()),
        lambda: first**2 - second,
        lambda: exponent.tanh() * first,
        lambda: (1 + exponent.exp()).log() * first,
        lambda: first.positive() * second,
    ]
    return shapes[rng.integers(len(shapes))]()


def rewritten(rng, root):
    """The same value by other operations: terms and factors exchanged, products multiplied out, powers written out."""
    known = {}
    for node in postorder(root):
        args = [known[part] if isinstance(part, Scalar) else part for part in node.args]
        known[node] = _rewritten(rng.integers(3), node.kind, args)
    return known[root]


def _rewritten(way, kind, args):
    first, *others = args
    if kind == "add":
        return [others[0] + first, (first * 2 + others[0] * 2) * half, first - others[0] * -1][way]
    if kind == "mul":
        return [others[0] * first, (first + 1) * others[0] - others[0], first * (others[0] - z) + first * z][way]
    if kind == "pow" and others[0] > 0:
        return reduce(lambda left, right: left * right, [first] * others[0])
    if kind == "exp":
        return [(first + z).exp() / z.exp(), (first * half).exp() ** 2, 1 / (-first).exp()][way]
    if kind == "log":
        return [-((1 / first).log()), (first * z.exp()).log() - z, (first**2 / first).log()][way]
    if kind == "positive":
        return [(first * 5).positive(), first.positive() ** 2, first.positive()][way]
    return Scalar(kind, *args)


@pytest.mark.parametrize("seed", range(25))
def test_random_expressions_equal_their_rewritings_and_nothing_else(seed):
    rng = np.random.default_rng(seed)
    form, first = NormalForm(), tree(rng, 4)
    second = rewritten(rng, rewritten(rng, first))
    assert form.zero(first - second)
    assert not form.zero(first - second + x * Fraction(1, 10**9))


def spoiled(rng, root):
    """The expression with 1 added to one of its nodes."""
    order = postorder(root)
    chosen, known = order[rng.integers(len(order))], {}
    for node in order:
        args = [known[part] if isinstance(part, Scalar) else part for part in node.args]
        known[node] = Scalar(node.kind, *args) + (node is chosen)
    return known[root]


@pytest.mark.parametrize("seed", range(25))
def test_a_spoiled_expression_is_equal_only_where_numbers_are(seed):
    rng = np.random.default_rng(1000 + seed)
    first = tree(rng, 4)
    difference = first - rewritten(rng, spoiled(rng, first))
    points = [{name: mpf(rng.uniform(-2, 2)) for name in "xyz"} for _ in range(5)]
    with mp.workdps(40):
        found = [evaluate(difference, point, mp_functions()) for point in points]
    # Forty digits are computed; what cancels to fewer than thirty of them is no difference.
    assert not NormalForm().zero(difference) or max(map(abs, found)) < mpf(10) ** -30
