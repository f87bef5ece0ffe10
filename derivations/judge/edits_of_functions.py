"""Single mistakes with a function: left out, or the slope of another one in its place."""

from sympy import E, Mul, Pow, exp, log

from derivations.judge.edit import Edit
from derivations.printing import text


def of_a_function(expression):
    """Edit after Edit at the top of an expression."""
    if isinstance(expression, exp) or (isinstance(expression, Pow) and expression.base is E):
        argument = expression.args[-1]
        yield Edit("sign", f"the exponent of {text(expression)} has the wrong sign", 1 / expression)
        yield Edit("missing-term", f"the exponential of {text(argument)} is missing", argument)
    elif isinstance(expression, log):
        argument = expression.args[0]
        yield Edit("missing-term", f"the logarithm of {text(argument)} is missing", argument)
        yield Edit("extra-term", f"1 is added inside the logarithm of {text(argument)}", log(1 + argument))
    elif expression.is_Mul:
        yield from _slope_of_tanh(expression)
        yield from _one_minus(expression)
    elif expression.is_Add:
        yield from _slope_of_sigmoid(expression)


def _slope_of_tanh(expression):
    """s (1 − s) as 1 − s²."""
    for factor in expression.args:
        if 1 - factor in expression.args:
            rest = Mul(*[x for x in expression.args if x not in (factor, 1 - factor)])
            shown = text(factor)
            words = f"1 − {shown}^2, the slope of tanh, stands for {shown} (1 − {shown})"
            yield Edit("wrong-function", words, rest * (1 - factor**2))


def _one_minus(expression):
    """s (1 − s) as s², and as (1 − s)²."""
    for factor in [x for x in expression.args if 1 - x in expression.args]:
        rest = Mul(*[x for x in expression.args if x != factor])
        yield Edit("wrong-array", f"{text(1 - factor)} stands for {text(factor)}", rest * (1 - factor))


def _slope_of_sigmoid(expression):
    """1 − t² as t (1 − t)."""
    square = 1 - expression
    if isinstance(square, Pow) and square.exp == 2:
        shown = text(square.base)
        words = f"{shown} (1 − {shown}), the slope of the sigmoid, stands for 1 − {shown}^2"
        yield Edit("wrong-function", words, square.base * (1 - square.base))
