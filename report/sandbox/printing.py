"""Standard output of a judged process: the first so many bytes are passed on, the rest is counted."""

import io
import sys


class Bounded(io.TextIOBase):
    """A text stream that writes at most `room` characters to another and drops the others."""

    def __init__(self, stream, room):
        self._stream, self._room = stream, room
        self.dropped = 0

    def writable(self):
        return True

    def write(self, text):
        kept = text[: self._room]
        self._room -= len(kept)
        self.dropped += len(text) - len(kept)
        if kept:
            self._stream.write(kept)
            self._stream.flush()
        return len(text)


def bound_output(room):
    """Bound sys.stdout and sys.stderr; a function that says how many characters were dropped."""
    sys.stdout, sys.stderr = made = Bounded(sys.stdout, room), Bounded(sys.stderr, room)
    return lambda: sum(stream.dropped for stream in made)
