"""Conventions, which are no errors of the mathematics: how a claim is undone of one, and whether one explains it all.

A sum for a mean, a ½ in front or not, weights stored as (outputs, inputs), samples in columns: the code is right about
a neighbouring function. `undo` of an Explanation turns a Claim about that function into one about the operation's own,
of any kind: what is a convention is one in value and gradient, and an error in one of them alone.
"""

from dataclasses import replace

from derivations.execution.cannot_trace import CannotTrace
from derivations.execution.compare import judge
from derivations.execution.decide import EQUAL
from derivations.judge.exactly import asked, sizes_of
from derivations.judge.explanation import Explanation

PROBE = (2, 3)  # (B, n)


def scaled(law):
    """(Claim, Question) -> Claim whose results are divided by law(**sizes)."""

    def undo(claim, question):
        axes = [getattr(x, "shape", None) or () for x in question.function.arguments]

        def call(*arguments):
            sizes = {}
            for shape, array in zip(axes, arguments, strict=True):
                sizes.update(zip(map(str, shape), getattr(array, "shape", ()), strict=False))
            factor = law(**sizes)
            return _each(claim.call(*arguments), lambda x: x / factor)

        return replace(claim, call=call)

    return undo


def up_to_conventions(judgements, again):
    """(judgements with a convention undone, its words), or the judgements and "": one convention explains all of them.

    again(judgement, claim): the Judgement of another claim about the same question. Where the formulas are right and
    the code is refuted all the same, what is wrong besides the convention is what is told.
    """
    tried = set()
    for explanation in [x for judgement in judgements for x in _undoable(judgement)]:
        key = explanation.id, explanation.words
        if key in tried:
            continue
        tried.add(key)
        undone = []
        for judgement in judgements:  # up to the first that is something else
            found = _undone(judgement, explanation, again)
            if found is None:
                break
            undone.append(found)
        else:
            return undone, explanation.words
    return judgements, ""


def _undoable(judgement):
    return [x for _, x in judgement.explanations if x.convention and x.undo is not None]


def _undone(judgement, explanation, again):
    """The judgement of the code with the convention undone, None where its formula is not right then.

    What an object remembers and shares was seen already, and is hidden by what undoes the convention.
    """
    if any(x.category in ("state", "aliasing", "random") for x in judgement.trial.findings):
        same = any((x.id, x.words) == (explanation.id, explanation.words) for x in _undoable(judgement))
        return judgement if same else None
    found = again(judgement, replace(explanation.undo(judgement.claim, judgement.question), passes=None))
    return None if found.refuted and found.exact.verdict != EQUAL else found


def _each(results, change):
    if isinstance(results, tuple | list):
        return tuple(change(x) for x in results)
    return change(results)


def alternatives(claim, question, subject):
    """[Explanation, …] of the other calling conventions under which the code, whose Subject it is, is exactly right."""
    found = []
    if any(str(size) == "B" for x in question.function.arguments for size in (getattr(x, "shape", None) or ())):
        words = "samples are taken to be columns: the arrays are transposed throughout"
        found.append(Explanation("column-batches", words, "", True, _columns))
    if "W" in question.names:
        words = "weights are stored as (outputs, inputs): W is transposed throughout"
        found.append(Explanation("transpose", words, "", True, _turned_weights))
    return [
        replace(x, evidence="with that undone, the code equals the definition")
        for x in found
        if _is_right(x, claim, question, subject)
    ]


def _is_right(explanation, claim, question, subject):
    """Whether the code equals the definition with the convention undone, at one telling shape, and not without."""
    if claim.single:
        return False
    case = asked(question, sizes_of(PROBE, question.operation))
    undone = explanation.undo(claim, question).call
    return _equals(case, undone, subject) and not _equals(case, claim.call, subject)


def _equals(case, call, subject):
    try:
        return judge(case, call, subject=subject).verdict == EQUAL
    except CannotTrace:
        return False


def _columns(claim, question):
    """All arrays with a batch axis and another one are transposed, going in and coming out."""
    going_in = [_is_batch(getattr(x, "shape", None) or ()) for x in question.function.arguments]
    coming_out = [_is_batch([letter.size for letter in letters]) for letters, _ in question.function.outputs]
    return replace(claim, call=_transposing(claim.call, going_in, coming_out))


def _is_batch(axes):
    return len(axes) == 2 and str(axes[0]) == "B"


def _turned_weights(claim, question):
    going_in = [name == "W" for name in question.names]
    letters = [tuple(str(letter.size) for letter in found) for found, _ in question.function.outputs]
    weights = tuple(str(size) for size in question.function.arguments[question.names.index("W")].shape)
    return replace(claim, call=_transposing(claim.call, going_in, [x == weights for x in letters]))


def _transposing(call, going_in, coming_out):
    def turned(*arguments):
        given = [x.T if turn else x for x, turn in zip(arguments, going_in, strict=True)]
        results = call(*given)
        if len(coming_out) == 1:
            return results.T if coming_out[0] else results
        return tuple(x.T if turn else x for x, turn in zip(results, coming_out, strict=True))

    return turned
