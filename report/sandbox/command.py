"""`gradproof verify`: one target, its outcome printed, and the exit status."""

import json

import numpy as np

from report.failure import CommandFailed
from report.sandbox import target
from report.sandbox.judging import judged
from report.sandbox.limits import Limits
from report.sandbox.options import Options


def verified(options):
    """The (text to print, exit status) for the parsed command line. Raises: CommandFailed for wrong usage."""
    asked, limits = settings(options)
    outcome = judged(target.found(options.target), asked, limits)
    if options.json:
        return json.dumps(outcome.as_dict(options.spoilers), indent=2), outcome.exit_status
    return outcome.text(options.spoilers), outcome.exit_status


def settings(options):
    """(Options, Limits) of a parsed command line. Raises: CommandFailed, LookupError."""
    try:
        limits = Limits(options.time, options.memory)
        parameters = _parameters(options.parameter)
        batched = not options.one_sample
        return Options(
            options.operation, options.reduction, options.targets, batched, options.conventions, parameters
        ), limits
    except ValueError as error:
        raise CommandFailed(str(error)) from error


def _parameters(given):
    """{name: number or array} of epsilon=0.1 and omega=[1,2,3]."""
    found = {}
    for text in given:
        name, _, value = text.partition("=")
        if name in found:
            raise ValueError(f"--parameter {name}: expected once, got it twice")
        found[name] = _numbers(value)
        if found[name] is None:
            raise ValueError(f"--parameter {text[:60]}: expected name=number or name=[numbers]")
    return found


def _numbers(text):
    """The number or rectangular array of numbers that JSON spells, or None."""
    try:
        found = np.asarray(json.loads(text))
    except (ValueError, RecursionError):  # no JSON, ragged, or too deep
        return None
    return found if found.dtype.kind in "iuf" else None
