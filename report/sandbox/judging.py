"""A judgement from beginning to end: a process for the judge, its verdict checked, a process for the examination."""

from dataclasses import replace

from derivations.judge.verdict import REFUTED, Diagnosis
from report.sandbox import received
from report.sandbox.ends import HINTS, ended, endless, failed, too_slow, unanswered
from report.sandbox.examination import examined, never_ending
from report.sandbox.outcome import SHOWN, Outcome
from report.sandbox.worker import Ended, Worker


def judged(target, options, limits, seed=None):
    """The Outcome for a `target.Target`; whatever the code does is part of it and nothing of it is raised here.

    seed: of the cross-examination, for tests alone. Raises: LookupError where the operation has no such kind.
    """
    kinds = target.kinds(options.known)
    options.require(kinds)
    outcome = _in_a_process(target, options, limits)
    if outcome.verdict is None or not outcome.verdict.accepted:
        return outcome
    report = _up_to_a_convention(options, outcome.verdict)
    found = examined(target, options, kinds, limits, report, seed)
    if found.wrong and options.batched and kinds == ("jacobian",):  # which the judge also takes of one sample
        found = examined(target, replace(options, batched=False), kinds, limits, report, seed)
    if found.wrong:
        return replace(outcome, verdict=unanswered(outcome.verdict, found), examined=found.calls)
    return replace(outcome, examined=found.calls)


def _up_to_a_convention(options, verdict):
    return options.conventions == "report" and any(note.startswith("up to a convention") for note in verdict.notes)


def _in_a_process(target, options, limits):
    """The Outcome as the judge's own process tells it, checked for its form alone."""
    blank = Outcome(target.text, options.operation, target.path, target.sha256)
    worker = Worker("judge", {**target.header(), "options": options.as_dict()}, target.source, limits)
    try:
        with worker:
            answer = _conversation(worker, target, options, limits)
    except Ended as end:
        answer = {"problem": f"when it is loaded, the code {end.words}"}
    printed = worker.printed.decode(errors="replace")
    dropped = answer.pop("unprinted", 0)
    length = worker.printed_length + (dropped if type(dropped) is int and dropped > 0 else 0)
    return replace(
        blank, **answer, printed=received.printable(printed[:SHOWN]), printed_length=length, measures=worker.measures
    )


def _conversation(worker, target, options, limits):
    """{"verdict": …} or {"problem": …}. Raises: Ended where the code does not even load."""
    header, _ = worker.receive(limits.seconds)
    if header.get("say") != "loaded":
        return {"problem": _why(header)}
    kinds = target.kinds(options.known)
    try:
        header, _ = worker.receive(limits.seconds)
    except Ended as end:
        if end.id != "timeout":
            return {"verdict": ended(options.operation, kinds, end.id, end.words)}
        call = never_ending(target, options, kinds, limits)
        known = options.operation, kinds
        return {"verdict": endless(*known, call, limits) if call else too_slow(*known, limits)}
    return {**_answer(header, options.operation, kinds), "unprinted": header.get("unprinted", 0)}


def _answer(header, operation, kinds):
    """What the message of the judge's process comes to."""
    says = header.get("say")
    try:
        if says == "verdict":
            return {"verdict": _of_memory(received.verdict(header.get("verdict"), operation, kinds))}
        if says == "ended" and header.get("id") in ("exit", "memory", "exception"):
            return {"verdict": ended(operation, kinds, header["id"], received.words(header.get("why")))}
        if says == "failed":
            return {"verdict": failed(operation, kinds, received.words(header.get("why")))}
        if says in ("usage", "unloadable"):
            return {"problem": _why(header)}
    except ValueError as error:
        return {"verdict": ended(operation, kinds, "forged", f"answers in the judge's place with {error}"[:500])}
    return {"verdict": ended(operation, kinds, "forged", "answers in the judge's place with what is no verdict")}


def _why(header):
    try:
        return received.words(header.get("why"))
    except ValueError:
        return "its process sends what is no answer"


def _of_memory(verdict):
    """The verdict, with "memory" for the diagnosis of code that raised for want of it."""
    first = verdict.diagnosis[0] if verdict.diagnosis else None
    raised = verdict.counterexample.raised if verdict.counterexample else ""
    if verdict.status != REFUTED or first.id != "exception" or "MemoryError" not in raised.partition(":")[0]:
        return verdict
    words = "the code asks for more memory than it may have"
    told = Diagnosis("memory", words, raised, first.where, hints=HINTS["memory"])
    return replace(verdict, diagnosis=(told, *verdict.diagnosis), summary=f"{first.where}: {told.sentence}")
