"""Every submission of a directory judged once, by any executor, and its result kept as soon as there is one."""

from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext

from report.bench.machine import cores
from report.grading import job, results, tables
from report.grading.submissions import found

PULSE = 0.5  # seconds: a Ctrl-C that comes just before a wait does not end it, and is seen after
AT_ONCE = 64  # submissions that an executor holds; their bytes are in memory


def grade(directory, asked, out, executor=None, pattern="*.py", at_once=AT_ONCE, progress=None):
    """[Graded, …] sorted by name; the files below `out` are written as well.

    asked: a `job.Asked`; executor: any `concurrent.futures.Executor`, on this machine or another, by default a thread
    for each core, since each judgement is a process of its own; progress: called with the Graded so far and the number
    of all. What an earlier run judged with the same bytes and the same question is not judged again. A submission whose
    worker ends is "not judged", and a later run tries it again.

    Raises: CommandFailed where there are no submissions, OSError where nothing can be written.
    """
    submissions = found(directory, out, pattern)
    kept = results.Kept(out, asked)
    done = {}

    def tell(graded):
        done[graded.name] = graded
        if progress:
            progress(list(done.values()), len(submissions))

    if progress:
        progress([], len(submissions))
    waiting = iter([x for x in submissions if not _known(x, kept, tell)])
    with ThreadPoolExecutor(cores()) if executor is None else nullcontext(executor) as executor:
        _judge(waiting, asked, kept, executor, at_once, tell)
    graded = [done[x.name] for x in submissions]
    tables.write(out, graded, asked.options.operation)
    return graded


def _known(submission, kept, tell):
    """Whether nothing has to run for it: it was judged before, or cannot be read."""
    chosen, why = job.read(submission)
    graded = kept.read(submission.name, chosen.sha256) if chosen else results.unreadable(submission.name, why)
    if graded is None:
        return False
    if not chosen:
        kept.write(graded)
    tell(graded)
    return True


def _judge(waiting, asked, kept, executor, at_once, tell):
    """Keep `at_once` of them in the executor, and take in each as it comes."""
    running = {}
    try:
        while True:
            for submission in waiting:
                chosen, why = job.read(submission)
                if chosen is None:  # gone since
                    tell(results.unreadable(submission.name, why))
                    continue
                running[_submitted(executor, chosen, asked)] = submission.name
                if len(running) >= at_once:
                    break
            if not running:
                return
            for future in wait(running, PULSE, FIRST_COMPLETED).done:
                tell(_taken(future, running.pop(future), kept))
    finally:
        for future in running:
            future.cancel()


def _submitted(executor, chosen, asked):
    """The future; an executor that has broken down gives one that has failed."""
    try:
        return executor.submit(job.run, chosen, asked)
    except RuntimeError as error:
        failed = Future()
        failed.set_exception(error)
        return failed


def _taken(future, name, kept):
    try:
        found = future.result()
    except (Exception, CancelledError) as error:  # of the executor: job.run raises nothing of the submission's
        return results.lost(name, error)
    graded = results.of_outcome(name, found)
    kept.write(graded, found["outcome"])
    return graded
