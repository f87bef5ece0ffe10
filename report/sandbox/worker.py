"""One confined process as its starter sees it: messages with a deadline, what it printed, and how it ended."""

import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from report.sandbox import channel
from report.sandbox.limits import PRINTED

ROOT = str(Path(__file__).resolve().parents[2])
KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")  # without which Python may not start
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
START = 120  # seconds for starting Python and importing what the process needs, on a busy machine
GRACE = 5  # seconds for the supervising process to say how it ended
CLEAN_UP = 60  # seconds for it to end what runs, which may be thousands of processes
_running = set()


class Ended(Exception):
    """There is no answer. id: "timeout", "exit", "killed" or "forged"; words: what happened, for people."""

    def __init__(self, id, words):
        super().__init__(words)
        self.id, self.words = id, words


def end_all():
    """End the processes of all workers, whichever threads wait for them; those threads go on with Ended."""
    for worker in list(_running):
        worker.end()


class Worker:
    """A context: a new process with a directory of its own; both are gone when it is left.

    role: "judge" or "answer"; header: what it is told, as JSON can hold it; source: the bytes of the judged file.
    """

    def __init__(self, role, header, source, limits):
        self._header = {**header, "role": role, "limits": asdict(limits)}
        self._source, self._buffer = source, bytearray()
        self.printed, self.printed_length, self.measures = bytearray(), 0, {}

    def __enter__(self):
        _running.add(self)
        self._directory = tempfile.TemporaryDirectory(prefix="gradproof-", ignore_cleanup_errors=True)
        try:
            self._start(self._directory.name)
        except BaseException:
            _running.discard(self)
            _delete(self._directory)
            raise
        try:
            self.send(self._header, [self._source])
            self.measures = self.receive(START)[0]["measures"]
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self, directory):
        """The process, its pipes, and a selector over what it writes."""
        reading, self._to = os.pipe()
        self._from, writing = os.pipe()
        self._status, status = os.pipe()
        inherited = (reading, writing, status)
        command = [sys.executable, "-P", "-m", "report.sandbox.process", *map(str, inherited), str(os.getpid())]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=directory,
                env=_environment(directory),
                pass_fds=inherited,
                start_new_session=True,
            )
        except BaseException:
            for end in (self._to, self._from, self._status):
                os.close(end)
            raise
        finally:
            for end in inherited:
                os.close(end)
        self._output = self._process.stdout.fileno()
        self._selector = selectors.DefaultSelector()
        for end in (self._from, self._output):
            os.set_blocking(end, False)
            self._selector.register(end, selectors.EVENT_READ)
        os.set_blocking(self._to, False)

    def send(self, header, blobs=(), seconds=START):
        """Raises: Ended where the process does not take it."""
        waiting, deadline = memoryview(channel.packed(header, blobs)), time.monotonic() + seconds
        while waiting:
            try:
                waiting = waiting[os.write(self._to, waiting) :]
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Ended("timeout", "does not take what it is sent") from None
                time.sleep(0.001)
            except BrokenPipeError:
                raise self._end() from None

    def receive(self, seconds):
        """(header, blobs) of the next message. Raises: Ended where there is none in time."""
        deadline = time.monotonic() + seconds
        while True:
            message = self._message()
            if message is not None:
                return message
            left = deadline - time.monotonic()
            if left <= 0:
                raise Ended("timeout", f"does not end within {seconds:g} seconds")
            for key, _ in self._selector.select(left):
                self._read(key.fd)

    def _message(self):
        try:
            found = channel.unpacked(self._buffer)
        except ValueError as error:
            raise Ended("forged", f"sends {error}") from error
        if found is None:
            return None
        header, blobs, end = found
        del self._buffer[:end]
        return header, blobs

    def _read(self, end):
        """What can be read now. Raises: Ended where the messages end."""
        read = os.read(end, 2**18)
        if end == self._output:
            self._keep(read)
        else:
            self._buffer += read
        if not read:
            self._selector.unregister(end)
            if end != self._output:
                raise self._end()

    def _keep(self, read):
        """What is printed, up to PRINTED bytes."""
        self.printed_length += len(read)
        self.printed += read[: max(0, PRINTED - len(self.printed))]

    def _end(self):
        """How the process ended, once the one that waits for it says so."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._status, selectors.EVENT_READ)
            words = os.read(self._status, 64).decode() if waiting.select(GRACE) else ""
        how, _, number = words.partition(" ")
        if how == "exited":
            return Ended("exit", f"leaves the process with status {number} and gives no answer")
        if how != "killed":
            return Ended("exit", "closes the line and gives no answer")
        if int(number) == signal.SIGXCPU:
            return Ended("timeout", "uses more CPU time than it may")
        return Ended("killed", f"is killed by signal {number} ({_signal(int(number))})")

    def end(self):
        """Ask the supervising process to end what runs and itself."""
        try:
            os.killpg(self._process.pid, signal.SIGTERM)
        except (AttributeError, ProcessLookupError):  # not started yet, or gone
            pass

    def __exit__(self, *_):
        """End all its processes, read what they printed, and delete their directory."""
        _running.discard(self)
        for by in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, by)
                self._process.wait(CLEAN_UP)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        self._process.wait()
        self._rest_of_the_output()
        self._selector.close()
        self._process.stdout.close()
        for end in (self._to, self._from, self._status):
            os.close(end)
        _delete(self._directory)

    def _rest_of_the_output(self):
        """At most 64 reads: a process that escaped may write for ever."""
        for _ in range(64):
            try:
                read = os.read(self._output, 2**18)
            except BlockingIOError:
                return
            if not read:
                return
            self._keep(read)


def _environment(directory):
    """Nothing of the caller's but what Python needs to start."""
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        **dict.fromkeys(("HOME", "TMPDIR"), directory),
        **dict.fromkeys(THREADS, "1"),
        "PATH": os.defpath,
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": ROOT,
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
    }


def _signal(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


def _delete(directory):
    """Delete a TemporaryDirectory, also one that the code nested deeper than Python's own deletion can follow."""
    try:
        directory.cleanup()
    except RecursionError:
        subprocess.run(["rm", "-rf", "--", directory.name], check=False)
