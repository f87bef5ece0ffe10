"""Runs of the benchmarks in files: written whole or not at all, read with a word about what is wrong with them."""

import json
from contextlib import contextmanager
from pathlib import Path

from report.failure import CommandFailed

SHIPPED = Path(__file__).resolve().parents[2] / "docs" / "measurements.json"
DIGITS = 6  # of every measured number: more than any of them is sure of


def write(path, found, quick=False):
    """Write what `bench` found; "quick" tells a trial from a measurement. Raises OSError that names the place."""
    from report.output import write_files

    path = Path(path)
    write_files(path.parent, {path.name: spelled({**found, "quick": quick}) + "\n"})


def read(path=None):
    """The run in that file; without a path the one that is shipped, None where there is none.

    Raises: CommandFailed where a file that was named cannot be read or is no run.
    """
    if path is None and not SHIPPED.is_file():
        return None
    path = Path(path or SHIPPED)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandFailed(f"measurements: cannot read {str(path)!r}: {error.strerror}") from error
    except ValueError as error:
        raise CommandFailed(f"measurements: {str(path)!r} is not JSON: {error}") from error
    if not isinstance(found, dict) or "machine" not in found:
        raise CommandFailed(
            f"measurements: {str(path)!r}: expected what `gradproof bench -o FILE` writes, no machine in it"
        )
    return found


@contextmanager
def expected():
    """Around what reads a run: raises CommandFailed for one that lacks something, of another version or edited."""
    try:
        yield
    except (LookupError, TypeError, AttributeError) as error:
        words = "expected what `gradproof bench all -o FILE` of this version writes; run it again"
        raise CommandFailed(f"measurements: {words} ({type(error).__name__}: {error})") from error


def refuse_early(path):
    """Raise OSError for a file that could not be written, before minutes are spent on what it is to hold."""
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"cannot write to {str(path)!r}: it is a directory")
    write(path.parent / f".{path.name}.trial", {})
    (path.parent / f".{path.name}.trial").unlink()


def spelled(value, indent=""):
    """JSON, what holds only plain values on one line, so that a changed figure is a changed line."""
    if isinstance(value, float):
        return json.dumps(float(f"{value:.{DIGITS}g}"))
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    if all(not isinstance(part, (dict, list, tuple)) for part in parts):
        return _row(value, indent, ", ", "", "")
    return _row(value, indent, ",\n" + indent + " ", "\n" + indent + " ", "\n" + indent)


def _row(value, indent, between, first, last):
    """A dict or list with that between its parts, anything else as JSON spells it."""
    if isinstance(value, dict):
        parts = (f"{json.dumps(str(key))}: {spelled(part, indent + ' ')}" for key, part in value.items())
        return "{" + first + between.join(parts) + last + "}"
    if isinstance(value, (list, tuple)):
        return "[" + first + between.join(spelled(part, indent + " ") for part in value) + last + "]"
    return json.dumps(value, ensure_ascii=False)
