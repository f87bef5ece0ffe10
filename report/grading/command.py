"""`gradproof grade`: the executor that was asked for, a line of progress, the table."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Thread

from report.bench.machine import cores
from report.failure import CommandFailed
from report.grading import tables
from report.grading.grade import AT_ONCE, grade
from report.grading.job import Asked
from report.output import say
from report.sandbox.command import settings
from report.sandbox.target import usual_kinds
from report.sandbox.worker import end_all

BAR = 30  # characters


def graded(options):
    """Judge them, print the table; the exit status is 0 where all were judged, 1 where some have to be tried again."""
    asked = Asked(*settings(options))
    asked.options.require(usual_kinds(asked.options.known))
    try:
        with _executor(options) as (executor, at_once):
            found = grade(options.directory, asked, options.output, executor, options.pattern, at_once, _progress())
    except KeyboardInterrupt:
        raise CommandFailed(f"stopped; what was judged is in {options.output!r}, and is not judged again") from None
    finally:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
    say(tables.text(found, options.output))
    return int(any(one.status == "not judged" for one in found))


def _end(executor):
    """Cancel what waits, and end what runs here, until nothing does."""
    ended = Thread(target=executor.shutdown, kwargs={"cancel_futures": True}, daemon=True)
    ended.start()
    while ended.is_alive():
        end_all()
        ended.join(0.1)


@contextmanager
def _executor(options):
    """(executor, how many submissions it holds): threads, since each judgement is a process of its own, or Dask."""
    if options.cluster is None:
        jobs = cores() if options.jobs is None else options.jobs
        if jobs < 1:
            raise CommandFailed(f"expected --jobs as a number from 1, got {jobs}")
        with ThreadPoolExecutor(jobs) as executor, _ended_by_interrupt(lambda: _end(executor)):
            yield executor, 2 * jobs
        return
    with _client(options.cluster) as client:
        at_once = max(AT_ONCE, 2 * sum(client.nthreads().values()))
        with client.get_executor(pure=False) as executor:  # not pure: nothing of one run serves another
            with _ended_by_interrupt(lambda: executor.shutdown(wait=False)):
                yield executor, at_once


@contextmanager
def _ended_by_interrupt(end):
    """Ctrl-C calls end(), before the executor is left, which would wait for what it runs."""
    try:
        yield
    except KeyboardInterrupt:
        end()
        raise


def _client(address):
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise CommandFailed(f"{error.name} is missing; it comes with: pip install 'gradproof[cluster]'") from error
    try:
        return Client(address, timeout=20)
    except (OSError, ValueError) as error:
        raise CommandFailed(f"--cluster {address}: there is no Dask scheduler: {error}") from error


def _progress():
    """What draws a bar on a terminal; None where there is none."""
    if not sys.stderr.isatty():
        return None

    def draw(done, number):
        full = BAR * len(done) // number
        right = sum(one.score == 1.0 for one in done)
        sys.stderr.write(f"\r[{'#' * full:{BAR}}] {len(done)} of {number} judged, {right} right\x1b[K")
        sys.stderr.flush()

    return draw
