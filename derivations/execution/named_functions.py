"""NumPy's and SciPy's functions of single entries by their names, made of the elementary ones."""

import math

from derivations.execution.elementary import (
    HALF,
    NAN,
    absolute,
    add,
    ceil,
    clip,
    cosh,
    divide,
    exp,
    floor,
    heaviside,
    log,
    maximum,
    minimum,
    multiply,
    negative,
    power,
    sign,
    sinh,
    sqrt,
    subtract,
    tanh,
)
from derivations.scalar import ONE, ZERO, constant


def _ignoring_nan(choose):
    def chosen(a, b):
        present = [x for x in (a, b) if not (isinstance(x, float) and math.isnan(x))]
        return choose(*present) if present else NAN

    return chosen


def logaddexp(a, b):
    """log(e^a + e^b)"""
    return log(add(exp(a), exp(b)))


def logaddexp2(a, b):
    """log₂(2^a + 2^b)"""
    return log2(add(exp2(a), exp2(b)))


def log2(a):
    return divide(log(a), constant(2).log())


def log10(a):
    return divide(log(a), constant(10).log())


def exp2(a):
    return exp(multiply(a, constant(2).log()))


def arctanh(a):
    """½ log((1 + a)/(1 − a))"""
    return multiply(constant(HALF), log(divide(add(ONE, a), subtract(ONE, a))))


def xlogy(a, b):
    """a log b, and 0 where a = 0"""
    return ZERO if a is ZERO else multiply(a, log(b))


def expit(a):
    """1/(1 + e^{−a})"""
    return divide(ONE, add(ONE, exp(negative(a))))


FUNCTIONS = {
    "add": add,
    "subtract": subtract,
    "multiply": multiply,
    "divide": divide,
    "negative": negative,
    "positive": lambda a: a,
    "conjugate": lambda a: a,
    "exp": exp,
    "exp2": exp2,
    "expm1": lambda a: subtract(exp(a), ONE),
    "log": log,
    "log2": log2,
    "log10": log10,
    "log1p": lambda a: log(add(ONE, a)),
    "sqrt": sqrt,
    "square": lambda a: multiply(a, a),
    "reciprocal": lambda a: divide(ONE, a),
    "power": power,
    "float_power": power,
    "tanh": tanh,
    "sinh": sinh,
    "cosh": cosh,
    "arctanh": arctanh,
    "absolute": absolute,
    "fabs": absolute,
    "sign": sign,
    "floor": floor,
    "ceil": ceil,
    "maximum": maximum,
    "minimum": minimum,
    "fmax": _ignoring_nan(maximum),
    "fmin": _ignoring_nan(minimum),
    "clip": clip,
    "heaviside": heaviside,
    "hypot": lambda a, b: sqrt(add(multiply(a, a), multiply(b, b))),
    "logaddexp": logaddexp,
    "logaddexp2": logaddexp2,
    # SciPy's
    "expit": expit,
    "log_expit": lambda a: negative(log(add(ONE, exp(negative(a))))),
    "logit": lambda a: log(divide(a, subtract(ONE, a))),
    "xlogy": xlogy,
    "xlog1py": lambda a, b: xlogy(a, add(ONE, b)),
    "entr": lambda a: negative(xlogy(a, a)),
}
"""By the name of NumPy's or SciPy's ufunc."""
