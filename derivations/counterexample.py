"""What goes wrong without a hypothesis: the smallest case in which the step that uses it fails.

A hypothesis that no case needs would be one too many; `tests/derivations` asks for a case for every one.
"""

from dataclasses import dataclass

from mpmath import mp, mpc, mpf
from sympy import Max

from derivations.concrete import Concrete, unknown
from derivations.printing import text
from derivations.proof import mp_functions, patterns, size_choices, sizes_of
from derivations.rules.hypotheses import AwayFromKink, Positive


@dataclass(frozen=True)
class Counterexample:
    """At `sizes`, `letters` and `entries` the step gives `after` where `before` is right; `instead` always holds."""

    hypothesis: str
    sizes: dict[str, int]
    letters: dict[str, int]
    entries: dict[str, str]
    before: str
    after: str
    instead: str

    @property
    def words(self):
        """One sentence."""
        where = {**self.sizes, **self.letters, **self.entries}
        at = ", ".join(f"{name} = {value}" for name, value in where.items())
        return f"without {self.hypothesis}: at {at} it is {self.before}, not {self.after}; {self.instead}"


class NoCounterexample(ValueError):
    """The step holds without the hypothesis at everything that was tried: it need not be assumed."""


def counterexample(derivation, hypothesis):
    """The smallest Counterexample to the derivation without that hypothesis; NoCounterexample where none is found."""
    lines = derivation.lines
    position = next(number for number, line in enumerate(lines) if line.rule and hypothesis in line.rule.hypotheses)
    before, after = lines[position - 1].expression, lines[position].expression
    if isinstance(hypothesis, Positive):
        return _undefined(hypothesis, derivation.claim)
    if isinstance(hypothesis, AwayFromKink):
        return _kink(hypothesis, derivation.claim)
    return _unequal(derivation, hypothesis, before, after)


def _unequal(derivation, hypothesis, before, after):
    names, equation = derivation.names, (before, after)
    sizes = set().union(*map(sizes_of, equation), *(sizes_of(name.meaning) for name in names))
    for choice in size_choices(sizes, 2):
        for letters in patterns(equation, names, choice):
            for base in (2, 1, 0):
                known = {}

                def entry(array, at, base=base, known=known):
                    return known.setdefault(str(unknown(array, at)), _value(array, hypothesis, base))

                sides = [Concrete(choice, entry, names, mp_functions()).value(side, letters) for side in equation]
                if abs(sides[0] - sides[1]) > mpf(10) ** -10:
                    return Counterexample(
                        hypothesis.text,
                        _plain(choice),
                        _plain(letters),
                        {k: _shown(v) for k, v in known.items()},
                        _shown(sides[0]),
                        _shown(sides[1]),
                        f"what holds is {text(before)}",
                    )
    raise NoCounterexample(f"{derivation.name}: no case was found that needs {hypothesis.text}")


def _value(array, hypothesis, base):
    """Whole numbers for the array that the hypothesis is about, ½ for all others, of which log and 1/x exist."""
    return mpf(base) if array == str(hypothesis.entry.base) else mpf(1) / 2


def _undefined(hypothesis, claim):
    """At p = −1 the logarithm that is differentiated is not a real number."""
    value = mp.log(mpf(-1))
    if not isinstance(value, mpc):
        raise NoCounterexample(f"{hypothesis.text}: the logarithm is real without it")
    entry = str(unknown(str(hypothesis.entry.base), (1,) * len(hypothesis.entry.indices)))
    return Counterexample(
        hypothesis.text,
        {str(index.size): 1 for index in hypothesis.entry.indices},
        {},
        {entry: "−1"},
        "not defined, log(−1) being no real number",
        text(claim),
        "nothing takes its place",
    )


def _kink(hypothesis, claim):
    """At x = 0 the difference quotients from the left and from the right have different limits."""
    step = mpf(2) ** -20
    left, right = ((Max(0, sign * step) - 0) / (sign * step) for sign in (-1, 1))
    if left == right:
        raise NoCounterexample(f"{hypothesis.text}: the two one-sided derivatives are equal")
    entry = str(unknown(str(hypothesis.entry.base), (1,) * len(hypothesis.entry.indices)))
    return Counterexample(
        hypothesis.text,
        {str(index.size): 1 for index in hypothesis.entry.indices},
        {},
        {entry: "0"},
        f"{_shown(left)} from the left and {_shown(right)} from the right",
        text(claim),
        "any number between the two is a subgradient",
    )


def _plain(numbers):
    return {str(name): value for name, value in sorted(numbers.items(), key=str)}


def _shown(number):
    return mp.nstr(mp.chop(mpf(number), tol=mpf(10) ** -12), 4).removesuffix(".0").replace("-", "−")
