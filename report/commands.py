"""What each command prints. A command returns its exit status, or None for 0."""

import json

from report.failure import CommandFailed
from report.output import say


def list(options):  # noqa: A001  (the command's name)
    """Each operation of the catalogue with its arguments, what can be judged of it, and the class that computes it."""
    from report.catalogue import ROWS
    from report.listing import entry

    for row in ROWS:
        say(entry(row))


def derive(options):
    """Derivations as text or LaTeX, or the functions as NumPy source."""
    from derivations.layout import derivation_latex, derivation_text
    from derivations.registry import operation

    found = operation(options.operation)
    if options.format == "numpy":
        functions = [f for kind, f in found.functions.items() if options.all or " " not in kind]
        names = sorted(set().union(*(function.imports for function in functions)))
        say(f"from numpy import {', '.join(names)}\n\n" if names else "", end="")
        say("\n\n".join(function.source.rstrip() for function in functions))
        return
    show = derivation_text if options.format == "text" else derivation_latex
    chosen = found.derivations if options.all else (found.main,)
    say("\n\n".join(show(derivation) for derivation in chosen))


def count(options):
    """The three routes to the gradient of softmax with cross entropy: polynomials, and counts of what NumPy ran."""
    from report.counts import comparison, comparison_text

    found = comparison()
    say(json.dumps(found, indent=2) if options.json else comparison_text(found))
    return 0 if found["agree"] else 1


def prove(options):
    """One line a derivation; exit status 1 where one is not proved or the code is refused."""
    from report.proofs import proofs, proofs_text

    found = proofs(options.operation)
    say(json.dumps(found, indent=2) if options.json else proofs_text(found))
    return 0 if found["proved"] else 1


def bench(options):
    """Measurements on this machine; a peer that is not installed is a column marked absent."""
    from report.bench import bench as measured
    from report.bench import bench_text, saved

    if options.output:
        saved.refuse_early(options.output)
    found = measured(options.what, quick=options.quick)
    say(json.dumps(found, indent=2) if options.json else bench_text(found))
    if options.output:
        saved.write(options.output, found, options.quick)


def verify(options):
    """The verdict on a file that is run in a process of its own; exit status 3 where it cannot be decided."""
    from report.sandbox.command import verified

    text, status = verified(options)
    say(text)
    return status


def grade(options):
    """Every submission of a directory judged, the results in files and in a table."""
    from report.grading.command import graded

    return graded(options)


def report(options):
    """Build the report and say where it is."""
    try:
        from report.build import build
    except ModuleNotFoundError as error:
        raise CommandFailed(f"{error.name} is missing; it comes with: pip install 'gradproof[report]'") from error

    for path in build(options.output, pdf=options.pdf, measurements=options.measurements):
        say(path)
