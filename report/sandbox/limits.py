"""What judged code may use, and the setting of it in the process that will run that code."""

import os
import resource
from dataclasses import dataclass

PROCESSES = 64  # beside those that the user has
FILES = 256  # that are open
WRITTEN = 16 * 2**20  # bytes of one file
PRINTED = 64 * 2**10  # bytes that are kept of what is printed


@dataclass(frozen=True)
class Limits:
    """seconds: on the clock, for loading and for judging each; megabytes: of address space, for each process."""

    seconds: float = 60.0
    megabytes: int = 2048

    def __post_init__(self):
        if not 0 < self.seconds <= 86400:
            raise ValueError(f"expected a time limit between 0 and 86400 seconds, got {self.seconds}")
        if not 256 <= self.megabytes <= 2**20:
            raise ValueError(f"expected a memory limit between 256 and {2**20} MB, got {self.megabytes}")

    @property
    def cpu_seconds(self):
        return int(2 * self.seconds) + 10


def set_limits(limits, own_users, root):
    """{measure: whether it is in force}; own_users: in a user namespace, where other processes do not count.

    root: whether the user is, also outside of that namespace: Linux does not count root's processes.
    """
    processes = PROCESSES if own_users else PROCESSES + _tasks()
    wanted = {
        "limited CPU time": (resource.RLIMIT_CPU, limits.cpu_seconds),
        "limited memory": (resource.RLIMIT_AS, limits.megabytes * 2**20),
        "limited file size": (resource.RLIMIT_FSIZE, WRITTEN),
        "limited processes": (getattr(resource, "RLIMIT_NPROC", None), processes),
        "limited open files": (resource.RLIMIT_NOFILE, FILES),
        "no core files": (resource.RLIMIT_CORE, 0),
    }
    done = {measure: _lowered(*limit) for measure, limit in wanted.items()}
    return {**done, "limited processes": done["limited processes"] and not root}


def _lowered(which, value):
    try:
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))
        return True
    except (OSError, ValueError, TypeError):
        return False


def _tasks():
    """How many threads this user has now, as the limit counts them."""
    try:
        mine = [x for x in os.scandir("/proc") if x.name.isdigit() and x.stat().st_uid == os.getuid()]
        return sum(len(os.listdir(f"/proc/{x.name}/task")) for x in mine)
    except OSError:
        return 4096
