"""The command line: `gradproof COMMAND`, also `python -m report COMMAND`.

Every command imports what it needs when it runs, so that `--help` costs nothing.
"""

import argparse
import os
import sys

from report import VERSION

DEFAULT = "default %(default)s"
JSON = "print JSON"
STATUS = "Exit status: 0 proved or verified, 1 refuted, 2 cannot be loaded or wrong usage, 3 abstained."
GRADED = "Exit status: 0 all are judged, whatever the verdicts; 1 some have to be tried again; 2 wrong usage."


def parser():
    """The parser of all commands; each sets `run`, the name of a function in `report.commands`."""
    top = argparse.ArgumentParser(
        prog="gradproof", description="Derive, prove, run and count neural-network gradients.", allow_abbrev=False
    )
    top.add_argument("--version", action="version", version=f"gradproof {VERSION}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name, summary, **settings):
        made = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False, **settings)
        made.set_defaults(run=name)
        return made

    command("list", "the operations of the catalogue")

    derive = command("derive", "the derivation of an operation, line by line, or the NumPy that it gives")
    derive.add_argument("operation", metavar="NAME", help="an operation, as `gradproof list` names them")
    derive.add_argument("--format", choices=("text", "latex", "numpy"), default="text", help=DEFAULT)
    derive.add_argument("--all", action="store_true", help="all derivations or functions, not the main ones alone")

    refused = "Exit status: 1 where something is not proved."
    summary = "check every line of every derivation and nnlib's own code, and say for which sizes"
    prove = command("prove", summary, epilog=refused)
    prove.add_argument("operation", metavar="NAME", nargs="?", help="one operation alone")
    prove.add_argument("--json", action="store_true", help=JSON)

    count = command("count", "operations of the fused and the separate backward pass, derived and executed")
    count.add_argument("--json", action="store_true", help=JSON)

    bench = command("bench", "seconds, bytes and digits beside other people's code, where that is installed")
    kinds = f"kernels, derive, accuracy, verify or all; {DEFAULT}"
    bench.add_argument("what", nargs="?", default="all", metavar="WHAT", help=kinds)
    bench.add_argument("--json", action="store_true", help=JSON)
    bench.add_argument("--quick", action="store_true", help="tiny sizes: shows that it runs, and nothing about speed")
    bench.add_argument("-o", "--output", type=_path, metavar="FILE", help="keep the run, for the report")

    verify = command("verify", "judge somebody's backward pass, in a process of its own", epilog=STATUS)
    verify.add_argument("target", metavar="TARGET", help="FILE.py, FILE.py:NAME, FILE.py:value=f,vjp=g or module:NAME")
    _judging_options(verify)
    verify.add_argument("--json", action="store_true", help=JSON)
    verify.add_argument("--no-spoilers", dest="spoilers", action="store_false", help="keep back what would be right")

    grade = command("grade", "judge every *.py file of a directory, and of the directories in it", epilog=GRADED)
    grade.add_argument("directory", type=_path, metavar="DIR", help="where the submissions are")
    _judging_options(grade)
    found = "where the results go, and are found again"
    grade.add_argument("-o", "--output", type=_path, metavar="OUT", required=True, help=found)
    grade.add_argument("--pattern", default="*.py", metavar="GLOB", help=f"names of submissions; {DEFAULT}")
    grade.add_argument("--jobs", type=int, metavar="N", help="how many at a time; default one for each core")
    grade.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler whose workers judge")

    report = command("report", "build index.html and report.tex, with --pdf report.pdf too")
    report.add_argument("-o", "--output", type=_path, metavar="DIR", default="build/report", help=f"where; {DEFAULT}")
    report.add_argument("--pdf", action="store_true", help="run LaTeX on report.tex")
    report.add_argument("--measurements", metavar="FILE", help="a run that `bench -o FILE` kept, not the shipped one")
    return top


def _path(text):
    if not text:
        raise argparse.ArgumentTypeError("expected a path, got nothing")
    return text


def _judging_options(command):
    """What `verify` and `grade` have in common."""

    def option(name, words, **settings):
        command.add_argument(name, help=words, **settings)

    option("--as", "the operation, as `gradproof list` names it", dest="operation", metavar="NAME", required=True)
    option("--reduction", f"of a loss over the batch; {DEFAULT}", choices=("mean", "sum"), default="mean")
    option("--targets", f"as rows of y, or class indices; {DEFAULT}", choices=("rows", "indices"), default="rows")
    option("--one-sample", "the functions take one sample, not a batch", action="store_true")
    words = f"report: accept what differs by a known convention alone; {DEFAULT}"
    option("--conventions", words, choices=("strict", "report"), default="strict")
    words = "an input that is fixed, as epsilon=0.1; may be repeated"
    option("--parameter", words, action="append", default=[], metavar="NAME=VALUE")
    option("--time", f"seconds to load, and to judge; {DEFAULT}", type=float, default=60.0, metavar="S")
    option("--memory", f"address space of each process; {DEFAULT}", type=int, default=2048, metavar="MB")


def _open_streams():
    """Open the null device where standard input, output or error is closed: the next file would take its place."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def main(arguments=None):
    """Run one command; the exit status: 0, 1 where something is refused, 2 for wrong usage or a system error.

    `verify` also has 3, where nothing could be decided; 128 and the number of the signal that ended it.
    """
    _open_streams()
    for stream in (sys.stdout, sys.stderr):  # a terminal without Σ gets its escape, and no traceback
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    options = parser().parse_args(arguments)
    from report import commands
    from report.failure import CommandFailed
    from report.stopping import stopped_by_signals

    try:
        with stopped_by_signals():
            return getattr(commands, options.run)(options) or 0
    except KeyboardInterrupt as stop:
        print(f"gradproof {options.command}: interrupted", file=sys.stderr)
        return 128 + getattr(stop, "number", 2)
    except (LookupError, OSError, CommandFailed) as error:
        if isinstance(error, (KeyError, IndexError)):  # a mistake in this program, not in what was asked of it
            raise
        _complain(f"gradproof {options.command}: {error}")
        return 2


def _complain(words):
    """One line for a program that reads it, lines of 80 columns for a person."""
    if sys.stderr.isatty():
        import textwrap

        words = textwrap.fill(words, 80, break_long_words=False, break_on_hyphens=False)
    print(words, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
