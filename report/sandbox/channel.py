"""Messages over a pipe: 4 bytes of length, a JSON object, then the blobs whose lengths its "blobs" lists.

Both ends are limited: a message that is too long, or is no such object, is a ValueError and never memory.
"""

import json
import os
import struct

HEADER = 4 * 2**20  # bytes of JSON
BLOBS = 64 * 2**20  # bytes of all blobs of a message


def packed(header, blobs=()):
    """The bytes of a message."""
    text = json.dumps({**header, "blobs": [len(blob) for blob in blobs]}).encode()
    if len(text) > HEADER or sum(map(len, blobs)) > BLOBS:
        raise ValueError(f"message of {len(text)} bytes and {sum(map(len, blobs))} in blobs: too long")
    return b"".join([struct.pack(">I", len(text)), text, *blobs])


def unpacked(buffer):
    """(header, blobs, length) of the message that a buffer begins with, None where it is not whole yet."""
    if len(buffer) < 4:
        return None
    end = 4 + struct.unpack(">I", buffer[:4])[0]
    if end - 4 > HEADER:
        raise ValueError(f"a header of {end - 4} bytes: expected {HEADER} at most")
    if len(buffer) < end:
        return None
    header, lengths = _header(bytes(buffer[4:end]))
    if len(buffer) < end + sum(lengths):
        return None
    blobs = []
    for length in lengths:
        blobs.append(bytes(buffer[end : end + length]))
        end += length
    return header, blobs, end


def _header(text):
    try:
        header = json.loads(text)
        lengths = header.pop("blobs")
        right = isinstance(lengths, list) and all(type(x) is int and x >= 0 for x in lengths)
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise ValueError("a header that is no JSON object with its blobs") from error
    if not right or sum(lengths) > BLOBS:
        raise ValueError("blobs of lengths that are none, or too long")
    return header, lengths


class Channel:
    """The end of the process that is judged: it may wait as long as it likes.

    reading, writing: file descriptors.
    """

    def __init__(self, reading, writing):
        self._reading, self._writing, self._buffer = reading, writing, bytearray()

    def send(self, header, blobs=()):
        waiting = memoryview(packed(header, blobs))
        while waiting:
            waiting = waiting[os.write(self._writing, waiting) :]

    def receive(self):
        """(header, blobs); EOFError where there is no further message."""
        while True:
            found = unpacked(self._buffer)
            if found is not None:
                header, blobs, end = found
                del self._buffer[:end]
                return header, blobs
            read = os.read(self._reading, 2**16)
            if not read:
                raise EOFError("no further message")
            self._buffer += read
