"""Verdicts on code that gave the judge no answer, or another answer when the judge was not there."""

from dataclasses import replace

from derivations.judge.verdict import ABSTAINED, REFUTED, Diagnosis, Verdict

HINTS = {
    "timeout": ("Is there a loop that does not end?", "Operations on whole arrays are quick, loops over entries slow."),
    "memory": ("Which array is larger than the inputs and the result?", "A VJP needs no array of n × n for each row."),
    "exit": ("A function returns its result; exit() ends the whole program.",),
    "killed": ("Does it crash on its own, with the smallest arrays?",),
    "exception": ("Run it with small arrays.",),
    "forged": ("Return the numbers, and leave NumPy and the judge as they are.",),
}


def ended(operation, kinds, id, words):
    """The refutation of code that did not let the judge finish; words: what it did, as in 'the code raises …'."""
    words = f"the code {words}"
    diagnosis = Diagnosis(id, words, "seen while it was judged", " and ".join(kinds), hints=HINTS[id])
    return Verdict(operation, REFUTED, words, kinds, (diagnosis,))


def endless(operation, kinds, call, limits):
    """The refutation of code of which a call does not end; call: an `examination.Endless`."""
    words = f"the code does not end within {limits.seconds:g} seconds"
    alone = f"nor does {call.which} call on the smallest arrays in {call.seconds:g} seconds"
    diagnosis = Diagnosis("timeout", words, f"seen while it was judged; {alone}", call.kind, hints=HINTS["timeout"])
    return Verdict(operation, REFUTED, f"{call.kind}: {words}", kinds, (diagnosis,))


def too_slow(operation, kinds, limits):
    """Where single calls end, and all that the judge tries do not: slow code is not wrong code."""
    words = f"the judgement does not end within {limits.seconds:g} seconds; --time gives it more"
    return Verdict(operation, ABSTAINED, words, kinds)


def failed(operation, kinds, words):
    """Where the judge itself fails, nobody is blamed."""
    return Verdict(operation, ABSTAINED, f"the judge itself failed: {words}", kinds, notes=("please report this",))


def unanswered(verdict, found):
    """The verdict after an examination that was not passed: refuted, or abstained where it took too long."""
    if found.id == "timeout":
        return replace(verdict, status=ABSTAINED, summary=f"accepted, and then not confirmed: {found.wrong}")
    words = "the answers differ when the judge is not watching"
    diagnosis = Diagnosis("forged", words, found.wrong, " and ".join(verdict.judged), hints=HINTS["forged"])
    return Verdict(verdict.operation, REFUTED, words, verdict.judged, (diagnosis,), notes=verdict.notes)
