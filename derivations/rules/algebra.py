"""Rules of algebra: products, fractions, exponents and logarithms."""

from sympy import Add, Integer, KroneckerDelta, Mul, Pow, exp, expand_mul, expand_multinomial, log
from sympy.tensor.indexed import Indexed

from derivations.notation import IndexSum, binder, excluded, over_under, rebuilt, substitute
from derivations.rules.rule import Rule, everywhere


def _distribute(expression, names):
    """Multiply out every product of sums of terms, inside out."""
    if not expression.args or isinstance(expression, Indexed):
        return expression
    if isinstance(expression, IndexSum) and excluded(binder(expression), expression.args[0]) is not None:
        return expression  # the 1 − δ of Σ_{k≠c} is no difference to multiply out
    expression = rebuilt(expression, [_distribute(part, names) for part in expression.args])
    if isinstance(expression, Mul) and any(isinstance(factor, Add) for factor in expression.args):
        return expand_mul(expression, deep=False)
    return expression


def powers(expression):
    """{base: exponent} of the factors; e^{f} and e^{h} are different bases (SymPy's own method adds f and h)."""
    found = {}
    for factor in Mul.make_args(expression):
        base, exponent = (factor, Integer(1)) if isinstance(factor, exp) else factor.as_base_exp()
        if isinstance(factor, exp):
            exponent, inner = factor.args[0].as_coeff_Mul()
            base = exp(inner)
        found[base] = found.get(base, Integer(0)) + exponent
    return found


def _common(terms):
    """The product of the factors that all the terms have in common."""
    first, *others = [powers(term) for term in terms]
    shared = {}
    for base, exponent in first.items():
        if base.is_Rational:
            continue
        exponents = [exponent, *(other.get(base, Integer(0)) for other in others)]
        if all(isinstance(e, Integer) for e in exponents) and (
            all(e > 0 for e in exponents) or all(e < 0 for e in exponents)
        ):
            shared[base] = min(exponents, key=abs)
        elif len(set(exponents)) == 1:
            shared[base] = exponent
    return Mul(*(base**exponent for base, exponent in shared.items()))


def _factor(expression, names):
    """Take the common factors out of every sum of terms."""

    def one(part):
        if not isinstance(part, Add):
            return None
        common = _common(part.args)
        return None if common == 1 else common * Add(*(term / common for term in part.args))

    return everywhere(expression, one)


def _log_of_product(expression, names):
    def one(part):
        if not isinstance(part, log) or not isinstance(part.args[0], Mul | Pow):
            return None
        return Add(*(exponent * log(base) for base, exponent in powers(part.args[0]).items()))

    return everywhere(expression, one)


def _exp_of_sum(expression, names):
    def one(part):
        if isinstance(part, exp) and isinstance(part.args[0], Add):
            return Mul(*(exp(term) for term in part.args[0].args))
        return None

    return everywhere(expression, one)


def _log_of_reciprocal(expression, names):
    def one(part):
        factors = Mul.make_args(part)
        logs = [factor for factor in factors if isinstance(factor, log)]
        if Integer(-1) not in factors or len(logs) != 1:
            return None
        return -part / logs[0] * log(1 / logs[0].args[0])

    return everywhere(expression, one)


def _common_denominator(expression, names):
    """f + h/a = (a f + h)/a in every sum of terms with one denominator among them."""

    def one(part):
        if not isinstance(part, Add):
            return None
        under = {over_under(term)[1] for term in part.args} - {Integer(1)}
        if len(under) != 1:
            return None
        below = under.pop()
        return Add(*(term * below for term in part.args)) / below

    return everywhere(expression, one)


def collect(entry):
    """a f + b f = (a + b) f, for one factor f"""

    def one(part):
        if not isinstance(part, Add):
            return None
        inside = [term for term in part.args if entry in Mul.make_args(term)]
        if len(inside) < 2:
            return None
        factor = Add(*(term / entry for term in inside))
        sign = -1 if factor.could_extract_minus_sign() else 1
        return Add(sign * (sign * factor) * entry, *(term for term in part.args if term not in inside))

    return Rule("collect", r"a f + b f = (a + b) f", lambda expression, names: everywhere(expression, one))


def _expand_square(expression, names):
    def one(part):
        if isinstance(part, Pow) and part.exp == 2 and isinstance(part.base, Add):
            return expand_multinomial(part)
        return None

    return everywhere(expression, one)


def _divide_through(expression, names):
    """f/(f + h) = 1/(1 + h/f)"""

    def one(part):
        over, under = over_under(part)
        if over == 1 or not isinstance(under, Add):
            return None
        return 1 / Add(*(term / over for term in under.args))

    return everywhere(expression, one)


def _swap_by_delta(expression, names):
    """f_i δ_ij = f_j δ_ij: in a product with δ_ij, write the first letter of δ for the second elsewhere."""

    def one(part):
        if not isinstance(part, Mul):
            return None
        deltas = [factor for factor in part.args if isinstance(factor, KroneckerDelta)]
        if len(deltas) != 1:
            return None
        keep, change = deltas[0].args
        return deltas[0] * substitute(part / deltas[0], {keep: change})

    return everywhere(expression, one)


multiply_out = Rule("multiply out", r"a (f + h) = a f + a h", _distribute)
split_fraction = Rule("split the fraction", r"\frac{f + h}{a} = \frac{f}{a} + \frac{h}{a}", _distribute)
factor_out = Rule("factor out", r"a f + a h = a (f + h)", _factor)
log_of_product = Rule("log of a quotient", r"\log \frac{f}{h} = \log f - \log h", _log_of_product)
log_of_reciprocal = Rule("log of a reciprocal", r"-\log f = \log \frac{1}{f}", _log_of_reciprocal)
common_denominator = Rule("common denominator", r"f + \frac{h}{a} = \frac{a f + h}{a}", _common_denominator)
divide_through = Rule("divide above and below", r"\frac{f}{f + h} = \frac{1}{1 + h / f}", _divide_through)
expand_square = Rule("square of a difference", r"(f - h)^{2} = f^{2} - 2 f h + h^{2}", _expand_square)
exp_of_sum = Rule("exp of a sum", r"e^{f + h} = e^{f} e^{h}", _exp_of_sum)
equal_by_delta = Rule("where δ is 1", r"f_{i} \, \delta_{ij} = f_{j} \, \delta_{ij}", _swap_by_delta)
