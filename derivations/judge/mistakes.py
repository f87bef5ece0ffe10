"""The catalogue of mistakes: every formula that somebody may have computed instead of the right one.

Each candidate is a transformation of the derivation: of the formula of one output (`edits`), of a definition that it
uses, of an input, or another operation's formula altogether. What they give is compared with what the code gave.
"""

from collections.abc import Iterator

from derivations.judge.candidate import Mistake
from derivations.judge.edits import UPSTREAM
from derivations.judge.mistakes_for_others import of_other_operations
from derivations.judge.mistakes_in_formulas import (
    of_a_factor_too_many,
    of_every_entry,
    of_one_bracket,
    of_whole_definitions,
    single,
)
from derivations.judge.mistakes_in_indices import of_the_targets
from derivations.judge.mistakes_in_inputs import TOP, of_the_inputs, of_the_powers, with_pseudo_inputs
from derivations.judge.mistakes_in_jacobians import of_the_jacobian
from derivations.judge.scene import Scene
from derivations.notation import (
    canonical,
)

PSEUDO = (*UPSTREAM, str(TOP))  # which stand beside the inputs of every formula


def mistakes(scene: Scene, output) -> Iterator[Mistake]:
    """Every Mistake that may explain one output, the likelier ones first; what is given twice is given once."""
    seen = set()
    for mistake in _all(scene, output):
        formula = mistake.formula
        key = (canonical(formula.outputs[output][1]), *((d.symbol, canonical(d.meaning)) for d in formula.names))
        entries = tuple((name, tuple(x.flat)) for name, x in formula.entries if name not in PSEUDO)
        key = (*key, entries, mistake.words if entries else "")  # other labels may be the same in one run alone
        if key not in seen:
            seen.add(key)
            yield mistake


def _all(scene, output):
    formula = with_pseudo_inputs(scene)
    yield from of_the_jacobian(scene, formula, output)
    yield from of_the_inputs(scene, formula)
    yield from of_whole_definitions(scene, formula, output)
    yield from single(scene, formula, output)
    yield from of_every_entry(scene, formula, output)
    yield from of_the_targets(scene, formula, output)
    yield from of_the_powers(scene, formula)
    yield from of_other_operations(scene)
    yield from of_one_bracket(formula, output)
    yield from of_a_factor_too_many(scene, formula, output)
