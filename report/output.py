"""Writing files so that nothing is ever half written, and printing though nobody may read it."""

import os
import sys
import tempfile
from pathlib import Path


def write_files(directory, files):
    """Write {name: str or bytes} into the directory, which is made where it is missing.

    Every file is first written beside its place under another name; only when all are written do they take their
    places. Raises OSError that names the directory where that is not possible; what was there before then stays.
    """
    directory = Path(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        waiting = []
        try:
            for name, content in files.items():
                waiting.append((_written_beside(directory, content), directory / name))
            while waiting:
                os.replace(*waiting[0])
                del waiting[0]
        finally:
            for made, _ in waiting:
                os.unlink(made)
    except OSError as error:
        reason = error.strerror or str(error)
        raise type(error)(f"cannot write to the directory {str(directory)!r}: {reason}") from error


def _written_beside(directory, content):
    handle, path = tempfile.mkstemp(dir=directory, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        os.chmod(path, 0o644)
    except BaseException:
        os.unlink(path)
        raise
    return path


def say(text, end="\n"):
    """Print it; to a reader who has gone, nothing more: what a command found does not depend on who reads it."""
    try:
        print(text, end=end, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
