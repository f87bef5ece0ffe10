"""Which sizes decide an equation between index expressions (docs/proof.md has the argument and its proof).

For one size symbol n, an equation without derivatives and without δ at summed letters is brought to N = 0, its
denominators cleared. N is built by +, × and Σ over n from functions of entries; the *site* k is all entries that carry
the number k of size n. Let r be its free letters of size n, D the most sums over n in one
product, and d its degree in n where every sum Σ_k f(k) is written n f(φ) + Σ_k (f(k) − f(φ)), φ a point of a site at
which every summand is defined. Then N = 0 for n = 1 … max(1, r + D) + d implies N = 0 for every n.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

from sympy import Add, E, Integer, KroneckerDelta, Mul, Pow, Symbol, exp, nan, zoo
from sympy.tensor.indexed import Indexed

from derivations.notation import Index, IndexMax, IndexSum, Partial, Size, free_indices, rebuilt
from derivations.rules.hypotheses import SumsToOne

VALUES = "0", "1", "exp 0"  # that an entry x may have at φ: 0, 1, or e^x = 0 where x itself does not occur


class PremiseFails(ValueError):
    """The argument does not reach this equation; the message says why."""


@dataclass(frozen=True)
class Cutoff:
    """free letters r, sums D, degree d of one size, and the largest size that must be checked."""

    free: int
    sums: int
    degree: int

    @property
    def decides(self):
        return max(1, self.free + self.sums) + self.degree


@dataclass(frozen=True)
class _Shape:
    """D, d and the degree in arrays that sum to one, of a numerator; and the denominators that were cleared."""

    sums: int = 0
    degree: int = 0
    target: int = 0
    below: Counter = field(default_factory=Counter)


def cutoff(left, right, size, hypotheses=(), others=()):
    """The Cutoff of left = right for one size symbol; PremiseFails where the argument does not reach.

    others: {size: Cutoff} of sizes treated before. They are numbers by now, at most the ones that decide, and a sum
    over them is a sum of that many terms, each with denominators of its own.
    """
    return _Analysis(size, hypotheses, dict(others)).cutoff(left, right)


class _Analysis:
    def __init__(self, size, hypotheses, others):
        self._size, self._others = size, others
        constrained = [h.entry for h in hypotheses if isinstance(h, SumsToOne)]
        self._targets = {entry.base for entry in constrained if entry.indices[-1].size == size}
        self._fixed = {entry.base for entry in constrained if entry.indices[-1].size != size}

    def cutoff(self, left, right):
        letters = free_indices(left) | free_indices(right)
        equation = Add(left, -right, evaluate=False)
        self._vanishing = self._best_point([part for part in subexpressions(equation) if self._sums_here(part)])
        shape = self._add([self._shape(left), self._shape(right)])
        free = len([letter for letter in letters if letter.size == self._size])
        return Cutoff(free, shape.sums + shape.target, shape.degree)

    # the point φ

    def _sums_here(self, part):
        return isinstance(part, IndexSum) and part.index.size == self._size

    def _best_point(self, sums):
        """{sum: whether its summand vanishes at φ}, for the φ at which most do."""
        carried = [_arrays_at(part) - self._fixed for part in sums]  # a row that sums to one keeps fixed values
        arrays = sorted(frozenset().union(*carried), key=str)
        tables = [_vanishing(part, [x for x in arrays if x in own]) for part, own in zip(sums, carried, strict=True)]
        places = [[place for place, x in enumerate(arrays) if x in own] for own in carried]
        best = None
        for values in product(VALUES, repeat=len(arrays)):
            if any(array in self._targets and value != "0" for array, value in zip(arrays, values, strict=True)):
                continue  # the point must be one at which the hypothesis can hold
            found = [table[tuple(values[k] for k in at)] for table, at in zip(tables, places, strict=True)]
            if None not in found and (best is None or sum(found) > sum(best)):
                best = found
        if best is None and sums:
            raise PremiseFails(f"no point is found at which every summand over {self._size} is defined")
        return dict(zip(sums, best or (), strict=True))

    # the shape

    def _shape(self, part):
        if part.has(Partial, IndexMax):
            raise PremiseFails("a derivative or maximum stands in the equation")
        if not self._involved(part):
            return _Shape(target=self._target_degree(part))
        if part == self._size:
            return _Shape(degree=1)
        if part.is_Add:
            return self._add([self._shape(term) for term in part.args])
        if part.is_Mul:
            return _product([self._shape(factor) for factor in part.args])
        if isinstance(part, Pow) and part.exp.is_Integer and part.base is not E:
            return self._power(part)
        if isinstance(part, IndexSum):
            return self._sum(part)
        raise PremiseFails(f"{type(part).__name__} of a sum over {self._size}")

    def _involved(self, part):
        """Whether the size enters, by a sum over it or by itself; what is left is a function of the sites it names."""
        return any(self._sums_here(x) or x == self._size for x in subexpressions(part))

    def _target_degree(self, part):
        """The degree in the arrays that sum to one over this size."""
        if not any(entry.base in self._targets for entry in part.atoms(Indexed)):
            return 0
        if isinstance(part, Indexed):
            return 1
        if part.is_Add:
            return max(map(self._target_degree, part.args))
        if part.is_Mul:
            return sum(map(self._target_degree, part.args))
        if isinstance(part, Pow) and _whole(part) and part.exp > 0:
            return int(part.exp) * self._target_degree(part.base)
        if isinstance(part, IndexSum):
            return self._target_degree(part.function)
        raise PremiseFails(f"{part}: not a polynomial in what sums to one")

    def _add(self, shapes):
        common = Counter()
        for shape in shapes:
            common |= shape.below
        cleared = [_product([shape, *self._missing(common - shape.below)]) for shape in shapes]
        return _Shape(*(max(getattr(x, name) for x in cleared) for name in ("sums", "degree", "target")), common)

    def _missing(self, factors):
        """The shapes by which a numerator is multiplied to reach the common denominator."""
        found = []
        for factor, times in factors.items():
            if isinstance(factor, IndexSum) and not self._sums_here(factor):  # a product over rows, from `_terms`
                times *= self._others[factor.index.size].decides
                factor = factor.function
            shape = self._shape(factor)
            found += [_Shape(shape.sums, shape.degree, shape.target)] * times
        return found

    def _power(self, part):
        inner, exponent = self._shape(part.base), int(part.exp)
        if exponent > 0:
            return _product([inner] * exponent)
        if inner.target:
            raise PremiseFails(f"{part}: what sums to one stands below")
        above = self._missing(inner.below)
        return _product([*above * -exponent, _Shape(below=Counter({part.base: -exponent}))])

    def _sum(self, part):
        inner = self._shape(part.function)
        apart = [factor for factor in inner.below if part.index in free_indices(factor)]
        if apart and part.index.size not in self._others:
            raise PremiseFails(f"a denominator under the sum over {part.index} depends on it and on {self._size}")
        if apart:
            return self._terms(part.index, inner, apart)
        if not self._sums_here(part):
            return inner
        degree = inner.degree + (0 if self._vanishing[part] else 1)
        return _Shape(inner.sums + 1, degree, inner.target, inner.below)

    def _terms(self, index, inner, apart):
        """The shape of Σ_b f_b / Z_b, that is Σ_b (f_b Π_{a≠b} Z_a) over Π_b Z_b: of each row's denominator once."""
        rows = self._others[index.size].decides
        below = Counter({f: times for f, times in inner.below.items() if f not in apart})
        for factor in apart:
            below[IndexSum(factor, index)] += inner.below[factor]  # stands for the product over the rows
        missing = [shape for f in apart for shape in self._missing(Counter({f: inner.below[f] * (rows - 1)}))]
        cleared = _product([_Shape(inner.sums, inner.degree, inner.target), *missing])
        return _Shape(cleared.sums, cleared.degree, cleared.target, below)


def _arrays_at(part):
    """The arrays of which the summand has entries that carry the summed letter; classes are no numbers to choose."""
    entries = (entry for entry in part.function.atoms(Indexed) if part.index in entry.indices)
    return {entry.base for entry in entries if not entry.base.label.is_integer}


def _vanishing(part, arrays):
    """{values of the arrays: whether the summand vanishes there, None where it is not defined}."""
    return {
        values: _vanishes(part, tuple(zip(arrays, values, strict=True)))
        for values in product(VALUES, repeat=len(arrays))
    }


@lru_cache(maxsize=1 << 14)
def _vanishes(part, point):
    """`_vanishing` at one point ((array, value), …); remembered, since equations have summands in common."""
    values = dict(point)

    def change(expression):
        if isinstance(expression, exp) and isinstance(expression.args[0], Indexed):
            entry = expression.args[0]
            if part.index in entry.indices and values.get(entry.base) == "exp 0":
                return Integer(0)
        if isinstance(expression, Indexed):
            if part.index not in expression.indices or expression.base not in values:
                return expression
            return Symbol("bare") if values[expression.base] == "exp 0" else Integer(values[expression.base])
        if isinstance(expression, KroneckerDelta) and part.index in expression.args:
            raise PremiseFails(f"a δ with the summed letter {part.index} was left")
        return rebuilt(expression, [change(x) for x in expression.args]) if expression.args else expression

    value = change(_split_exponentials(part.function))
    if value.has(zoo, nan) or value.has(Symbol("bare")) and value != 0:
        return None
    return value == 0 or value.is_zero is True


def _product(shapes):
    below = Counter()
    for shape in shapes:
        below += shape.below
    return _Shape(*(sum(getattr(x, name) for x in shapes) for name in ("sums", "degree", "target")), below)


def _whole(power):
    return power.exp.is_Integer and power.base is not E


def subexpressions(expression):
    yield expression
    if not isinstance(expression, Indexed | Index | Size):
        for part in expression.args:
            yield from subexpressions(part)


def _split_exponentials(expression):
    """e^{f + h} as e^f e^h, and e^{qx} as (e^x)^q, so that an exponential stands over a single entry."""
    if isinstance(expression, exp):
        return Mul(*(_one_exponential(term) for term in Add.make_args(expression.args[0])))
    if not expression.args or isinstance(expression, Indexed):
        return expression
    return rebuilt(expression, [_split_exponentials(part) for part in expression.args])


def _one_exponential(term):
    coefficient, rest = term.as_coeff_Mul()
    return Pow(exp(rest), coefficient, evaluate=False) if coefficient < 0 else exp(rest) ** coefficient
