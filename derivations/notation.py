"""Index notation:  o[i], δ_ij, Σ_{k=1..n} f(k), ∂f/∂o[j]  over symbolic sizes.

An `Index` is a letter that runs over 1 … size; an array is a SymPy `IndexedBase`; sums, maxima and
partial derivatives are the classes below. SymPy's own would not do: its `Sum` melts nested sums into one, and its
`Derivative` replaces ∂p[i]/∂o[j] by 0 where the two arrays have no symbol in common, even if p is a function of o.

Letters and their meaning, the same in every file:  o logits, p probabilities, y targets, x input, g upstream gradient,
W weights, β bias;  n classes or outputs (letters i j k l), B rows of the batch (b a), m inputs (u v),
h hidden units (s t).
"""

from functools import lru_cache

from sympy import E, Expr, Function, IndexedBase, KroneckerDelta, Mul, Pow, Symbol, sympify
from sympy.tensor.indexed import Indexed


class Size(Symbol):
    """A positive whole number that stays symbolic, with the letters that usually run over it."""

    __slots__ = ("letters",)

    def __new__(cls, name, letters):
        size = Symbol.__xnew__(cls, name, integer=True, positive=True)
        size.letters = letters
        return size

    def __getnewargs_ex__(self):
        return (self.name, self.letters), {}


class Index(Symbol):
    """A letter i with 1 ≤ i ≤ size."""

    __slots__ = ("size",)

    def __new__(cls, name, size):
        index = Symbol.__xnew__(cls, name, integer=True, positive=True)
        index.size = size
        return index

    def __getnewargs_ex__(self):
        return (self.name, self.size), {}

    def _hashable_content(self):
        return (*super()._hashable_content(), self.size)


n = Size("n", "ijkl")
B = Size("B", "ba")
m = Size("m", "uv")
h = Size("h", "st")
i, j, k, l = (Index(letter, n) for letter in n.letters)  # noqa: E741  (the field's letter)
c = Index("c", n)  # the class of a row, as data
b, a = (Index(letter, B) for letter in B.letters)
u, v = (Index(letter, m) for letter in m.letters)
s, t = (Index(letter, h) for letter in h.letters)


class Partial(Expr):
    """∂f/∂v, unevaluated: v is an entry of an array, an input or a named intermediate such as p[i]."""

    def __new__(cls, function, variable):
        if not isinstance(variable, Indexed | Symbol):
            raise TypeError(f"Partial: expected an array entry such as o[j] to differentiate by, got {variable}")
        return Expr.__new__(cls, sympify(function), variable)

    function = property(lambda self: self.args[0])
    variable = property(lambda self: self.args[1])


class Iverson(Function):
    """[x > 0]: 1 where x > 0, else 0 (the Iverson bracket)."""

    nargs = 1
    is_real = True


class _OverIndex(Expr):
    """What binds an index letter: the letter runs over its whole range."""

    is_real = True

    def __new__(cls, function, index):
        return Expr.__new__(cls, sympify(function), index)

    function = property(lambda self: self.args[0])
    index = property(lambda self: self.args[1])


class IndexSum(_OverIndex):
    """Σ_k f(k) over the whole range of the letter k."""


class IndexMax(_OverIndex):
    """max_k f(k) over the whole range of the letter k."""


def array(name, *axes, **assumptions):
    """An array with one symbolic size for each axis; real unless the assumptions say more."""
    return IndexedBase(name, shape=axes, **{"real": True, **assumptions})


def total(function, *indices):
    """Σ f over the whole range of each index letter, the last one innermost."""
    for index in reversed(indices):
        function = IndexSum(function, index)
    return function


def all_but(function, index, target):
    """Σ_{k≠c} f(k), which is Σ_k (1 − δ_kc) f(k)."""
    return total((1 - KroneckerDelta(index, target)) * function, index)


def excluded(index, body):
    """The c of Σ_{k≠c}, given the letter k and the body of the sum; None for a sum without a factor 1 − δ_kc."""
    for factor in Mul.make_args(body):
        deltas = [-part for part in factor.args if isinstance(-part, KroneckerDelta)] if factor.is_Add else []
        if len(deltas) == 1 and factor == 1 - deltas[0] and index in deltas[0].args:
            return next(letter for letter in deltas[0].args if letter != index)
    return None


def over_under(expression):
    """(numerator, denominator) as written: e^{−x} stays above, unlike with SymPy's `fraction`."""
    over, under = [], []
    for factor in Mul.make_args(expression):
        if factor.is_Rational:
            over.append(factor.numerator)
            under.append(factor.denominator)
        elif isinstance(factor, Pow) and factor.base is not E and factor.exp.could_extract_minus_sign():
            under.append(1 / factor)
        else:
            over.append(factor)
    return Mul(*over), Mul(*under)


def delta(first, second):
    """δ: 1 where the two indices are equal, else 0."""
    return KroneckerDelta(first, second)


def binder(expression):
    """The letter that a IndexSum or IndexMax binds, or None for any other expression."""
    return expression.index if isinstance(expression, _OverIndex) else None


def rebuilt(expression, args):
    """The expression with new arguments, itself where they are the old ones (SymPy would evaluate again)."""
    if all(new is old for new, old in zip(args, expression.args, strict=True)):
        return expression
    return expression.func(*args)


@lru_cache(maxsize=1 << 15)
def free_indices(expression):
    """The index letters that no IndexSum or IndexMax in the expression binds."""
    if isinstance(expression, Index):
        return frozenset((expression,))
    inner = frozenset().union(*(free_indices(part) for part in _parts(expression)))
    return inner - {binder(expression)}


def _parts(expression):
    if isinstance(expression, Indexed):
        return expression.indices
    return expression.args[:1] if binder(expression) is not None else expression.args


def fresh(size, taken):
    """A letter of the size that is not among those taken: its own letters first, then k1, k2, …"""
    names = {index.name for index in taken}
    numbered = (f"{size.letters[-1]}{number}" for number in range(1, len(names) + 2))
    return Index(next(name for name in (*size.letters, *numbered) if name not in names), size)


def substitute(expression, changes):
    """The expression with free letters or other subexpressions exchanged; bound letters step out of the way."""
    if expression in changes:
        return changes[expression]
    if not expression.args:
        return expression
    bound = binder(expression)
    if bound is None:
        return rebuilt(expression, [substitute(part, changes) for part in expression.args])
    inner = {old: new for old, new in changes.items() if bound not in free_indices(old)}
    arriving = frozenset().union(*(free_indices(new) for new in inner.values()))
    body = expression.args[0]
    if bound in arriving:
        leaving = frozenset().union(*(free_indices(old) for old in inner))
        old, bound = bound, fresh(bound.size, arriving | leaving | free_indices(body))
        body = substitute(body, {old: bound})
    return expression.func(substitute(body, inner), bound)


@lru_cache(maxsize=1 << 14)
def canonical(expression):
    """The expression with its bound letters renamed in a fixed way: equal for two lines that differ in them alone."""
    return _renamed(expression, frozenset(), keep=False)


def distinct(expression):
    """The expression with a bound letter renamed only where it would be read as another one around it."""
    return _renamed(expression, free_indices(expression), keep=True)


def _renamed(expression, taken, keep):
    bound = binder(expression)
    if bound is None:
        if not expression.args or isinstance(expression, Indexed):
            return expression
        return rebuilt(expression, [_renamed(part, taken, keep) for part in expression.args])
    body = expression.args[0]
    taken = taken | (free_indices(body) - {bound})
    letter = bound if keep and bound not in taken else fresh(bound.size, taken)
    inner = _renamed(body if letter == bound else substitute(body, {bound: letter}), taken | {letter}, keep)
    return expression if letter == bound and inner is body else expression.func(inner, letter)
