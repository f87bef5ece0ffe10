"""Mistakes in the formula of an output or of a definition that it uses: one edit, or one for every entry."""

from dataclasses import replace
from math import prod

from sympy import Integer, exp
from sympy.tensor.indexed import Indexed

from derivations.definition import Definition
from derivations.judge.candidate import Mistake, renamed, used, with_name, with_output
from derivations.judge.edit import Context
from derivations.judge.edits import edits, every_sum_over_the_rows, factors_too_many, has_sums, of_one_term
from derivations.judge.mistakes_in_inputs import TOP
from derivations.notation import (
    B,
    array,
    substitute,
    total,
)
from derivations.printing import text


def _context(scene, letters, formula, arrays=()):
    """arrays: those of which an entry may stand in the place of another's."""
    upstream = scene.question.specification.upstream
    meanings = {d.base: d for d in formula.names}
    shares = [x.array for x in scene.question.specification.inputs if x.domain.name in ("unit", "keep")]

    def instead(entry):
        """The argument of a named function in place of its value, logits for probabilities; another array."""
        for other in [x for x in arrays if x.shape == entry.base.shape and x != entry.base]:
            stands = other[entry.indices]
            yield "wrong-array", f"{text(stands)} stands for {text(entry)}", stands
        if entry.base in shares:
            yield "wrong-array", f"1 − {text(entry)} stands for {text(entry)}", 1 - entry
        definition = meanings.get(entry.base)
        inner = None if definition is None else _argument(definition)
        if inner is None or len(inner.indices) != len(entry.indices):
            return
        argument = inner.base[entry.indices]
        id = "softmax-missing" if has_sums(definition.meaning) else "activation-missing"
        yield id, f"{text(argument)} stands for {text(entry)}", argument
        if has_sums(definition.meaning):
            yield id, f"exp({text(argument)}) stands for {text(entry)}", exp(argument)

    return Context(tuple(letters), scene.case.sizes, "" if upstream is None else upstream.name, instead)


def _argument(definition):
    """The entry that a named function of one array is taken of, at the definition's own letters; None for others."""
    entries = [x for x in definition.meaning.atoms(Indexed) if x.base != definition.base]
    if len({x.base for x in entries}) != 1:
        return None
    return next((x for x in entries if x.indices == definition.letters), None)


def single(scene, formula, output):
    """One edit of the output's formula, or of a definition that it uses."""
    letters, expression = formula.outputs[output]
    named = [d for d in formula.names if str(d.base) != "d"]
    for edit in edits(expression, _context(scene, letters, formula, [d.base for d in named])):
        yield Mistake(edit.id, edit.words, with_output(formula, output, edit.expression))
    for definition in used(expression, formula.names):
        before = [d.base for d in named if definition not in (d, *used(d.meaning, formula.names))]
        for edit in edits(definition.meaning, _context(scene, definition.letters, formula, before)):
            changed = Definition(definition.symbol, edit.expression, definition.called)
            yield Mistake(edit.id, f"in {text(definition.symbol)}, {edit.words}", with_name(formula, changed))


def of_one_bracket(formula, output):
    """A factor of a bracket that is applied to one of its terms only."""
    letters, expression = formula.outputs[output]
    for edit in of_one_term(expression):
        yield Mistake(edit.id, edit.words, with_output(formula, output, edit.expression))


def of_a_factor_too_many(scene, formula, output):
    """An array of the formula as a factor of a term or a sum to which it does not belong; a power of a number."""
    letters, expression = formula.outputs[output]
    arrays = dict.fromkeys([d.base for d in used(expression, formula.names) if str(d.base) != "d"])
    arrays |= dict.fromkeys(x.base for x in sorted(expression.atoms(Indexed), key=str))
    for edit in factors_too_many(expression, letters, list(arrays)):
        yield Mistake(edit.id, edit.words, with_output(formula, output, edit.expression))
    for number in [x.array for x in scene.question.specification.inputs if not x.axes]:
        for factor in (number, number**2, 1 / number, number**-2):
            words = f"the factor {text(factor)} does not belong"
            yield Mistake("extra-term", words, with_output(formula, output, expression * factor))


def of_every_entry(scene, formula, output):
    """The same number for every entry, the last row for every row, and a derivative that does not belong."""
    yield from _of_the_rows(scene, formula, output)
    yield from _by_an_input(scene, formula, output)
    expression, upstream = formula.outputs[output][1], scene.question.specification.upstream
    for definition in formula.names if upstream is not None else ():
        if definition.base.shape == upstream.array.shape and str(definition.base) != "d":
            changed = renamed(expression, upstream.array, definition.base)
            words = f"{definition.base.label} stands for {upstream.name} throughout"
            yield Mistake("wrong-array", words, with_output(formula, output, changed))
    for definition in used(expression, formula.names):
        for other in formula.names:
            needs = [other, *used(other.meaning, formula.names)]
            if other.base.shape == definition.base.shape and definition not in needs:
                factor, words = _slope(other.base[definition.letters])
                changed = Definition(definition.symbol, definition.meaning * factor, definition.called)
                yield Mistake("extra-term", words, with_name(formula, changed))


def _of_the_rows(scene, formula, output):
    """A mean in the place of every entry or row, or the last row."""
    letters, expression = formula.outputs[output]
    if len(letters) == 2:
        means = (
            ("every entry gets the mean of all entries", letters),
            ("every row gets the mean of all rows", letters[:1]),
        )
        for words, over in means:
            mean = total(expression, *over) / prod(x.size for x in over)
            yield Mistake("mean-for-sum", words, with_output(formula, output, mean))
    if letters and letters[0].size == B:
        last = substitute(expression, {letters[0]: Integer(scene.sizes["B"])})
        yield Mistake("aliases-output", "every row gets the result of the last row", with_output(formula, output, last))
    for definition in used(expression, formula.names):
        row = next((x for x in definition.letters if x.size == B), None)
        if row is not None and len(definition.letters) == 2:
            mean = Definition(definition.symbol, total(definition.meaning, row) / B, definition.called)
            shown = text(definition.symbol).partition("[")[0]
            words = f"the mean of {shown} over the batch stands for {shown}"
            yield Mistake("mean-for-sum", words, with_name(formula, mean))


def _by_an_input(scene, formula, output):
    """The result divided by an input, or by its exponential; or times the slope that a sigmoid would have."""
    letters, expression = formula.outputs[output]
    loss = scene.question.specification.upstream is None
    for base in scene.question.function.arguments:
        if not letters or list(getattr(base, "shape", None) or ()) != [x.size for x in letters]:
            continue
        entry = base[letters]
        for divisor in (entry, exp(entry)) if loss else (entry,):
            words = f"the result is divided by {text(divisor)}"
            yield Mistake("delta-over-p", words, with_output(formula, output, expression / divisor))
        if loss:
            factor, words = _slope(entry)
            yield Mistake("extra-term", words, with_output(formula, output, expression * factor))


def _slope(entry):
    """σ (1 − σ) of an entry σ, and the words of the mistake."""
    shown = text(entry)
    return entry * (1 - entry), f"the factor {shown} (1 − {shown}) does not belong"


def of_whole_definitions(scene, formula, output):
    """A named function applied twice, not at all, or along the other axis, wherever it is used."""
    letters, expression = formula.outputs[output]
    context = _context(scene, letters, formula)
    turned = with_output(formula, output, every_sum_over_the_rows(expression, context))
    for definition in used(expression, formula.names):
        own = _context(scene, definition.letters, formula)
        other = Definition(definition.symbol, every_sum_over_the_rows(definition.meaning, own), definition.called)
        if other.meaning != definition.meaning:
            words = f"{definition.called} runs over the batch instead of the classes"
            yield Mistake("wrong-axis", words, with_name(formula, other))
            yield Mistake("wrong-axis", f"{words}, and so does the rest", with_name(turned, other))
        yield from _of_a_parameter(scene, formula, definition)
        inner = _argument(definition)
        if inner is not None:
            yield from _of_one_function(formula, output, definition, inner)


def _of_a_parameter(scene, formula, definition):
    """A single number such as τ left out of a definition, or multiplied by instead of divided by."""
    singles = [x.array for x in scene.question.specification.inputs if not x.axes]
    for number in [x for x in singles if x in definition.meaning.free_symbols]:
        for id, words, other in (
            ("missing-term", f"{text(number)} is left out", Integer(1)),
            ("operator-swapped", f"{text(number)} is multiplied by instead of divided by, or the reverse", 1 / number),
        ):
            changed = Definition(definition.symbol, definition.meaning.subs(number, other), definition.called)
            yield Mistake(id, f"in {text(definition.symbol)}, {words}", with_name(formula, changed))


def _of_one_function(formula, output, definition, inner):
    expression = formula.outputs[output][1]
    sums, name = has_sums(definition.meaning), str(definition.base)
    shown = text(definition.symbol).partition("[")[0]
    twice = array(f"{name}2", *definition.base.shape)
    meaning = renamed(definition.meaning, inner.base, definition.base)
    again = Definition(twice[definition.letters], meaning, f"{definition.called} of {definition.called}")
    id = "softmax-twice" if sums else "derivative-at-output"
    words = (
        f"{definition.called} is applied twice"
        if sums
        else f"the derivative is taken at the output {shown} instead of at the input"
    )
    formula = replace(formula, names=(*formula.names, again))
    yield Mistake(id, words, with_output(formula, output, renamed(expression, definition.base, twice)))
    for user in used(expression, formula.names):
        if user.base != definition.base and any(x.base == definition.base for x in user.meaning.atoms(Indexed)):
            changed = Definition(user.symbol, renamed(user.meaning, definition.base, twice), user.called)
            yield Mistake(id, words, with_name(formula, changed))
    if sums and inner.base.label.name == "o":
        words = f"the class of the largest logit, as a one-hot row, stands for {shown}"
        yield Mistake("wrong-function", words, with_output(formula, output, renamed(expression, definition.base, TOP)))
    id = "softmax-missing" if sums else "activation-missing"
    words = f"{text(inner).partition('[')[0]} stands for {shown} throughout: {definition.called} is not applied"
    yield Mistake(id, words, with_output(formula, output, renamed(expression, definition.base, inner.base)))
