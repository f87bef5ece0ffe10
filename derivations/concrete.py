"""An index expression at concrete sizes: every sum written out, every letter a number, every derivative taken.

The same interpreter serves exact scalars (for proofs) and floating-point numbers of any precision (as an oracle): it
asks only for +, ×, powers and the functions named in `Functions`. Derivatives are taken by dual numbers
x + x′ε, ε² = 0, which is independent of the rules that a derivation applies.

An expression is turned into a function of the world that it is read in once for all worlds (`_reader`); from there on
no SymPy object is looked up or compared, which takes longer than the arithmetic.
"""

from copy import copy
from fractions import Fraction
from functools import cache, lru_cache, reduce
from itertools import product
from operator import add, mul
from operator import index as whole

from sympy import E, Integer, KroneckerDelta, Max, Pow, Rational, exp, log, tanh
from sympy.tensor.indexed import Indexed

from derivations.dual import Dual, Functions, apply, plain
from derivations.notation import Index, IndexMax, IndexSum, Iverson, Partial, Size, binder, free_indices
from derivations.scalar import Scalar, constant, variable

EXACT = Functions(constant, Scalar.exp, Scalar.log, Scalar.sqrt, Scalar.tanh, Scalar.positive)


class Concrete:
    """Index expressions at concrete sizes and entries.

    sizes: {Size: int}; entry(name, position) -> number, position a tuple of 1-based whole numbers (class indices too);
    names: definitions of arrays that are not inputs; functions: the kind of number; seeds: ((name, position), …), the
    entries that derivatives are being taken by, the outermost first.
    """

    def __init__(self, sizes, entry, names=(), functions=EXACT, seeds=()):
        self.sizes, self.entry, self.functions, self.seeds = sizes, entry, functions, seeds
        self.known = {}  # (reader, *numbers of its letters) -> number
        self._names = {definition.base.name: definition for definition in names}
        self._inner = {}

    def value(self, expression, letters=()):
        """The number that an expression is, letters a dict {Index: 1-based number} for its free letters."""
        return _reader(expression)(self, {_letter(index): number for index, number in dict(letters).items()})

    def lookup(self, name, position):
        """An entry of an array, with a slope where a derivative is taken by it."""
        number = self._plain(name, position)
        for level, seed in enumerate(self.seeds):
            if seed == (name, position):
                number = Dual(number, self.functions.number(Fraction(1)), level)
        return number

    def _plain(self, name, position):
        """The entry of an input, or of a named array: its meaning, or an independent value while it is a seed."""
        if name not in self._names:
            return self.entry(name, position)
        definition = self._names[name]
        seeded = [level for level, (other, _) in enumerate(self.seeds) if other == name]
        outer = self._with(self.seeds[: seeded[0]]) if seeded else self
        return outer.value(definition.meaning, dict(zip(definition.letters, position, strict=True)))

    def derivative(self, read, letters, seed):
        """∂/∂(the seed's entry) of what is read."""
        if seed not in self._inner:
            self._inner[seed] = self._with((*self.seeds, seed))
        result = read(self._inner[seed], letters)
        if isinstance(result, Dual) and result.level == len(self.seeds):
            return result.slope
        return self.functions.number(Fraction(0))

    def _with(self, seeds):
        """The same entries, with other seeds."""
        other = copy(self)
        other.seeds, other.known, other._inner = seeds, {}, {}
        return other

    def maximum(self, args):
        """max(0, u) = u [u > 0]; of more numbers only where they have an order."""
        if self.functions.maximum is not None:
            numbers = [plain(value) for value in args]
            return args[numbers.index(self.functions.maximum(numbers))]
        if len(args) != 2 or constant(0) not in args:
            raise TypeError("exact scalars have no order: a maximum other than max(0, x) has no exact value")
        value = args[1 - args.index(constant(0))]
        return value * apply("positive", value, self.functions)


@cache
def _reader(expression):
    """The expression as a function of a `Concrete` and of {letter: number}, computed once for the same ones."""
    read, free = _read(expression), tuple(map(_letter, free_indices(expression)))

    def reader(world, letters):
        key = (read, *[letters[x] for x in free])
        if key not in world.known:
            world.known[key] = read(world, letters)
        return world.known[key]

    return reader


@cache
def _letter(index):
    """What an index letter is called here: its name and its size."""
    return f"{index.name}:{index.size}"


def _read(expression):
    """The function that computes the expression from its parts."""
    if isinstance(expression, Rational):
        number = Fraction(int(expression.p), int(expression.q))
        return lambda world, letters: world.functions.number(number)
    if isinstance(expression, Size):
        return lambda world, letters: world.functions.number(Fraction(world.sizes[expression]))
    if isinstance(expression, KroneckerDelta):
        first, second = map(_position, expression.args)
        return lambda world, letters: world.functions.number(
            Fraction(int(first(world, letters) == second(world, letters)))
        )
    if isinstance(expression, Indexed) or expression.is_Symbol and not isinstance(expression, Index):
        name, position = _entry(expression)
        return lambda world, letters: world.lookup(name, position(world, letters))
    if isinstance(expression, IndexSum | IndexMax):
        return _over_range(expression)
    if isinstance(expression, Partial):
        function, (name, position) = _reader(expression.function), _entry(expression.variable)
        return lambda world, letters: world.derivative(function, letters, (name, position(world, letters)))
    return _combined(expression)


def _entry(expression):
    """The name of the array, and the function that gives the position in it."""
    if not isinstance(expression, Indexed):
        return str(expression), lambda world, letters: ()
    places = [_position(x) for x in expression.indices]
    return str(expression.base), lambda world, letters: tuple([place(world, letters) for place in places])


def _position(index):
    """The whole number that an index is: a letter's, or an entry of an array of indices."""
    if isinstance(index, Integer):
        number = int(index)
        return lambda world, letters: number
    if isinstance(index, Indexed):
        name, position = _entry(index)
        # an unknown, equal to no number, is refused
        return lambda world, letters: whole(world.entry(name, position(world, letters)))
    letter = _letter(index)
    return lambda world, letters: letters[letter]


def _over_range(expression):
    index = binder(expression)
    part, letter, size = _reader(expression.args[0]), _letter(index), index.size
    largest = isinstance(expression, IndexMax)

    def over_range(world, letters):
        values = [part(world, {**letters, letter: k}) for k in range(1, world.sizes[size] + 1)]
        return world.maximum(values) if largest else reduce(add, values)

    return over_range


def _combined(expression):
    """Sums, products, powers and functions."""
    if isinstance(expression, Pow) and expression.base is not E:
        return _power(_reader(expression.base), expression.exp)
    parts = [_reader(part) for part in expression.args]
    if expression.is_Add or expression.is_Mul:
        together = add if expression.is_Add else mul
        return lambda world, letters: reduce(together, [part(world, letters) for part in parts])
    if isinstance(expression, Max):
        return lambda world, letters: world.maximum([part(world, letters) for part in parts])
    name = {exp: "exp", log: "log", tanh: "tanh", Iverson: "positive"}.get(expression.func)
    if name is None:
        raise TypeError(f"index notation has no {type(expression).__name__}: {expression}")
    return lambda world, letters: apply(name, parts[0](world, letters), world.functions)


def _power(base, exponent):
    if exponent.is_Integer:
        number = int(exponent)
        return lambda world, letters: base(world, letters) ** number
    if not (exponent * 2).is_Integer:
        raise TypeError(f"index notation has whole and half powers only, got exponent {exponent}")
    halves = int(exponent * 2)
    return lambda world, letters: apply("sqrt", base(world, letters), world.functions) ** halves


@lru_cache(maxsize=1 << 14)
def unknown(name, position):
    """The exact unknown for an entry, named as it is written: o[1], y[2,3]."""
    return variable(f"{name}[{','.join(map(str, position))}]" if position else name)


def coincidences(indices, sizes):
    """Every way in which the free letters may coincide, at one choice of numbers each.

    An expression does not depend on the names of the numbers that its letters stand for, only on which are equal;
    so it is enough to let the letters of one size take 1, then 1 or 2, then … .
    """
    by_size = {}
    for index in sorted(indices, key=lambda x: x.name):
        by_size.setdefault(index.size, []).append(index)
    patterns = [
        [dict(zip(group, numbers, strict=True)) for numbers in _growing(len(group), sizes[size])]
        for size, group in by_size.items()
    ]
    for choice in product(*patterns):
        yield {index: number for pattern in choice for index, number in pattern.items()}


def _growing(length, most):
    """Tuples that start with 1 and never go more than 1 above the largest number so far."""
    tuples = [()]
    for _ in range(length):
        tuples = [(*old, new) for old in tuples for new in range(1, min(max(old, default=0) + 1, most) + 1)]
    return tuples
