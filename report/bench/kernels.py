"""Softmax with cross entropy, forward and backward: seconds by shape, by B and n apart, by threads; and bytes."""

from report.bench import generated, goals, linear, memory, peers, routes, targets
from report.bench.shapes import DTYPES, LARGEST, QUICK_SHAPES, SHAPES, too_large
from report.bench.timing import QUICK, Ratio, interleaved

BATCHES = (1, 4, 16, 64, 256, 1024, 4096)
CLASSES = (10, 30, 100, 300, 1000, 3000, 10000, 30000, 100000)
QUICK_SWEEP = (1, 8)
FIXED_CLASSES, FIXED_BATCH = 1000, 64
THREADED = SHAPES[1:]
FULL, SWEEP = {"rounds": 21, "seconds": 40.0}, {"rounds": 9, "seconds": 6.0}


def measured(quick=False):
    """All tables of this chapter as a dict that JSON can hold; quick: tiny sizes, two rounds."""
    shapes = QUICK_SHAPES if quick else SHAPES
    cells = [cell(B, n, dtype, QUICK if quick else FULL) for B, n in shapes for dtype in DTYPES]
    found = {
        "cells": cells,
        "sweeps": sweeps(QUICK_SWEEP, QUICK) if quick else sweeps(),
        "threads": threads(QUICK_SHAPES, QUICK) if quick else threads(),
        "targets": targets.measured(QUICK_SHAPES if quick else LARGEST, DTYPES, quick),
        "memory": memory.measured(quick),
        "routes": routes.measured(quick),
        "linear": linear.measured(quick),
        "generated": generated.measured(quick),
    }
    return {**found, "goals": goals.judged(found)}


def cell(B, n, dtype, effort=FULL):
    """Seconds of every contender at one shape and dtype, and their ratios to nnlib's; absent contenders are None.

    skipped: why nothing was measured, or None. others: the share of the machine that other processes used.
    """
    found = {"B": B, "n": n, "dtype": dtype, "seconds": {}, "ratios": {}, "skipped": too_large(B, n, dtype)}
    if found["skipped"]:
        return found
    o, c = peers.problem(B, n, dtype)
    calls, absent = peers.prepared(o, c)
    calls[peers.FLOOR] = peers.floor(o, c)
    run = interleaved(calls, **effort)
    found["seconds"] = {**run.spreads(), **dict.fromkeys(absent)}
    for of in (peers.NNLIB, peers.OUT, peers.THREADS):
        found["ratios"][of] = {name: ratio.as_dict() for name, ratio in run.ratios(of).items()} | dict.fromkeys(absent)
    return {**found, "rounds": len(run.samples[peers.NNLIB]), "others": run.others}


def sweeps(sizes=None, effort=SWEEP):
    """{"B": cells with n fixed, "n": cells with B fixed}, float32: how time grows with either alone."""
    return {
        "B": [cell(B, FIXED_CLASSES, "float32", effort) for B in sizes or BATCHES],
        "n": [cell(FIXED_BATCH, n, "float32", effort) for n in sizes or CLASSES],
    }


def threads(shapes=THREADED, effort=FULL, numbers=(1, 2)):
    """Seconds of nnlib, PyTorch and numba with so many threads, and how many times as long one thread takes as two.

    JAX fixes its threads when it starts, so it is not here.
    """
    found = []
    for B, n in shapes:
        for dtype in DTYPES:
            if not too_large(B, n, dtype):
                run = _by_threads(*peers.problem(B, n, dtype), effort, numbers)
                found += [{"B": B, "n": n, "dtype": dtype, **row} for row in _thread_rows(run, numbers)]
    return found


def _thread_rows(run, numbers):
    """A row a contender of a Run whose names are (contender, threads)."""
    spreads, first, last = run.spreads(), numbers[0], numbers[-1]
    for name in dict.fromkeys(name for name, _ in run.samples):
        seconds = {number: spreads[name, number] for number in numbers}
        ratio = Ratio.paired(run.samples[name, first], run.samples[name, last])
        yield {"contender": name, "seconds": seconds, "ratio": ratio.as_dict(), "others": run.others}


def _by_threads(o, c, effort, numbers):
    """The Run of calls named (contender, threads): the numbers of threads are interleaved too."""
    calls, before = {}, {}
    for number in numbers:
        calls[peers.OUT, number] = peers.nnlib_out(o, c, number)
        for name, prepare in ((peers.TORCH, peers.pytorch), (peers.NUMBA, peers.numba)):
            if peers.present(name):
                calls[name, number] = prepare(o, c, number)
                before[name, number] = lambda name=name, number=number: peers.use_threads(name, number)
    return interleaved(calls, **effort, before=before)
