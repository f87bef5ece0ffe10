"""Rows are independent, so a batch may be worked through in blocks of rows that fit in the cache.

A large array that is swept six times costs six journeys to memory; swept block by block it costs one. The arithmetic,
and so the result, is the same for every block size.
"""

from nnlib import settings

BLOCK_BYTES = 1 << 20
"""Bytes of one block: half a megabyte to two measure alike on caches of 1 MB a core, smaller blocks cost calls."""


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
    if threads != 1:
        threads = settings.size("row blocks", "threads", threads)
    batch, width = arrays[0].shape
    rows = rows_per_block(width * arrays[0].itemsize)
    if batch <= rows:
        kernel(*arrays)
    else:
        _for_each(lambda block: kernel(*rows_of(arrays, block)), row_blocks(batch, rows), threads)


def _for_each(work, blocks, threads):
    """work(block) for every block; the calling thread is one of the threads."""
    if threads == 1:
        for block in blocks:
            work(block)
        return
    from concurrent.futures import ThreadPoolExecutor  # here, because importing nnlib is to cost NumPy only

    waiting = list(blocks)
    with ThreadPoolExecutor(threads - 1) as pool:
        others = [pool.submit(_drain, work, waiting) for _ in range(threads - 1)]
        _drain(work, waiting)
        for other in others:
            other.result()  # raises what was raised there


def _drain(work, waiting):
    """work(block) until the list is empty; several threads can take from it, since pop is one step."""
    while True:
        try:
            block = waiting.pop()
        except IndexError:
            return
        work(block)
