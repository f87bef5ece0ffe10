"""Exact checks: each line of a derivation equals the line before it, at concrete sizes, as exact scalars.

Every sum is written out, every derivative is taken by dual numbers, every name is replaced by its meaning and every
hypothesis of the step is imposed; then the difference of the two lines must have the normal form 0. No tolerance, no
`simplify`.
"""

from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from mpmath import mp, mpf
from sympy import KroneckerDelta
from sympy.tensor.indexed import Indexed

from derivations import scalar
from derivations.concrete import Concrete, coincidences, unknown
from derivations.derivation import DerivationError
from derivations.dual import Functions
from derivations.normal_form import NormalForm
from derivations.notation import Index, Size, free_indices
from derivations.printing import text


@dataclass(frozen=True)
class Check:
    """What was checked of one line: at how many choices of sizes and coincidences of the free letters."""

    rule: str
    sizes: tuple
    cases: int


def sizes_of(expression):
    """The size symbols that an expression depends on, through its letters too."""
    found = {part for part in expression.atoms(Size)}
    for part in expression.atoms(Index):
        found.add(part.size)
    return found


def size_choices(sizes, most=4):
    """Dicts {Size: int}: all up to `most` for one or two sizes; for more, each up to `most` with the others 1 and 2."""
    sizes = sorted(sizes, key=str)
    if len(sizes) <= 2:
        return [dict(zip(sizes, choice, strict=True)) for choice in product(range(1, most + 1), repeat=len(sizes))]
    choices = {}
    for size in sizes:
        for number, other in product(range(1, most + 1), (1, 2)):
            choice = {**dict.fromkeys(sizes, other), size: number}
            choices[tuple(choice.values())] = choice
    return list(choices.values())


@cache
def class_arrays(*expressions):
    """{array: size that its entries are numbers of} for the arrays that stand as indices, such as c in p[b,c[b]]."""
    found = {}
    for part in set().union(*(expression.atoms(Indexed, KroneckerDelta) for expression in expressions)):
        if isinstance(part, KroneckerDelta):
            sizes = [getattr(other, "size", None) for other in reversed(part.args)]
            places = zip(part.args, sizes, strict=True)
        else:
            places = zip(part.indices, part.base.shape or (), strict=False)
        found.update({index.base: size for index, size in places if isinstance(index, Indexed) and size is not None})
    return found


def patterns(equation, names, choice, hypotheses=()):
    """Every coincidence of the letters that are free in the two sides or a hypothesis, at one choice of sizes.

    The entries of an array of classes are such letters too, c[1], c[2], …: they may coincide in any way.
    """
    letters = set().union(*map(free_indices, equation))
    letters = letters.union(*(free_indices(h.right) - free_indices(h.left) for h in hypotheses))
    meanings = (*(name.meaning for name in names), *(hypothesis.right for hypothesis in hypotheses))
    for array, size in class_arrays(*equation, *meanings).items():
        for position in product(*(range(1, choice[axis] + 1) for axis in array.shape)):
            letters.add(Index(str(unknown(str(array), position)), size))
    return coincidences(letters, choice)


class World:
    """Exact unknowns for every entry at one choice of sizes and letters, under the hypotheses imposed.

    classes: {array: {position: 1-based class}} for the arrays of class indices, unless `letters` has their entries.
    """

    def __init__(self, sizes, letters, names, hypotheses=(), classes=()):
        self._sizes, self._letters, self._classes = sizes, letters, dict(classes)
        self._hypotheses = hypotheses
        self._given = {letter.name: number for letter, number in dict(letters).items()}
        self._free = Concrete(sizes, self._entry, names)

    def _entry(self, array, position):
        if array in self._classes:
            return self._classes[array][position]
        for hypothesis in self._hypotheses:
            meaning = hypothesis.impose(array, position, self._sizes)
            if meaning is not None:
                return self._free.value(meaning, self._letters)
        entry = unknown(array, position)
        return self._given.get(str(entry), entry)

    def value(self, expression, letters=()):
        """The exact scalar that the expression is here, with further letters where it has them."""
        return self._free.value(expression, {**self._letters, **dict(letters)})


class Checker:
    """Checks equations between index expressions; one instance keeps one normal form, and so its work."""

    def __init__(self, names=()):
        self._names = names
        self._form = NormalForm()
        self._values = {}

    def difference(self, left, right, sizes, letters, hypotheses=()):
        """None where left = right at these sizes and letters, else their difference, an exact scalar."""
        sides = (self._value(side, sizes, letters, hypotheses) for side in (left, right))
        difference = next(sides) - next(sides)
        return None if self._form.zero(difference) else difference

    def _value(self, expression, sizes, letters, hypotheses):
        key = (expression, tuple(sizes.items()), tuple(letters.items()), hypotheses)
        if key not in self._values:
            self._values[key] = World(sizes, letters, self._names, hypotheses).value(expression)
        return self._values[key]

    def describe(self, difference):
        """The difference in words: its normal form and a number, or that none was found that shows it."""
        shown = self._form.text(difference)
        number = witness(difference)
        return shown, number


def check(derivation, choices=None, most=4):
    """[Check, …], one for each step: the line equals the one before it at every choice of sizes.

    Raises DerivationError that names the derivation, the step, the rule, the sizes and the difference.
    """
    checker = Checker(derivation.names)
    lines = derivation.lines
    found = []
    for number, (before, after) in enumerate(zip(lines, lines[1:], strict=False), start=1):
        found.append(check_step(checker, derivation, number, before.expression, after, choices, most))
    return found


def check_step(checker, derivation, number, before, line, choices=None, most=4):
    """The check of one step, `before` = `line`."""
    equation = (before, line.expression)
    sizes = set().union(*map(sizes_of, equation), *(sizes_of(name.meaning) for name in derivation.names))
    choices = size_choices(sizes, most) if choices is None else choices
    step = f"{derivation.name}, step {number} ({line.rule.name})"
    cases = 0
    for choice in choices:
        for pattern in patterns(equation, derivation.names, choice, line.rule.hypotheses):
            cases += 1
            try:
                difference = checker.difference(*equation, choice, pattern, line.rule.hypotheses)
            except ArithmeticError as error:
                where = _where(choice, pattern)
                raise DerivationError(f"{step}: the line cannot be decided at {where}: {error}") from error
            if difference is not None:
                _refuse(checker, step, _where(choice, pattern), line, difference)
    return Check(
        line.rule.name, tuple(tuple(sorted((str(s), c) for s, c in choice.items())) for choice in choices), cases
    )


def _where(choice, pattern):
    return ", ".join(f"{name} = {number}" for name, number in (*choice.items(), *pattern.items()))


def _refuse(checker, step, where, line, difference):
    shown, number = checker.describe(difference)
    verdict = "the line does not follow" if number else "the line could not be shown to follow"
    raise DerivationError(
        f"{step}: {verdict} at {where}: the line before minus {text(line.expression)} is {shown}"
        + (f" (for example {mp.nstr(number, 6)})" if number else "")
    )


@cache
def mp_functions():
    """The interpreter's functions for mpmath numbers of the working precision."""
    return Functions(
        number=lambda q: mpf(q.numerator) / q.denominator,
        exp=mp.exp,
        log=mp.log,
        sqrt=mp.sqrt,
        tanh=mp.tanh,
        positive=lambda x: mpf(int(x > 0)),
        maximum=max,
    )


def witness(difference, digits=40, tries=6):
    """The difference at numbers between ½ and 1, later with signs, where it is clearly not zero, or None."""
    names = sorted({node.args[0] for node in scalar.postorder(difference) if node.kind == "var"})
    real = replace(mp_functions(), log=_where_real(mp.log), sqrt=_where_real(mp.sqrt))
    with mp.workdps(digits):
        for attempt in range(tries):
            values = {}
            for position, name in enumerate(names):
                size = (1 + mp.frac((position + 1) * (attempt + 1) * mp.phi)) / 2
                values[name] = -size if attempt >= tries // 2 and (position + attempt) % 2 else size
            try:
                number = scalar.evaluate(difference, values, real)
            except ArithmeticError:
                continue
            if abs(number) > mpf(10) ** (10 - digits):
                return number
    return None


def _where_real(function):
    def real(number):
        if number < 0:
            raise ArithmeticError(f"{number} is outside of the domain")
        return function(number)

    return real
