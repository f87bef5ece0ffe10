"""What several chapters need: a derivation as a chain, inline formulas, numbers as text."""

from sympy import latex as sympy_latex

from derivations.layout import assumptions_latex
from derivations.printing import latex
from report.document import Chain


def chain(derivation, title=None, label=""):
    """The derivation with its definitions and hypotheses before it and the rule beside each line."""
    lines = [(latex(line.expression), line.rule.name if line.rule else "") for line in derivation.lines]
    given = [f"{latex(d.symbol)} = {latex(d.meaning)}" for d in derivation.used]
    given += assumptions_latex(derivation)
    return Chain(title or _capital(derivation.name), tuple(lines), given=tuple(given), label=label)


def inline(expression):
    """The expression as inline maths."""
    return f"${latex(expression)}$"


def equation(derivation):
    """start = claim, as LaTeX."""
    return f"{latex(derivation.start)} = {latex(derivation.claim)}"


def polynomial(expression):
    """A polynomial in the sizes as inline maths, the highest terms first."""
    return f"${sympy_latex(expression, order='grlex')}$"


def seconds(value):
    """A time with three digits and a unit."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= scale:
            return f"{value / scale:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"


def plain(number):
    """A number with three digits, as mathematics where it has a power of ten."""
    shown = f"{number:.3g}"
    if "e" not in shown:
        return shown
    digits, power = shown.split("e")
    return rf"${digits} \times 10^{{{int(power)}}}$"


def _capital(words):
    return words[0].upper() + words[1:]
