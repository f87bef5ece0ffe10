"""Rules of differentiation, each the sentence that a textbook has for it."""

from sympy import Add, E, KroneckerDelta, Max, Mul, Pow, exp, log, tanh
from sympy.tensor.indexed import Indexed

from derivations.notation import IndexSum, Iverson, Partial, binder, free_indices, fresh, over_under, substitute, total
from derivations.rules.rule import Rule, depends, on_partials


def _quotient(function, variable, names):
    over, under = over_under(function)
    if not depends(under, variable, names):
        return None
    return (Partial(over, variable) * under - over * Partial(under, variable)) / under**2


def _product(function, variable, names):
    factors = [factor for factor in Mul.make_args(function) if depends(factor, variable, names)]
    if not isinstance(function, Mul) or len(factors) < 2:
        return None
    return Add(*(Partial(factor, variable) * (function / factor) for factor in factors))


def _constant_factor(function, variable, names):
    constants = [factor for factor in Mul.make_args(function) if not depends(factor, variable, names)]
    constants = [factor for factor in constants if not factor.is_Number] or constants  # signs and numbers go last
    if not isinstance(function, Mul) or not constants:
        return None
    return Mul(*constants) * Partial(function / Mul(*constants), variable)


def _terms(function, variable, names):
    if not isinstance(function, Add):
        return None
    return Add(*(Partial(term, variable) for term in function.args))


def _into_sum(function, variable, names):
    if not isinstance(function, IndexSum):
        return None
    index, body = binder(function), function.args[0]
    if index in free_indices(variable):
        new = fresh(index.size, free_indices(function) | free_indices(variable))
        index, body = new, substitute(body, {index: new})
    return total(Partial(body, variable), index)


def _constant(function, variable, names):
    return None if depends(function, variable, names) else 0 * function


def _exp(function, variable, names):
    return function * Partial(function.args[0], variable) if isinstance(function, exp) else None


def _log(function, variable, names):
    return Partial(function.args[0], variable) / function.args[0] if isinstance(function, log) else None


def _tanh(function, variable, names):
    return (1 - function**2) * Partial(function.args[0], variable) if isinstance(function, tanh) else None


def _power(function, variable, names):
    number, function = function.as_coeff_Mul()  # ½ f² together, for ½ · 2 is nothing to write down
    if not isinstance(function, Pow) or function.base is E or depends(function.exp, variable, names):
        return None
    return number * function.exp * function.base ** (function.exp - 1) * Partial(function.base, variable)


def _kink(function, variable, names):
    rest = [part for part in function.args if part != 0]
    if not isinstance(function, Max) or len(rest) != 1 or len(function.args) != 2:
        return None
    return Iverson(rest[0]) * Partial(rest[0], variable)


def _coordinates(function, variable, names):
    if not (isinstance(function, Indexed) and isinstance(variable, Indexed) and function.base == variable.base):
        return None
    return Mul(*(KroneckerDelta(*pair) for pair in zip(function.indices, variable.indices, strict=True)))


quotient_rule = Rule(
    "quotient rule",
    r"\partial \frac{f}{h} = \frac{h \, \partial f - f \, \partial h}{h^{2}}",
    on_partials(_quotient),
)
product_rule = Rule("product rule", r"\partial (f h) = h \, \partial f + f \, \partial h", on_partials(_product))
constant_factor = Rule("constant factor", r"\partial (c f) = c \, \partial f", on_partials(_constant_factor))
term_by_term = Rule("sum rule", r"\partial (f + h) = \partial f + \partial h", on_partials(_terms))
derivative_into_sum = Rule(
    "derivative into the sum",
    r"\partial \sum_{k} f_{k} = \sum_{k} \partial f_{k}",
    on_partials(_into_sum),
)
constant_rule = Rule("derivative of a constant", r"\partial c = 0", on_partials(_constant))
exp_rule = Rule("chain rule, exp", r"\partial e^{f} = e^{f} \, \partial f", on_partials(_exp))
log_rule = Rule("chain rule, log", r"\partial \log f = \frac{\partial f}{f}", on_partials(_log))
tanh_rule = Rule("chain rule, tanh", r"\partial \tanh f = (1 - \tanh^{2} f) \, \partial f", on_partials(_tanh))
power_rule = Rule("chain rule, power", r"\partial f^{q} = q f^{q - 1} \, \partial f", on_partials(_power))
coordinates = Rule(
    "independent coordinates",
    r"\frac{\partial o_{i}}{\partial o_{j}} = \delta_{ij}",
    on_partials(_coordinates),
)


maximum_rule = Rule("chain rule, max", r"\partial \max(0, f) = [f > 0] \, \partial f", on_partials(_kink))


def chain_through(definition):
    """∂f/∂o_j = Σ_i ∂f/∂p_i ∂p_i/∂o_j, where f depends on o through the array that is defined alone."""

    def change(function, variable, names):
        if isinstance(variable, Indexed) and variable.base == definition.base or function == definition.symbol:
            return None
        if isinstance(function, Indexed) and function.base == definition.base:
            return None
        others = tuple(name for name in names if name.base != definition.base)
        if not depends(function, definition.symbol, names) or depends(function, variable, others):
            return None
        entry, taken = definition.symbol, free_indices(function) | free_indices(variable)
        letters = []
        for letter in definition.letters:
            letters.append(fresh(letter.size, taken))
            taken |= {letters[-1]}
        entry = substitute(entry, dict(zip(definition.letters, letters, strict=True)))
        return total(Partial(function, entry) * Partial(entry, variable), *letters)

    return Rule(
        f"chain rule through {definition.base}",
        r"\frac{\partial f}{\partial o_{j}}"
        r" = \sum_{i} \frac{\partial f}{\partial p_{i}} \frac{\partial p_{i}}{\partial o_{j}}",
        on_partials(change),
    )
