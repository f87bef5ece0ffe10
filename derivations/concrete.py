"""An index expression at concrete sizes: every sum written out, every letter a number, every derivative taken.

The same interpreter serves exact scalars (for proofs) and floating-point numbers of any precision (as an oracle): it
asks only for +, ×, powers and the functions named in `Functions`. Derivatives are taken by dual numbers
x + x′ε, ε² = 0, which is independent of the rules that a derivation applies.
"""

from fractions import Fraction
from functools import cache
from itertools import product
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
    names: definitions of arrays that are not inputs; functions: the kind of number.
    """

    def __init__(self, sizes, entry, names=(), functions=EXACT, seeds=()):
        self._sizes, self._entry, self._functions, self._seeds = sizes, entry, functions, seeds
        self._names = {definition.base: definition for definition in names}
        self._definitions = names
        self._known = {}
        self._inner = {}

    def value(self, expression, letters=()):
        """The number that an expression is, letters a dict {Index: 1-based number} for its free letters."""
        letters = dict(letters)
        key = (expression, *(letters[x] for x in _free(expression)))
        if key not in self._known:
            self._known[key] = self._value(expression, letters)
        return self._known[key]

    def _value(self, expression, letters):
        if isinstance(expression, Rational):
            return self._functions.number(Fraction(int(expression.p), int(expression.q)))
        if isinstance(expression, Size):
            return self._functions.number(Fraction(self._sizes[expression]))
        if isinstance(expression, Indexed):
            return self._lookup(expression.base, tuple(self._position(x, letters) for x in expression.indices))
        if isinstance(expression, KroneckerDelta):
            first, second = (self._position(x, letters) for x in expression.args)
            return self._functions.number(Fraction(int(first == second)))
        if isinstance(expression, IndexSum | IndexMax):
            return self._over_range(expression, letters)
        if isinstance(expression, Partial):
            return self._derivative(expression, letters)
        if expression.is_Symbol and not isinstance(expression, Index):
            return self._lookup(expression, ())
        return self._combined(expression, letters)

    def _combined(self, expression, letters):
        if isinstance(expression, Pow) and expression.base is not E:
            return self._power(self.value(expression.base, letters), expression.exp)
        args = [self.value(part, letters) for part in expression.args]
        if expression.is_Add or expression.is_Mul:
            result = args[0]
            for other in args[1:]:
                result = result + other if expression.is_Add else result * other
            return result
        if isinstance(expression, Max):
            return self._maximum(args)
        name = {exp: "exp", log: "log", tanh: "tanh", Iverson: "positive"}.get(expression.func)
        if name is None:
            raise TypeError(f"index notation has no {type(expression).__name__}: {expression}")
        return apply(name, args[0], self._functions)

    def _power(self, base, exponent):
        if exponent.is_Integer:
            return base ** int(exponent)
        if not (exponent * 2).is_Integer:
            raise TypeError(f"index notation has whole and half powers only, got exponent {exponent}")
        return apply("sqrt", base, self._functions) ** int(exponent * 2)

    def _maximum(self, args):
        """max(0, u) = u [u > 0]; of more numbers only where they have an order."""
        if self._functions.maximum is not None:
            numbers = [plain(value) for value in args]
            return args[numbers.index(self._functions.maximum(numbers))]
        if len(args) != 2 or constant(0) not in args:
            raise TypeError("exact scalars have no order: a maximum other than max(0, x) has no exact value")
        value = args[1 - args.index(constant(0))]
        return value * apply("positive", value, self._functions)

    def _over_range(self, expression, letters):
        index = binder(expression)
        values = [
            self.value(expression.args[0], {**letters, index: position})
            for position in range(1, self._sizes[index.size] + 1)
        ]
        if isinstance(expression, IndexMax):
            return self._maximum(values)
        result = values[0]
        for other in values[1:]:
            result = result + other
        return result

    def _position(self, index, letters):
        """The whole number that an index is: a letter's, or an entry of an array of indices."""
        if isinstance(index, Integer):
            return int(index)
        if isinstance(index, Indexed):
            position = tuple(self._position(x, letters) for x in index.indices)
            return whole(self._entry(str(index.base), position))  # an unknown, equal to no number, is refused
        return letters[index]

    def _lookup(self, base, position):
        number = self._plain(base, position)
        for level, seed in enumerate(self._seeds):
            if seed == (base, position):
                number = Dual(number, self._functions.number(Fraction(1)), level)
        return number

    def _plain(self, base, position):
        """The entry of an input, or of a named array: its meaning, or an independent value while it is a seed."""
        if base not in self._names:
            return self._entry(str(base), position)
        definition = self._names[base]
        seeded = [level for level, (name, _) in enumerate(self._seeds) if name == base]
        outer = (
            self
            if not seeded
            else Concrete(self._sizes, self._entry, self._definitions, self._functions, self._seeds[: seeded[0]])
        )
        return outer.value(definition.meaning, dict(zip(definition.letters, position, strict=True)))

    def _derivative(self, expression, letters):
        variable_ = expression.variable
        indices = variable_.indices if isinstance(variable_, Indexed) else ()
        base = variable_.base if isinstance(variable_, Indexed) else variable_
        seed = (base, tuple(self._position(x, letters) for x in indices))
        if seed not in self._inner:
            self._inner[seed] = Concrete(
                self._sizes, self._entry, self._definitions, self._functions, (*self._seeds, seed)
            )
        level = len(self._seeds)
        result = self._inner[seed].value(expression.function, letters)
        if isinstance(result, Dual) and result.level == level:
            return result.slope
        return self._functions.number(Fraction(0))


@cache
def _free(expression):
    """The free letters in one order."""
    return tuple(free_indices(expression))


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
