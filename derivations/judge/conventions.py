"""Conventions, which are no errors of the mathematics: how a claim is undone of one, and whether one explains it all.

A sum for a mean, a ½ in front or not, weights stored as (outputs, inputs), samples in columns: the code is right about
a neighbouring function. `undo` of an Explanation turns its Claim into one about the operation's own.
"""

from dataclasses import replace

from derivations.execution.cannot_trace import CannotTrace
from derivations.execution.compare import judge
from derivations.execution.decide import EQUAL
from derivations.judge.exactly import asked, sizes_of
from derivations.judge.explanation import Explanation

PROBE = (2, 3)  # (B, n)


def scaled(question, law):
    """Claim -> Claim whose results are divided by law(**sizes)."""
    axes = [getattr(x, "shape", None) or () for x in question.function.arguments]

    def undo(claim):
        def call(*arguments):
            sizes = {}
            for shape, array in zip(axes, arguments, strict=True):
                sizes.update(zip(map(str, shape), getattr(array, "shape", ()), strict=False))
            factor = law(**sizes)
            return _each(claim.call(*arguments), lambda x: x / factor)

        return replace(claim, call=call)

    return undo


def _each(results, change):
    if isinstance(results, tuple | list):
        return tuple(change(x) for x in results)
    return change(results)


def alternatives(claim, question):
    """[Explanation, …] of the other calling conventions under which the code is exactly right."""
    found = []
    if any(str(size) == "B" for x in question.function.arguments for size in (getattr(x, "shape", None) or ())):
        words = "samples are taken to be columns: the arrays are transposed throughout"
        found.append(Explanation("column-batches", words, "", True, _columns(question)))
    if "W" in question.names:
        words = "weights are stored as (outputs, inputs): W is transposed throughout"
        found.append(Explanation("transpose", words, "", True, _turned_weights(question)))
    return [
        replace(x, evidence="with that undone, the code equals the definition")
        for x in found
        if _is_right(x, claim, question)
    ]


def _is_right(explanation, claim, question):
    """Whether the code equals the definition with the convention undone, at one telling shape, and not without."""
    if claim.single:
        return False
    case = asked(question, sizes_of(PROBE, question.operation))
    return _equals(case, explanation.undo(claim).call) and not _equals(case, claim.call)


def _equals(case, call):
    try:
        return judge(case, call).verdict == EQUAL
    except CannotTrace:
        return False


def _columns(question):
    """All arrays with a batch axis and another one are transposed, going in and coming out."""
    going_in = [_is_batch(getattr(x, "shape", None) or ()) for x in question.function.arguments]
    coming_out = [_is_batch([letter.size for letter in letters]) for letters, _ in question.function.outputs]
    return lambda claim: replace(claim, call=_transposing(claim.call, going_in, coming_out))


def _is_batch(axes):
    return len(axes) == 2 and str(axes[0]) == "B"


def _turned_weights(question):
    going_in = [name == "W" for name in question.names]
    letters = [tuple(str(letter.size) for letter in found) for found, _ in question.function.outputs]
    weights = tuple(str(size) for size in question.function.arguments[question.names.index("W")].shape)
    return lambda claim: replace(claim, call=_transposing(claim.call, going_in, [x == weights for x in letters]))


def _transposing(call, going_in, coming_out):
    def turned(*arguments):
        given = [x.T if turn else x for x, turn in zip(arguments, going_in, strict=True)]
        results = call(*given)
        if len(coming_out) == 1:
            return results.T if coming_out[0] else results
        return tuple(x.T if turn else x for x, turn in zip(results, coming_out, strict=True))

    return turned
