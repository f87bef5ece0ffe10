"""The first process: load the code, ask the judge about it, send the verdict.

Whatever is sent from here may be forged, by code that changes the judge; who receives it has to check it.
"""

import sys

import numpy as np

from derivations.judge import verify as judging
from derivations.registry import operation
from report.sandbox.limits import PRINTED
from report.sandbox.loading import loaded, told
from report.sandbox.passes import as_functions
from report.sandbox.printing import bound_output
from report.sandbox.received import shortened

VERIFY = judging.verify  # before anything is loaded that could put another in its place


def judge(channel, header, source):
    """Messages: {"say": "unloadable", "why"} or {"say": "loaded"}, then "verdict", "usage", "ended" or "failed"."""
    dropped, deep = bound_output(PRINTED // 2), sys.getrecursionlimit()
    try:
        subject = loaded(header, source)
    except BaseException as error:
        return channel.send({"say": "unloadable", "why": told(error)})
    channel.send({"say": "loaded"})
    sys.setrecursionlimit(max(deep, sys.getrecursionlimit()))  # the code may have set what the judge cannot work with
    with np.errstate(all="warn", under="ignore"):
        answer = {**_answer(header, subject), "unprinted": dropped()}
    try:
        channel.send(answer)
    except ValueError:  # arrays that are too large to show
        channel.send({**answer, "verdict": {**answer["verdict"], "counterexample": None}})


def _answer(header, subject):
    try:
        return {"say": "verdict", "verdict": shortened(_verdict(header["options"], subject).as_dict())}
    except MemoryError as error:
        if _raised_in(error, header["path"]):
            return {"say": "ended", "id": "memory", "why": "asks for more memory than it may have"}
        return {"say": "failed", "why": "it needs more memory than it may have; --memory gives it more"}
    except SystemExit as error:
        return {"say": "ended", "id": "exit", "why": f"calls sys.exit({error.code!r})"[:200]}
    except BaseException as error:
        if _raised_in(error, header["path"]):
            return {"say": "ended", "id": "exception", "why": f"raises {told(error)}"}
        wrong = isinstance(error, (LookupError, TypeError, ValueError)) and not isinstance(
            error, (KeyError, IndexError)
        )
        return {"say": "usage", "why": f"{error}"} if wrong else {"say": "failed", "why": told(error)}


def _verdict(options, subject):
    """What `derivations.verify` says of an object, or of functions by kind."""
    settings = {name: options[name] for name in ("reduction", "targets", "conventions")}
    settings |= {name: np.asarray(value) for name, value in options["parameters"].items()}
    subject = as_functions(subject, operation(options["operation"]), options["batched"])
    if "subject" in subject:
        return VERIFY(subject["subject"], against=options["operation"], batched=options["batched"], **settings)
    return VERIFY(options["operation"], **subject, batched=options["batched"], **settings)


def _raised_in(error, path):
    """Whether the code in that file was running when it was raised."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            return True
        trace = trace.tb_next
    return False
