"""What is asked of somebody's code: an operation, a kind, sizes and a regime give the arguments and the exact answer.

The answer is the definition of the operation (`Specification.outputs`, the derivatives taken by dual numbers) at the
very scalars that the code is given; no derivation enters it.
"""

from fractions import Fraction
from functools import cached_property
from itertools import product
from random import Random

import numpy as np
from sympy import Integer, Rational, preorder_traversal

from derivations.concrete import Concrete, unknown
from derivations.domain import CLASSES, KEEP, LOG_SIMPLEX, POSITIVE, SIMPLEX, UNIT
from derivations.execution import regimes
from derivations.execution.constants import Constants
from derivations.execution.substitute import substituted
from derivations.normal_form import NormalForm
from derivations.notation import fresh
from derivations.proof import World
from derivations.rules.hypotheses import SumsToOne
from derivations.scalar import constant, variable


class Case:
    """arguments: what the code is called with, in the catalogue's order; numbers: {unknown: Fraction};
    sizes: {Size: int}; entries: {name of an input: array}, classes 1-based.

    kind: of the operation's functions; sizes: {"B": 2, "n": 3, …}; regime: one of `regimes.REGIMES`; seed: other
    numbers of the same regime; given: {name: array} of inputs whose numbers are not drawn. Such an array is its numbers
    and no unknowns where `exact` names it. LookupError for an unknown kind or regime, or for a size that is missing.
    """

    def __init__(
        self, operation, kind, sizes, reduction="mean", targets="rows", regime="ordinary", seed=0, given=(), exact=()
    ):
        if regime not in regimes.REGIMES:
            raise LookupError(f"unknown regime {regime!r}: expected one of {', '.join(regimes.REGIMES)}")
        self.operation, self.kind, self.regime = operation, kind, regime
        self.function = operation.function(kind, reduction, targets)
        self.specification = operation.specification(reduction, targets)
        self.form = NormalForm()
        self.numbers = {}
        self._named = {str(size): int(number) for size, number in sizes.items()}
        self._rng = Random(f"{regime} {seed} {sorted(self._named.items())}")
        self._inputs = [*self.specification.inputs, *filter(None, [self.specification.upstream])]
        self.sizes = {size: self._number_of(size) for item in self._inputs for size in item.axes}
        self._given, self._exact = dict(given), frozenset(exact)
        self._targets = {}  # row (0-based) -> the class that has most of the target
        self.entries = {}
        for item in sorted(self._inputs, key=self._after_targets):
            self.entries[item.name] = self._drawn(item)

    def _number_of(self, size):
        if str(size) not in self._named:
            raise LookupError(f"{self.operation.name}: the size {size} is needed, got {self._named}")
        return self._named[str(size)]

    @property
    def named_sizes(self):
        """{"B": 2, "n": 3, …}: the sizes that its inputs have."""
        return {str(size): number for size, number in self.sizes.items()}

    @property
    def arguments(self):
        """The arguments: object arrays of scalars, single scalars, integer arrays of 0-based classes."""
        drawn = [self.entries[str(getattr(x, "label", x))] for x in self.function.arguments]
        return [x - 1 if x.dtype != object else x if x.ndim else x[()] for x in drawn]

    @property
    def constants(self):
        """What floats in the code may mean: the definition's constants, and 1/B, 1/n, …"""
        found = {1 / Fraction(number) for number in self._named.values()}
        for _, expression in self.specification.outputs(self.kind):
            parts = preorder_traversal(expression)
            found.update(Fraction(int(x.p), int(x.q)) for x in parts if isinstance(x, Rational) and x.q > 1)
        return Constants(found)

    @cached_property
    def wanted(self):
        """[(array of scalars), …], one for each output of the definition."""
        world = Concrete(self.sizes, self.entry, self.specification.names)
        return [self._evaluated(world, *output) for output in self.specification.outputs(self.kind)]

    def _evaluated(self, world, letters, expression):
        made = np.empty([self.sizes[letter.size] for letter in letters], object)
        for position in np.ndindex(made.shape):
            made[position] = world.value(expression, {x: 1 + k for x, k in zip(letters, position, strict=True)})
        return made

    def entry(self, name, position):
        """One entry of an input, by its 1-based position: a scalar, or a class."""
        entry = self.entries[name][tuple(k - 1 for k in position)]
        return int(entry) if isinstance(entry, np.integer) else entry

    # drawing

    def _after_targets(self, item):
        """Targets first: they say which logit a confident model makes large."""
        return item.domain != CLASSES, self._derived_by(item)

    def _derived_by(self, item):
        return item.array in self.specification.by

    def _drawn(self, item):
        shape = tuple(self.sizes[size] for size in item.axes)
        if item.name in self._exact:
            return self._read(self._given[item.name], shape)
        if item.domain == CLASSES and item.name in self._given:
            return np.asarray(self._given[item.name]) + 1
        if item.domain == CLASSES:
            classes = np.array([self._rng.randrange(self._named["n"]) for _ in range(shape[0])])
            self._targets = dict(enumerate(classes.tolist()))
            return classes + 1
        fixed = {}
        for row in product(*map(range, shape[:-1])):
            fixed.update(self._row(item, row, _names(item.name, row, shape[-1]) if shape else [item.name]))
        return self._imposed(item, shape, fixed)

    def _read(self, numbers, shape):
        """Scalars that are those numbers, floats read as those in the code are: 0.3333333333333333 is 1/3."""
        made, constants = np.empty(shape, object), self.constants
        for position, number in np.ndenumerate(np.broadcast_to(numbers, shape)):
            made[position] = constants.node(float(number))
        return made

    def _row(self, item, row, names):
        """{name: scalar} for the entries that are not unknowns of their own; the others get a number."""
        if item.name in self._given:
            return self._as_given(item, np.asarray(self._given[item.name])[row], names)
        if item.domain == KEEP:
            keep = self._rng.randrange(len(names))
            return {name: constant(int(k == keep or self._rng.random() < 0.5)) for k, name in enumerate(names)}
        target = None
        if item.domain == SIMPLEX and not self._derived_by(item):
            target = self._targets.setdefault(row[0] if row else 0, self._rng.randrange(len(names)))
            if self.regime == "one-hot":
                return {name: constant(int(k == target)) for k, name in enumerate(names)}
        self.numbers.update(zip(names, self._numbers(item, row, len(names), target), strict=True))
        if self.regime == "ties" and self._derived_by(item) and item.domain not in (SIMPLEX, LOG_SIMPLEX) and names[1:]:
            del self.numbers[names[1]]
            return {names[1]: variable(names[0])}
        return {}

    def _as_given(self, item, numbers, names):
        """Unknowns with the given numbers; rows of zeros and ones are these numbers."""
        numbers = [Fraction(float(x)) for x in np.atleast_1d(numbers)]
        if item.domain == SIMPLEX:  # floats sum to one up to rounding, which the largest of them takes
            most = numbers.index(max(numbers))
            numbers[most] = 1 - sum(numbers[:most] + numbers[most + 1 :])
        if item.domain in (KEEP, SIMPLEX) and set(numbers) <= {0, 1}:
            return {name: constant(x) for name, x in zip(names, numbers, strict=True)}
        self.numbers.update(zip(names, numbers, strict=True))
        return {}

    def _numbers(self, item, row, size, target):
        rng, regime = self._rng, self.regime
        if item.domain in (SIMPLEX, LOG_SIMPLEX):
            largest = self._targets.get(row[0] if row else 0) if target is None else target
            if target is None and largest is not None and regime == "wide":  # sure of something else
                largest = (largest + 1) % size
            found = regimes.simplex(rng, regime, size, largest)
            return found if item.domain == SIMPLEX else regimes.logarithms(found)
        if item.domain in (POSITIVE, UNIT):
            return [regimes.positive(rng) if item.domain == POSITIVE else regimes.unit(rng) for _ in range(size)]
        found = [regimes.real(rng, regime, len(self.specification.by) > 1) for _ in range(size)]
        scores = len(item.axes) == 2 and [str(size) for size in item.axes] == ["B", "n"]  # one number for each class
        target = self._targets.get(row[0]) if scores and self._derived_by(item) else None
        if target is not None and regime in regimes.CONFIDENCE:
            found[target] += regimes.CONFIDENCE[regime]
        return found

    def _imposed(self, item, shape, fixed):
        """The entries under the hypotheses, and with rows of a simplex summing to one."""
        hypotheses = list(self.specification.hypotheses)
        if item.domain == SIMPLEX:
            hypotheses.append(SumsToOne(item.array[_letters(item.axes)]))
        world = World(self.sizes, {}, self.specification.names, tuple(hypotheses))
        made = np.empty(shape, object)
        for position in np.ndindex(shape):
            entry = item.array[tuple(Integer(k + 1) for k in position)] if shape else item.array
            made[position] = substituted(world.value(entry), fixed)
        return _normalised(made) if item.domain == LOG_SIMPLEX else made


def _normalised(logarithms):
    """Rows whose exponentials sum to one: the last entry is log(1 − Σ of the others)."""
    for row in logarithms:
        row[-1] = (constant(1) - sum(entry.exp() for entry in row[:-1])).log()
    return logarithms


def _names(array, row, size):
    """The unknowns of one row of an array."""
    return [str(unknown(array, tuple(x + 1 for x in (*row, k)))) for k in range(size)]


def _letters(axes):
    """Index letters for the axes of an array, one each."""
    letters = []
    for size in axes:
        letters.append(fresh(size, letters))
    return tuple(letters)
