"""Peak memory of one pass beyond its input, each contender in a process of its own.

NumPy tells tracemalloc what it allocates; the other packages do not, so for them the growth of the process's own peak
is taken, which counts the gradient that they return as well. Both numbers are given where both exist.
"""

import sys
import tracemalloc

from report.bench import peers
from report.bench.cold import cold
from report.bench.machine import own_peak

SHAPE, QUICK_SHAPE = (512, 32000), (32, 10)


def measured(quick=False):
    """Peaks of one pass for every contender, as bytes and as a share of the logits; None where absent."""
    B, n = QUICK_SHAPE if quick else SHAPE
    logits = B * n * 4
    names = (peers.NNLIB, peers.OUT, peers.DERIVED) if quick else peers.PASSES
    found = {"B": B, "n": n, "dtype": "float32", "logits": logits, "peaks": {}}
    for name in names:
        peaks = cold("report.bench.memory", "peak", name, B, n) if peers.present(name) else None
        found["peaks"][name] = peaks and {**peaks, "share": peaks["process"] / logits}
    return found


def peak(name, B, n):
    """{"traced": bytes by tracemalloc, "process": growth of the process's peak} of one pass; call it in a new process.

    Compiling and loading are done first, on a single row, and do not count.
    """
    peers.as_numpy(peers.PASSES[name](*peers.problem(1, n, "float32"))())
    run = peers.PASSES[name](*peers.problem(B, n, "float32"))
    before = _process_peak()
    result = run()
    grown = _process_peak() - before
    del result
    tracemalloc.start()
    run()
    traced = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {"traced": traced, "process": grown}


def _process_peak():
    """Bytes of the largest resident set so far.

    VmHWM where there is one: Linux hands ru_maxrss on to a new process, and the parent's may hide the child's.
    """
    peak = own_peak()
    if peak is not None:
        return peak
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
