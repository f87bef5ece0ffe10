"""One run of somebody's code that came out wrong, as explanations of it are tried: what came, and what a formula gives.

A formula is compared in numbers first, which rejects nearly all of them at once; what is left is decided exactly where
the code was run exactly, so that "this is what the code computes" is a statement and no guess.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from derivations.concrete import Concrete
from derivations.execution.compare import outputs as plain_outputs
from derivations.execution.decide import EQUAL, Decider
from derivations.execution.values import Values
from derivations.scalar import ZERO, constant

DIGITS = 60
NEAR = 10.0**-40  # relative: numbers of exact scalars that agree so far are taken to the exact decision
ZERO_IS = 10.0**-60  # what 200 digits leave of a difference that is 0
INF = float("inf")
ROUGH = 1e-9  # relative: of floats, in a run where nothing is extreme
ROUGH_SINGLE = 1e-4  # and of float32


@dataclass(frozen=True)
class Formula:
    """outputs: ((letters, expression), …); names: definitions; entries: {name: array} in place of an input's."""

    outputs: tuple
    names: tuple = ()
    entries: tuple = ()


class Scene:
    """case: the arguments and the true answer; got: the outputs, exact scalars or floats; trace: of an exact run;
    rough: relative, how far floats may be from what they are taken for.
    """

    def __init__(self, question, case, got, trace=None, rough=ROUGH):
        self.question, self.case, self.got, self.trace, self._rough = question, case, got, trace, rough
        self._values = trace.values if trace is not None else Values(case.numbers, DIGITS)
        self.mistakes = {}  # output -> an iterator of the mistakes that may explain it
        self._decider = None if trace is None else Decider(trace, case.form)

    @classmethod
    def of_run(cls, question, run):
        """The Scene of an exact run."""
        execution = run.comparison.execution
        found = cls(question, run.case, plain_outputs(execution.raw, run.case.wanted), execution.trace)
        if run.comparison.verdict == EQUAL:
            found.wrong = ()
        return found

    @property
    def same(self):
        """Relative: two numbers that agree so far may be the same."""
        return self._rough if self.trace is None else NEAR

    @property
    def sizes(self):
        """{"B": 2, "n": 3, …}"""
        return self.case.named_sizes

    @cached_property
    def wanted(self):
        return self.case.wanted

    @cached_property
    def wrong(self):
        """Which outputs are wrong."""
        if len(self.got) != len(self.wanted):
            return tuple(range(len(self.wanted)))
        return tuple(k for k in range(len(self.wanted)) if not self.equal(k, self.wanted[k]))

    def number(self, node):
        """The number of an entry, of the code's or of a formula's."""
        if isinstance(node, float | int | np.floating | np.integer):
            return self._values.context.mpf(float(node))
        return self._values.number(node)

    def log(self, number):
        """The logarithm of a number, to its digits."""
        return self._values.context.log(number)

    def written(self, number):
        """The digits of a number that two equal ones share."""
        return self._values.context.nstr(number, 8 if self._decider is None else 30)

    def numbers(self, array):
        """An object array of numbers, of the shape of the array."""
        made = np.empty(np.shape(array), object)
        for position in np.ndindex(made.shape):
            made[position] = self.number(array[position])
        return made

    @property
    def nontrivial(self):
        """Whether the sizes are such that most mistakes show."""
        return self.sizes.get("n", 2) > 1 and self.case.regime != "one-hot"

    def fits(self, output):
        """Whether the output has the shape that it should have."""
        return len(self.got) == len(self.wanted) and self.got[output].shape == self.wanted[output].shape

    def finite(self, output):
        """Whether all of the output are numbers."""
        return self.fits(output) and all(x - x == 0 for x in self.got_numbers[output].flat)

    def undefined(self, output):
        """Whether all of the output is NaN."""
        return all(x != x for x in self.got_numbers[output].flat)

    @cached_property
    def got_numbers(self):
        return [self.numbers(x) for x in self.got]

    def value(self, formula, output):
        """The array of exact scalars that a formula gives for one output."""
        changed = dict(formula.entries)

        def entry(name, position):
            if name in changed:
                return changed[name][tuple(k - 1 for k in position)]
            return ZERO if name == "s" else self.case.entry(name, position)  # any shift of the logits is allowed

        letters, expression = formula.outputs[output]
        world = Concrete(self.case.sizes, entry, formula.names)
        made = np.empty([self.case.sizes[letter.size] for letter in letters], object)
        for position in np.ndindex(made.shape):
            made[position] = world.value(expression, {x: 1 + k for x, k in zip(letters, position, strict=True)})
        return made

    def equal(self, output, array):
        """Whether the code's output is that array: in numbers, and exactly where it was run exactly."""
        have = self.got[output]
        if have.shape != array.shape or not self._near(self.got_numbers[output], self.numbers(array)):
            return False
        return self._decider is None or all(self.decided(have[at], array[at]) for at in np.ndindex(array.shape))

    def decided(self, have, want):
        """Whether two entries are equal: exactly, or in numbers where the code was not run exactly."""
        if self._decider is None:
            return self._near(self.numbers(np.array([have], object)), self.numbers(np.array([want], object)))
        return not isinstance(have, float) and self._decider.decide(have, want).verdict == EQUAL

    def _near(self, first, second):
        allowed = self._rough if self._decider is None else NEAR
        largest = max([abs(x) for x in second.flat if abs(x) < INF], default=0)
        scale = largest if self._decider is None else 0  # floats: of the largest entry, exact scalars: of each
        return all(
            x is y or x == y or (abs(x - y) < INF and abs(x - y) <= max(allowed * max(abs(x), abs(y), scale), ZERO_IS))
            for x, y in zip(first.flat, second.flat, strict=True)
        )


def scalars(numbers):
    """An array of whole numbers as exact scalars."""
    made = np.empty(np.shape(numbers), object)
    for position, number in np.ndenumerate(np.asarray(numbers, dtype=object)):
        made[position] = constant(Fraction(int(number)))
    return made
