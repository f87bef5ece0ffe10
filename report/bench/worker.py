"""One question after the other to a process of its own, which is replaced when it gives no answer."""

import multiprocessing

PATIENCE = 120  # seconds for one answer


def alone(function, items, prepare=None, patience=PATIENCE):
    """[function(item), …], each computed while nothing else of this program runs; None where there is no answer.

    function: of a module, as prepare() is, which each new process runs first, unmeasured. There is no answer where the
    process ends or takes longer than patience, in seconds. Raises: what the functions raise, and
    multiprocessing.TimeoutError where a new process is not ready by then.
    """
    found, pool = [], None
    try:
        for item in items:
            pool = pool or _process(prepare)
            answer, pool = _answer(pool, function, item, patience)
            found.append(answer)
    finally:
        if pool:
            pool.terminate()
    return found


def _process(prepare):
    """A pool of one new process that is ready."""
    pool = multiprocessing.get_context("spawn").Pool(1)
    try:
        pool.apply_async(prepare or _nothing).get(PATIENCE)
    except BaseException:
        pool.terminate()
        raise
    return pool


def _answer(pool, function, item, patience):
    """(function(item), the pool), or (None, None) with the pool ended."""
    try:
        return pool.apply_async(function, (item,)).get(patience), pool
    except multiprocessing.TimeoutError:
        pool.terminate()
        return None, None


def _nothing():
    """No preparation."""
