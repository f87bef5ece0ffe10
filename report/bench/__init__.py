"""Benchmarks: seconds, bytes and digits, against other people's code where that is installed.

Reading order: timing and machine, then peers; kernels with memory, linear, targets, generated and goals; derive;
accuracy; verify, which has an order of its own; text.
"""

from importlib import import_module

KINDS = ("kernels", "derive", "accuracy", "verify")


def bench(what="all", quick=False):
    """{"machine": …, kind: what was measured, …} for one of KINDS or "all", as a dict that JSON can hold.

    quick: tiny sizes and two rounds, which shows that everything runs and nothing about speed.
    Raises: LookupError for another word.
    """
    if what != "all" and what not in KINDS:
        raise LookupError(f"bench: expected one of {', '.join(KINDS)} or all, got {what!r}")
    from report.bench.machine import machine

    kinds = KINDS if what == "all" else (what,)
    return {"machine": machine(), **{kind: import_module(f"report.bench.{kind}").measured(quick) for kind in kinds}}


def bench_text(found):
    """What `bench` found, for a terminal of 80 columns."""
    from report.bench.text import text

    return text(found)
