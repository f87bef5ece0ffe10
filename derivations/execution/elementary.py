"""Elementary functions of exact scalars, each in terms of +, ×, powers, exp, log and √.

Arguments and results are nodes: a `Scalar`, or a float that is ∞, −∞ or NaN. What would be NaN or infinite in floating
point is so here: log 0 = −∞, 1/0 = ∞, log of a negative number is NaN.
"""

import math
from fractions import Fraction
from functools import wraps

from derivations.execution.trace import current
from derivations.scalar import ONE, ZERO, constant

NAN = math.nan
HALF = Fraction(1, 2)
LARGEST = 10**5  # bits of a power of a number


def _finite(limit):
    """A decorator: arguments that are ±∞ or NaN go to `limit`, a function of mpmath's context and numbers."""

    def decorate(function):
        @wraps(function)
        def extended(*args):
            if any(isinstance(x, float) for x in args):
                return _at_infinity(limit, args)
            return function(*args)

        return extended

    return decorate


def _at_infinity(limit, args):
    trace = current()
    mp = trace.values.context
    try:
        value = limit(mp, *map(trace.number, args))
    except (ZeroDivisionError, ValueError):
        return NAN
    if not isinstance(value, mp.mpf) or mp.isnan(value):
        return NAN
    return float(value) if mp.isinf(value) else constant(int(value))


def _vanishes(a):
    """Whether a is 0, if only at the numbers of this run: then that is a condition of the path."""
    trace = current()
    return a is ZERO or (trace.sign(a, ZERO, record=False) == 0 and trace.sign(a, ZERO) == 0)


@_finite(lambda mp, a, b: a + b)
def add(a, b):
    return a + b


@_finite(lambda mp, a, b: a - b)
def subtract(a, b):
    return a - b


@_finite(lambda mp, a, b: a * b)
def multiply(a, b):
    return a * b


@_finite(lambda mp, a, b: a / b if b else NAN)
def divide(a, b):
    if _vanishes(b):
        above = current().sign(a, ZERO)
        return above * math.inf if above else NAN
    return a * b**-1


@_finite(lambda mp, a: -a)
def negative(a):
    return -a


@_finite(lambda mp, a: mp.exp(a))
def exp(a):
    return a.exp()


@_finite(lambda mp, a: mp.log(a))
def log(a):
    if _vanishes(a):
        return -math.inf
    return NAN if current().number(a) < 0 else a.log()


@_finite(lambda mp, a: mp.sqrt(a))
def sqrt(a):
    return NAN if current().number(a) < 0 else a.sqrt()


@_finite(lambda mp, a: mp.tanh(a))
def tanh(a):
    return a.tanh()


@_finite(lambda mp, a, e: a**e)
def power(a, e):
    """a^e for whole and half e; otherwise exp(e log a), for a > 0."""
    if e.kind == "const" and (2 * e.args[0]).denominator == 1:
        return _simple_power(a, e.args[0])
    sign = current().sign(a, ZERO, record=False)
    if sign == 0:
        return {1: ZERO, 0: ONE}.get(current().sign(e, ZERO), math.inf)
    return exp(multiply(e, log(a)))


def _simple_power(a, e):
    if a.kind == "const" and e * max(map(int.bit_length, a.args[0].as_integer_ratio())) > LARGEST:
        raise current().refuse("computes a power of too many digits")
    if e < 0:
        return divide(ONE, _simple_power(a, -e))
    return a ** int(e) if e.denominator == 1 else _simple_power(sqrt(a), 2 * e)


@_finite(lambda mp, a: mp.sinh(a))
def sinh(a):
    return (a.exp() - (-a).exp()) * HALF


@_finite(lambda mp, a: mp.cosh(a))
def cosh(a):
    return (a.exp() + (-a).exp()) * HALF


def absolute(a):
    return current().absolute(a)


def sign(a):
    """The sign, an unknown until it matters; 0 for 0."""
    if isinstance(a, float):
        return a if math.isnan(a) else constant(1 if a > 0 else -1)
    found = current().sign(a, ZERO, record=False)
    if a.kind == "const" or not found:
        return constant(found)
    return divide(absolute(a), a)


def maximum(*args):
    return current().largest(args)


def minimum(*args):
    return current().largest(args, lowest=True)


def clip(a, low, high):
    return minimum(maximum(a, low), high)


def heaviside(a, middle):
    found = current().sign(a, ZERO)
    return NAN if found is None else middle if found == 0 else constant(int(found > 0))


@_finite(lambda mp, a: a)
def floor(a):
    """The whole number k with k ≤ a < k + 1, which are conditions of the path."""
    trace = current()
    whole = int(trace.values.context.floor(trace.number(a)))
    while trace.sign(a, constant(whole)) < 0:  # a number that rounds to a whole one from below
        whole -= 1
    trace.sign(a, constant(whole + 1))
    return constant(whole)


def ceil(a):
    return negative(floor(negative(a)))
