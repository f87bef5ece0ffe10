"""The process that judged code runs in: `python -m report.sandbox.process READING WRITING STATUS PARENT`.

Three processes, one inside the other. The first takes what it can away from itself (`confinement`); the second waits
for the third, writes how that ended to STATUS and kills whatever it left behind, as it does on SIGTERM; the third, in a
process group of its own, sets its limits and does what the messages say. Judged code runs in the third.
"""

import os
import signal
import sys
from functools import partial

from report.sandbox import confinement
from report.sandbox.channel import Channel
from report.sandbox.limits import Limits, set_limits


def main():
    reading, writing, status, parent = map(int, sys.argv[1:])
    measures = {"ends with the tool": confinement.dies_with(parent)}
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    root = os.getuid() == 0  # which a namespace of users hides
    users, processes, network = confinement.own_namespaces()
    measures |= {"no network": network, "leaves no process behind": processes}
    inner = os.fork()
    if inner:
        for end in (reading, writing, status):
            os.close(end)
        os.waitpid(inner, 0)
        os._exit(0)
    signal.signal(signal.SIGTERM, partial(_end, None))
    confinement.dies_with(0, signal.SIGTERM)
    measures["leaves no process behind"] |= confinement.adopts_orphans()
    worker = os.fork()
    if worker:
        signal.signal(signal.SIGTERM, partial(_end, worker))
        os.close(reading)
        os.close(writing)
        _wait(worker, status)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.close(status)
    _work(Channel(reading, writing), measures, users, root)


def _wait(worker, status):
    """Report how the worker ended, and end what it left."""
    while True:
        pid, how = os.wait()
        if pid == worker:
            break
    words = f"killed {os.WTERMSIG(how)}" if os.WIFSIGNALED(how) else f"exited {os.WEXITSTATUS(how)}"
    os.write(status, words.encode())
    _end(worker)


def _end(worker, *_):
    """Kill the children of this process until there are none, orphans of theirs among them, and end.

    Where the system does not list them, the worker and its group are killed, which is all that is known.
    """
    try:
        while os.getpid() != 1:  # with the first process of a namespace all others end
            with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
                children = [int(x) for x in file.read().split()]
            for child in children:
                os.kill(child, signal.SIGKILL)
            os.wait()
    except FileNotFoundError:
        _end_group(worker)
    except (OSError, ValueError):
        pass
    os._exit(0)


def _end_group(worker):
    for kill in (os.killpg, os.kill) if worker else ():
        try:
            return kill(worker, signal.SIGKILL)
        except OSError:  # not in a group of its own yet, or gone
            continue


def _work(channel, measures, own_users, root):
    """The worker: limits, the configuration, then what it asks for."""
    os.setpgid(0, 0)
    measures["ends with the tool"] &= confinement.dies_with(0)
    measures["no new privileges"] = confinement.without_privileges()
    header, (source,) = channel.receive()
    sys.path[:] = header["search"]
    role = _role(header["role"])
    measures |= set_limits(Limits(**header["limits"]), own_users, root)
    channel.send({"say": "ready", "measures": measures})
    sys.argv[:] = [header["path"]]
    role(channel, header, source)
    os._exit(0)


def _role(name):
    """The function that does what this process is for; its imports are done before anything is limited."""
    if name == "judge":
        from report.sandbox.judge_role import judge

        return judge
    from report.sandbox.answer_role import answer

    return answer


if __name__ == "__main__":
    main()
