"""The catalogue of mistakes: every formula that somebody may have computed instead of the right one.

Each candidate is a transformation of the derivation: of the formula of one output (`edits`), of a definition that it
uses, of an input, or another operation's formula altogether. What they give is compared with what the code gave.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sympy import Integer, KroneckerDelta, exp
from sympy.tensor.indexed import Indexed

from derivations.definition import Definition
from derivations.judge.edits import UPSTREAM, Context, edits, every_sum_over_the_rows, has_sums
from derivations.judge.scene import Formula, Scene, scalars
from derivations.notation import (
    B,
    IndexSum,
    array,
    canonical,
    delta,
    n,
    rebuilt,
    substitute,
    total,
)
from derivations.printing import text

HIT, FLAT = array("hit", n), array("flat", B, n)  # 1 for classes that occur at all; 1 at the flat positions c


@dataclass(frozen=True)
class Mistake:
    """The id and the words of a mistake, and what the code computes if it was made."""

    id: str
    words: str
    formula: Formula


def right(question):
    """The right formulas of all outputs, as the derivation prints them."""
    if question.kind == "value":
        specification = question.specification
        return Formula(specification.outputs("value"), specification.names)
    return Formula(question.function.outputs, question.function.names)


def mistakes(scene: Scene, output) -> Iterator[Mistake]:
    """Every Mistake that may explain one output, the likelier ones first; what is given twice is given once."""
    seen = set()
    for mistake in _all(scene, output):
        formula = mistake.formula
        key = (canonical(formula.outputs[output][1]), *((d.symbol, canonical(d.meaning)) for d in formula.names))
        key = (*key, tuple((name, tuple(x.flat)) for name, x in formula.entries if name not in UPSTREAM))
        if key not in seen:
            seen.add(key)
            yield mistake


def _all(scene, output):
    formula = _with_pseudo_inputs(scene)
    yield from _of_the_jacobian(scene, formula, output)
    yield from _of_the_inputs(scene, formula)
    yield from _of_the_definitions_as_a_whole(scene, formula, output)
    yield from _single(scene, formula, output)
    yield from _of_every_entry(scene, formula, output)
    yield from _of_the_targets(scene, formula, output)
    yield from _other_operations(scene, output)


def _with_pseudo_inputs(scene):
    """The right formula, with entries for what edits may put in an input's place."""
    formula, entries = right(scene.question), {}
    upstream = scene.question.specification.upstream
    if upstream is not None and upstream.name in scene.case.entries:
        given = scene.case.entries[upstream.name]
        made = {name: given.copy() for name in UPSTREAM}
        for position in _positions(given):
            if scene.number(given[position]) < 0:
                made["|g|"][position], made["g+"][position] = -given[position], scalars(0)[()]
        entries.update(made)
    classes = scene.case.entries.get("c")
    if classes is not None:
        rows, count = len(classes), scene.sizes["n"]
        entries["hit"] = scalars([int(k + 1 in classes) for k in range(count)])
        entries["flat"] = scalars([[int(r * count + k + 1 in classes) for k in range(count)] for r in range(rows)])
    return replace(formula, entries=tuple(entries.items()))


def _positions(given):
    from numpy import ndindex

    return ndindex(given.shape)


def _context(scene, letters, formula):
    upstream = scene.question.specification.upstream
    meanings = {d.base: d for d in formula.names}

    def instead(entry):
        """The argument of a named function in place of its value: logits for probabilities."""
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


def _single(scene, formula, output):
    """One edit of the output's formula, or of a definition that it uses."""
    letters, expression = formula.outputs[output]
    for edit in edits(expression, _context(scene, letters, formula)):
        yield Mistake(edit.id, edit.words, _with_output(formula, output, edit.expression))
    for definition in used(expression, formula.names):
        for edit in edits(definition.meaning, _context(scene, definition.letters, formula)):
            changed = Definition(definition.symbol, edit.expression, definition.called)
            yield Mistake(edit.id, f"in {text(definition.symbol)}, {edit.words}", _with_name(formula, changed))


def _of_every_entry(scene, formula, output):
    """The same number for every entry, the last row for every row, and a derivative that does not belong."""
    letters, expression = formula.outputs[output]
    if len(letters) == 2:
        mean = total(expression, *letters) / (letters[0].size * letters[1].size)
        yield Mistake("mean-for-sum", "every entry gets the mean of all entries", _with_output(formula, output, mean))
    if letters and letters[0].size == B:
        last = substitute(expression, {letters[0]: Integer(scene.sizes["B"])})
        yield Mistake(
            "aliases-output", "every row gets the result of the last row", _with_output(formula, output, last)
        )
    for name in scene.question.names:
        base = next(x for x in scene.question.function.arguments if str(getattr(x, "label", x)) == name)
        if letters and list(getattr(base, "shape", None) or ()) == [x.size for x in letters]:
            words = f"the result is divided by {text(base[letters])}"
            yield Mistake("delta-over-p", words, _with_output(formula, output, expression / base[letters]))
    for definition in used(expression, formula.names):
        for other in formula.names:
            needs = [other, *used(other.meaning, formula.names)]
            if other.base.shape == definition.base.shape and definition not in needs:
                q = other.base[definition.letters]
                changed = Definition(definition.symbol, definition.meaning * q * (1 - q), definition.called)
                words = f"the factor {text(q)} (1 − {text(q)}) does not belong"
                yield Mistake("extra-term", words, _with_name(formula, changed))


def used(expression, names):
    """The definitions that an expression uses, through each other too."""
    found = []
    for definition in names:
        if definition not in found and any(x.base == definition.base for x in expression.atoms(Indexed)):
            found += [x for x in (definition, *used(definition.meaning, names)) if x not in found]
    return found


def _with_output(formula, output, expression):
    outputs = list(formula.outputs)
    outputs[output] = (outputs[output][0], expression)
    return replace(formula, outputs=tuple(outputs))


def _with_name(formula, definition):
    names = tuple(definition if d.base == definition.base else d for d in formula.names)
    return replace(formula, names=names)


def _of_the_definitions_as_a_whole(scene, formula, output):
    """A named function applied twice, not at all, or along the other axis, wherever it is used."""
    letters, expression = formula.outputs[output]
    context = _context(scene, letters, formula)
    turned = _with_output(formula, output, every_sum_over_the_rows(expression, context))
    for definition in used(expression, formula.names):
        own = _context(scene, definition.letters, formula)
        other = Definition(definition.symbol, every_sum_over_the_rows(definition.meaning, own), definition.called)
        if other.meaning != definition.meaning:
            words = f"{definition.called} runs over the batch instead of the classes"
            yield Mistake("wrong-axis", words, _with_name(formula, other))
            yield Mistake("wrong-axis", f"{words}, and so does the rest", _with_name(turned, other))
        inner = _argument(definition)
        if inner is not None:
            yield from _of_one_function(formula, output, definition, inner)


def _of_one_function(formula, output, definition, inner):
    expression = formula.outputs[output][1]
    sums, name = has_sums(definition.meaning), str(definition.base)
    twice = array(f"{name}2", *definition.base.shape)
    meaning = _renamed(definition.meaning, inner.base, definition.base)
    again = Definition(twice[definition.letters], meaning, f"{definition.called} of {definition.called}")
    id = "softmax-twice" if sums else "derivative-at-output"
    words = (
        f"{definition.called} is applied twice"
        if sums
        else f"the derivative is taken at the output {name} instead of at the input"
    )
    formula = replace(formula, names=(*formula.names, again))
    yield Mistake(id, words, _with_output(formula, output, _renamed(expression, definition.base, twice)))
    for user in used(expression, formula.names):
        if user.base != definition.base and any(x.base == definition.base for x in user.meaning.atoms(Indexed)):
            changed = Definition(user.symbol, _renamed(user.meaning, definition.base, twice), user.called)
            yield Mistake(id, words, _with_name(formula, changed))
    id = "softmax-missing" if sums else "activation-missing"
    words = f"{inner.base} stands for {name} throughout: {definition.called} is not applied"
    yield Mistake(id, words, _with_output(formula, output, _renamed(expression, definition.base, inner.base)))


def _renamed(expression, old, new):
    """The expression with every entry of one array exchanged for the same entry of another."""
    if isinstance(expression, Indexed):
        return new[expression.indices] if expression.base == old else expression
    if not expression.args:
        return expression
    return rebuilt(expression, [_renamed(part, old, new) for part in expression.args])


def _of_the_jacobian(scene, formula, output):
    """The diagonal alone, and a Jacobian that is transposed."""
    operation, kind = scene.question.operation, scene.question.kind
    if kind == "jacobian":
        letters, expression = formula.outputs[output]
        swapped = substitute(expression, {letters[1]: letters[2], letters[2]: letters[1]})
        yield Mistake(
            "diagonal-only",
            "only the diagonal of the Jacobian is there",
            _with_output(formula, output, expression * delta(letters[1], letters[2])),
        )
        yield Mistake("transpose", "the Jacobian is transposed", _with_output(formula, output, swapped))
        signs = 2 * delta(letters[1], letters[2]) - 1
        words = "the entries beside the diagonal have the wrong sign"
        yield Mistake("operator-swapped", words, _with_output(formula, output, expression * signs))
    if kind == "vjp" and "jacobian" in operation.functions:
        (row, first, second), entry = operation.function("jacobian").outputs[0]
        (to, column), _ = formula.outputs[output]
        g = operation.upstream.array
        on_diagonal = substitute(entry, {row: to, first: column, second: column}) * g[to, column]
        yield Mistake(
            "diagonal-only", "only the diagonal of the Jacobian is used", _with_output(formula, output, on_diagonal)
        )
        columns = substitute(entry, {row: to, second: column})
        yield Mistake(
            "upstream-ignored",
            "the Jacobian is summed over the outputs, as if the upstream gradient were 1",
            _with_output(formula, output, total(columns, first)),
        )
    if kind in ("gradient", "value_and_gradient") and len(formula.outputs[output][0]) == 2:
        for definition in formula.names:
            if str(definition.base) == "p" and has_sums(definition.meaning):
                yield from _through_the_diagonal(scene, formula, output, definition.base)


def _through_the_diagonal(scene, formula, output, p):
    letters, expression = formula.outputs[output]
    slope = p[letters] * (1 - p[letters])
    words = "the gradient is multiplied by p (1 − p), the diagonal of the Jacobian of softmax"
    yield Mistake("diagonal-only", words, _with_output(formula, output, expression * slope))
    if "y" in scene.case.entries:
        y = array("y", B, n)[letters]
        chained = -y / p[letters] * slope / (1 if scene.question.reduction == "sum" else B)
        yield Mistake(
            "diagonal-only",
            "the chain rule goes through the diagonal of the Jacobian of softmax only",
            _with_output(formula, output, chained),
        )


def _of_the_inputs(scene, formula):
    """The right formula of other inputs: the upstream gradient taken for 1, targets rounded to one-hot rows."""
    entries = scene.case.entries
    upstream = scene.question.specification.upstream
    by = str(scene.question.specification.by[0].label)

    def of(id, words, **changed):
        return Mistake(id, words, replace(formula, entries=(*formula.entries, *changed.items())))

    if upstream is not None and upstream.name in entries:
        name, g = upstream.name, entries[upstream.name]
        signs = dict(formula.entries)
        yield of("upstream-ignored", "the upstream gradient is ignored, as if it were 1", **{name: scalars(_ones(g))})
        yield of("upstream-sign", "the sign of the upstream gradient is lost", **{name: signs["|g|"]})
        yield of("upstream-sign", "negative upstream gradients are dropped", **{name: signs["g+"]})
        if g.shape == entries[by].shape:
            yield of("derivative-at-upstream", "the derivative is taken at the upstream gradient", **{by: g})
    if "y" in entries and entries["y"].shape == entries[by].shape:
        mean = sum(entries["y"].flat) * scalars(entries["y"].size)[()] ** -1
        yield of("wrong-axis", "every entry is paired with every target", y=_filled(entries["y"], mean))
    if "y" in entries and scene.question.specification.inputs[1].domain.name == "simplex":
        yield of("label-one-hot", "soft targets are rounded to the largest one", y=_one_hot(scene, entries["y"]))
    if "c" in entries and entries[by].ndim == 2 and len(entries[by]) == len(entries["c"]):
        yield of("wrong-index", "the predicted class stands for the label", c=_largest(scene, entries[by]) + 1)
        yield of("wrong-index", "every row gets the label of the first", c=0 * entries["c"] + entries["c"][0])
    yield of("sign", f"the sign of {by} is turned", **{by: -entries[by]})
    for factor, words in ((2, "doubled"), (scalars(2)[()] ** -1, "halved")):
        yield of("factor", f"{by} is {words}", **{by: entries[by] * factor})


def _filled(like, entry):
    made = like.copy()
    made[...] = entry
    return made


def _ones(given):
    from numpy import ones

    return ones(given.shape, int)


def _largest(scene, scores):
    """The 0-based position of the largest entry of each row."""
    return scene.numbers(scores).argmax(axis=1)


def _one_hot(scene, targets):
    from numpy import eye

    return scalars(eye(targets.shape[1], dtype=int)[_largest(scene, targets)])


def _of_the_targets(scene, formula, output):
    """Class indices used as column indices, or as indices into the flat array."""
    if "c" not in scene.case.entries:
        return
    letters, expression = formula.outputs[output]
    for definition in (None, *used(expression, formula.names)):
        inside = expression if definition is None else definition.meaning
        for part in inside.atoms(KroneckerDelta):
            column = next((x for x in part.args if not isinstance(x, Indexed)), None)
            row = next((x for x in (letters if definition is None else definition.letters) if x.size == B), None)
            if column is None or row is None:
                continue
            for id, words, instead in (
                ("wrong-index", "the labels pick whole columns, so that every row gets the labels of all", HIT[column]),
                (
                    "index-add-duplicates",
                    "the labels index the flat array, without the offset of the row",
                    FLAT[row, column],
                ),
            ):
                for changed in (inside.subs(part, instead), _tied(inside, part, instead)):
                    if definition is None:
                        yield Mistake(id, words, _with_output(formula, output, changed))
                    else:
                        yield Mistake(
                            id, words, _with_name(formula, Definition(definition.symbol, changed, definition.called))
                        )
    if not letters:
        yield from _all_pairs(formula, output, expression)


def _tied(expression, part, instead):
    """The expression with δ_{j c_b} exchanged and p[b, c_b] read at j, as `out[:, y] = f(p[:, y])` does."""
    column = next(x for x in part.args if not isinstance(x, Indexed))
    label = next((x for x in part.args if isinstance(x, Indexed)), None)
    changed = expression.subs(part, instead)
    return changed if label is None else changed.subs(label, column)


def _all_pairs(formula, output, expression):
    """A mean over all pairs of a row and a label, which `lp[:, y].mean()` is."""
    for part in expression.atoms(IndexSum):
        labels = [x for x in part.function.atoms(Indexed) if str(x.base) == "c"]
        if labels and part.index.size == B:
            other = _fresh_row(part.index)
            paired = total(substitute(part.function, {x: x.base[other] for x in labels}), part.index, other) / B
            words = "every row is paired with every label"
            yield Mistake("wrong-index", words, _with_output(formula, output, expression.subs(part, paired)))


def _fresh_row(index):
    from derivations.notation import Index

    return Index(f"{index.name}_", index.size)


def _other_operations(scene, output):
    """The same kind of answer of every other operation with inputs of the same axes."""
    from derivations.registry import operation, operations

    question = scene.question
    own = [getattr(x, "shape", None) or () for x in question.function.arguments]
    for name in operations():
        other = operation(name)
        if other is question.operation:
            continue
        try:
            function = other.function(question.kind, question.reduction, question.targets)
        except LookupError:
            continue
        axes = [getattr(x, "shape", None) or () for x in function.arguments]
        if axes != own or len(function.outputs) != len(question.function.outputs):
            continue
        names = [str(getattr(x, "label", x)) for x in function.arguments]
        entries = {new: scene.case.entries[old] for new, old in zip(names, question.names, strict=True)}
        words = f"this is the {question.kind} of {other.title.lower()}"
        yield Mistake("wrong-function", words, Formula(function.outputs, function.names, tuple(entries.items())))
    yield from _known_functions(scene, output)


def _known_functions(scene, output):
    """Functions outside the catalogue that are taken for one in it."""
    from derivations.judge.lookalikes import LOOKALIKES

    question = scene.question
    if len(question.names) != (1 if question.kind == "value" and question.specification.upstream is not None else 2):
        return
    for kind, words, letters, expression in LOOKALIKES:
        if kind == question.kind:
            entries = dict(zip(("x", "y"), (scene.case.entries[name] for name in question.names), strict=False))
            yield Mistake(
                "wrong-function",
                f"this is the {kind} of {words}",
                Formula(((letters, expression),), (), tuple(entries.items())),
            )
