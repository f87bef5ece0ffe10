"""Signals that ask a command to end: it ends as on Ctrl-C, so that no process and no file of its own is left."""

import signal
from contextlib import contextmanager


class Stopped(KeyboardInterrupt):
    """The command was asked to end. number: of the signal."""

    def __init__(self, number):
        super().__init__(number)
        self.number = number


@contextmanager
def stopped_by_signals():
    """SIGTERM and SIGHUP raise Stopped while this lasts, except where they are ignored, as by nohup."""
    before = {}
    try:
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                before[number] = signal.signal(number, _stop)
    except ValueError:  # not the main thread, which signals do not reach
        pass
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number, _):
    raise Stopped(number)
