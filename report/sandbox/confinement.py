"""What Linux lets an ordinary user take away from a process: privileges, the network, the sight of other processes.

Everything here is tried, and returns whether it succeeded: other systems, and containers that forbid it, do without.
"""

import ctypes
import os
import signal
import sys

DEATH_SIGNAL, SUBREAPER, NO_NEW_PRIVILEGES = 1, 36, 38  # of prctl(2)
USERS, PROCESSES, NETWORK = 0x10000000, 0x20000000, 0x40000000  # of unshare(2)


def without_privileges():
    """No program that this process starts gains any, by set-user-ID or otherwise."""
    return _call("prctl", NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def dies_with(parent, by=signal.SIGKILL):
    """This process gets that signal when the thread that started it ends; parent: its process id, or 0."""
    if not _call("prctl", DEATH_SIGNAL, by, 0, 0, 0):
        return False
    if parent and os.getppid() != parent:  # it ended before the call
        os._exit(1)
    return True


def adopts_orphans():
    """Processes whose parents end become children of this one."""
    return _call("prctl", SUBREAPER, 1, 0, 0, 0)


def own_namespaces():
    """(own users, own processes, own network): as many as the system allows."""
    if _call("unshare", USERS | PROCESSES | NETWORK):
        return True, True, True
    if _call("unshare", USERS | NETWORK):
        return True, False, True
    return False, False, False


def _call(function, *arguments):
    if not sys.platform.startswith("linux"):
        return False
    try:
        return getattr(ctypes.CDLL(None), function)(*map(ctypes.c_ulong, arguments)) == 0
    except (OSError, AttributeError):
        return False
