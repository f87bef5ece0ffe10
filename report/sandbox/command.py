"""`gradproof verify`: one target, its outcome printed, and the exit status."""

import json

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
        parameters = dict(_parameter(x) for x in options.parameter)
        batched = not options.one_sample
        return Options(
            options.operation, options.reduction, options.targets, batched, options.conventions, parameters
        ), limits
    except ValueError as error:
        raise CommandFailed(str(error)) from error


def _parameter(text):
    """(name, number or nested lists) of epsilon=0.1 or omega=[1,2,3]."""
    name, equals, value = text.partition("=")
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    if not equals or not isinstance(found, int | float | list) or isinstance(found, bool):
        raise ValueError(f"--parameter {text}: expected name=number or name=[numbers]")
    return name, found
