"""Rows are independent, so a batch may be worked through in blocks of rows that fit in the cache.

A large array that is swept six times costs six journeys to memory; swept block by block it costs one. The arithmetic,
and so the result, is the same for every block size.
"""

import os
from functools import cache, partial

import numpy as np

from nnlib import settings

BLOCK_BYTES = 1 << 21
"""Bytes of one block: one to four megabytes measure alike (1 MB of cache a core, 32 behind it), less costs calls."""

SHARE_BYTES = 1 << 20
"""Bytes that a thread is given at least: with less it takes longer to hand a block over than to do it."""

THREADED = 2
"""Times as large as a block is for one of several threads, which wait for the interpreter after each operation."""

COPIED = range(256, 4097)
"""Widths of rows that NumPy copies where it broadcasts, for longer than their arithmetic takes (`_without_copies`)."""

MANY = 1 << 15
"""Entries from which these copies cost more than to prevent them."""


def row_blocks(batch, rows):
    """[0, rows), [rows, 2 rows) … up to batch, as slices."""
    return (slice(start, min(start + rows, batch)) for start in range(0, batch, rows))


def rows_per_block(row_bytes):
    """⌊BLOCK_BYTES / bytes of a row⌋, and at least 1."""
    return max(1, BLOCK_BYTES // row_bytes)


def rows_of(arrays, rows):
    """The rows of each array; None stays None."""
    return (None if array is None else array[rows] for array in arrays)


def by_row_blocks(kernel, *arrays, threads=1):
    """kernel(a[rows], b[rows], …) for each block of rows of the arrays; the kernel writes into its arguments.

    arrays: the first of shape (B, n) sizes the blocks, the others are of shape (B, …), or None, which is passed on.
    threads: blocks worked on at a time; NumPy releases the interpreter lock inside a ufunc.
    Raises: TypeError, ValueError for threads that are no positive integer; whatever the kernel raises, and arrays it
    writes to are then partly written.
    """
    batch, width = arrays[0].shape
    row_bytes = width * arrays[0].itemsize
    if width in COPIED and batch * width >= MANY:
        kernel = partial(_without_copies, kernel)
    rows = rows_per_block(row_bytes)
    if threads != 1:
        threads = settings.size("row blocks", "threads", threads)
        rows = max(_fair_share(batch, rows_per_block(row_bytes // THREADED), threads), SHARE_BYTES // row_bytes)
    if batch <= rows:
        kernel(*arrays)
    else:
        _for_each(lambda block: kernel(*rows_of(arrays, block)), row_blocks(batch, rows), threads)


def _fair_share(batch, most, threads):
    """Rows of each block, at most `most`, for as many blocks as are a multiple of the threads: none waits long."""
    rounds = -(-batch // (most * threads))
    return -(-batch // (rounds * threads))


def _without_copies(kernel, *arrays):
    """kernel(*arrays) with a buffer for ufuncs that is smaller than a row; the numbers are the same.

    A ufunc that broadcasts copies as many rows as its buffer of 8192 entries can hold, if that is several, into the
    buffer and back, though nothing has to be converted. Source: github.com/numpy/numpy/issues/17471.
    """
    before = np.setbufsize(COPIED.start)
    try:
        kernel(*arrays)
    finally:
        np.setbufsize(before)


def _for_each(work, blocks, threads):
    """work(block) for every block; the calling thread is one of the threads.

    Once a block has failed no other is begun, and none is being worked on any more when its error is raised.
    """
    if threads == 1:
        for block in blocks:
            work(block)
        return
    waiting = list(blocks)
    others = [_pool(threads - 1).submit(_drain, work, waiting) for _ in range(threads - 1)]
    try:
        _drain(work, waiting)
    finally:
        failures = [other.exception() for other in others if not other.cancel()]  # waits for those that have begun
    for failure in filter(None, failures):
        raise failure


def _drain(work, waiting):
    """work(block) until the list is empty; several threads can take from it, since pop is one step."""
    while True:
        try:
            block = waiting.pop()
        except IndexError:
            return
        try:
            work(block)
        except BaseException:
            waiting.clear()
            raise


@cache
def _pool(workers):
    """Threads that stay for the next call: starting one anew each time costs more than handing it a block."""
    from concurrent.futures import ThreadPoolExecutor  # here, because importing nnlib is to cost NumPy only

    return ThreadPoolExecutor(workers, thread_name_prefix="nnlib")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # a forked process has the pool and none of its threads
