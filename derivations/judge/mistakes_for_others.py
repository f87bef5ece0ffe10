"""Another operation's formula, or that of a function outside the catalogue."""

from derivations.judge.candidate import Mistake
from derivations.judge.scene import Formula


def of_other_operations(scene):
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
        words = f"this is the {question.kind.replace('_', ' ')} of {other.title.lower()}"
        yield Mistake("wrong-function", words, Formula(function.outputs, function.names, tuple(entries.items())))
    yield from _known_functions(scene)


def _known_functions(scene):
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
                f"this is the {kind.replace('_', ' ')} of {words}",
                Formula(((letters, expression),), (), tuple(entries.items())),
            )
