"""Derivatives of index expressions worked out by recursion, with nothing left to choose; used by `certificate`.

A derivation differentiates by named rules in a chosen order, and its lines are checked with dual numbers at concrete
sizes. This is a third way: the derivative at symbolic sizes, from which the size that decides an equation can be read.
"""

from sympy import Add, E, Integer, KroneckerDelta, Max, Mul, Pow, exp, expand_mul, log, tanh
from sympy.tensor.indexed import Indexed

from derivations.notation import IndexSum, Iverson, Partial, free_indices, fresh, rebuilt, substitute
from derivations.rules.rule import depends
from derivations.rules.sums import pull_one, sift_one, split_one


def explicit(expression, names=()):
    """The expression with every ∂ carried out through the definitions, multiplied out, and every sum as simple as
    linearity and sifting make it."""
    if not expression.args or isinstance(expression, Indexed | KroneckerDelta):
        return expression
    if isinstance(expression, Partial):
        function = explicit(expression.function, names)
        return explicit(derivative(function, expression.variable, names), names)
    expression = rebuilt(expression, [explicit(part, names) for part in expression.args])
    if isinstance(expression, Mul) and any(isinstance(factor, Add) for factor in expression.args):
        expression = expand_mul(expression, deep=False)
        if expression.is_Add:
            return Add(*(explicit(term, names) for term in expression.args))
    if isinstance(expression, IndexSum):
        return _settled_sum(expression, names)
    if isinstance(expression, exp) and expression.args[0].is_Add:
        return Mul(*(exp(term) for term in expression.args[0].args))
    return _logarithm(expression)


def _settled_sum(expression, names):
    for change in (split_one, sift_one, pull_one):
        new = change(expression.index, expression.function)
        if new is not None:
            return explicit(new, names)
    return Integer(0) if expression.function == 0 else expression


def _logarithm(expression):
    """log of a product as a sum, where SymPy would leave it."""
    if not isinstance(expression, log):
        return expression
    argument = expression.args[0]
    if isinstance(argument, Mul):
        return Add(
            *(_logarithm(log(factor)) if isinstance(log(factor), log) else log(factor) for factor in argument.args)
        )
    if isinstance(argument, Pow) and argument.base is not E:
        return argument.exp * log(argument.base)
    return expression


def derivative(function, variable, names):
    """∂function/∂variable; a named intermediate by the chain rule through its definition, elsewhere the name stays."""
    if not depends(function, variable, names):
        return Integer(0)
    if isinstance(function, Indexed):
        return _entry(function, variable, names)
    if function.is_Add:
        return Add(*(derivative(term, variable, names) for term in function.args))
    if function.is_Mul:
        return Add(*(function / factor * derivative(factor, variable, names) for factor in function.args))
    if isinstance(function, IndexSum):
        return _sum(function, variable, names)
    inner = function.base if isinstance(function, Pow) and function.base is not E else function.args[-1]
    return _outer(function, inner) * derivative(inner, variable, names)


def _entry(function, variable, names):
    if function.base == variable.base:
        return Mul(*(KroneckerDelta(*pair) for pair in zip(function.indices, variable.indices, strict=True)))
    definition = next(name for name in names if name.base == function.base)
    return derivative(definition.at(function.indices), variable, names)


def _sum(function, variable, names):
    index, body = function.index, function.function
    if index in free_indices(variable):
        new = fresh(index.size, free_indices(body) | free_indices(variable))
        index, body = new, substitute(body, {index: new})
    return IndexSum(derivative(body, variable, names), index)


def _outer(function, inner):
    """f′(u) for f(u)"""
    if isinstance(function, exp) or isinstance(function, Pow) and function.base is E:
        return function
    if isinstance(function, Pow):
        return function.exp * function.base ** (function.exp - 1)
    if isinstance(function, log):
        return 1 / inner
    if isinstance(function, tanh):
        return 1 - function**2
    if isinstance(function, Max):
        return Iverson(inner)
    if isinstance(function, Iverson):
        return Integer(0)
    raise TypeError(f"no derivative for {type(function).__name__}")
