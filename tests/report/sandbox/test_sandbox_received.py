"""What comes out of a confined process: a message, a verdict or an array is what it says, or it is a ValueError."""

import io
import json
import os
import struct

import numpy as np
import pytest

from derivations import verify
from report.sandbox import received
from report.sandbox.answer_role import packed_array
from report.sandbox.channel import BLOBS, HEADER, Channel, packed, unpacked

KINDS = ("vjp",)


@pytest.fixture(scope="module")
def told():
    """What the judge says of a wrong pass, as JSON."""
    return json.dumps(verify("softmax", vjp=lambda o, g: g).as_dict())


def nested(depth):
    return [] if depth == 0 else [nested(depth - 1)]


def changed(told, *path, to):
    found = json.loads(told)
    inner = found
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return found


def test_a_verdict_is_received_as_it_was(told):
    assert str(received.verdict(json.loads(told), "softmax", KINDS)) == str(verify("softmax", vjp=lambda o, g: g))


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (["status"], "excellent"),
        (["status"], "proved"),  # with a diagnosis
        (["operation"], "linear"),
        (["judged"], ["value"]),
        (["judged"], None),
        (["diagnosis"], []),
        (["diagnosis"], [{"id": "sign"}]),
        (["diagnosis", 0, "hints"], ["x"] * 10**4),
        (["diagnosis", 0, "sentence"], "x" * 10**6),
        (["diagnosis", 0, "sentence"], 7),
        (["summary"], None),
        (["seconds"], float("nan")),
        (["seconds"], "soon"),
        (["notes"], {"a": "b"}),
        (["notes"], [["nested"] * 3] * 3),
        (["counterexample"], "none"),
        (["counterexample", "index"], [99, 99]),
        (["counterexample", "index"], ["a"]),
        (["counterexample", "got", "shape"], [10**9, 10**9]),
        (["counterexample", "got", "data"], "x"),
        (["counterexample", "got", "data"], [10**400]),
        (["counterexample", "got", "data"], nested(800)),
        (["counterexample", "got", "shape"], [True, 0]),
        (["counterexample", "got", "shape"], [0, 10**30]),
        (["notes"], nested(800)),
        (["counterexample", "inputs"], []),
        (["counterexample", "before"], []),
        (["counterexample", "before"], {"o": [1.0]}),
    ],
)
def test_a_forged_verdict_is_refused(told, path, to):
    with pytest.raises(ValueError):
        received.verdict(changed(told, *path, to=to), "softmax", KINDS)


def test_no_word_that_is_received_can_end_its_reader(told):
    found = received.verdict(changed(told, "summary", to="half \ud800 and \x1b[2J"), "softmax", KINDS)
    assert found.summary == "half � and �[2J"


def test_an_honest_verdict_with_many_notes_is_received():
    shifts = [k / 997 for k in range(1, 130)]

    def value(o):
        for shift in shifts:
            o = o + shift - shift
        e = np.exp(o - o.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    said = verify("softmax", value=value)
    found = received.verdict(received.shortened(said.as_dict()), "softmax", ("value",))
    assert found.status == "proved" and len(said.notes) > len(found.notes) == received.ITEMS
    long = {**said.as_dict(), "summary": "x" * 10**5}
    assert len(received.verdict(received.shortened(long), "softmax", ("value",)).summary) == received.LONGEST


@pytest.mark.parametrize("found", [None, [], {}, 3, "proved"])
def test_what_is_no_verdict_is_refused(found):
    with pytest.raises(ValueError):
        received.verdict(found, "softmax", KINDS)


@pytest.mark.parametrize("array", [np.arange(6.0).reshape(2, 3), np.float32(1), np.zeros((0, 2)), np.array([True])])
def test_an_array_is_received_as_it_was(array):
    found = received.array(packed_array(array))
    assert found.dtype == array.dtype and np.array_equal(found, array)


def npy(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"no array",
        npy(np.zeros(2))[:-1],
        npy(np.zeros(2)) + b"x",
        npy(np.array(["text"])),
        npy(np.array([{}], dtype=object), allow_pickle=True),
        npy(np.zeros(2)).replace(b"(2,)", b"(9,)"),
        npy(np.zeros(2)).replace(b"(2,), }", b"(2,)*9}"),
        npy(np.zeros(2)).replace(b"(2,), }             ", b"(0, 10**30), }      "),
        npy(np.zeros((1, 0))).replace(b"(1, 0)", b"(True, 0)"),
        npy(np.zeros(0)).replace(b"(0,), }" + b" " * 40, b"(0, " + b"1" + b"0" * 30 + b"), }" + b" " * 10),
    ],
)
def test_what_is_no_array_of_numbers_is_refused(blob):
    with pytest.raises(ValueError):
        received.array(blob)


def test_messages_arrive_whole_and_in_order():
    reading, writing = os.pipe()
    channel = Channel(reading, writing)
    channel.send({"say": "first"}, [b"ab", b""])
    channel.send({"say": "second"})
    os.close(writing)
    assert channel.receive() == ({"say": "first"}, [b"ab", b""])
    assert channel.receive() == ({"say": "second"}, [])
    with pytest.raises(EOFError):
        channel.receive()
    os.close(reading)


def test_half_a_message_is_none_yet():
    whole = packed({"say": "this"}, [b"blob"])
    assert all(unpacked(whole[:length]) is None for length in range(len(whole)))
    assert unpacked(whole)[2] == len(whole)


@pytest.mark.parametrize(
    "text",
    [b"[]", b"{}", b"nonsense", b'{"blobs": 3}', b'{"blobs": [-1]}', b'{"blobs": [true]}', b"[" * 10**5, b"\xff"],
)
def test_a_message_that_is_none_is_refused(text):
    with pytest.raises(ValueError):
        unpacked(struct.pack(">I", len(text)) + text)


def test_a_message_that_is_too_long_is_refused_before_it_arrives():
    with pytest.raises(ValueError):
        unpacked(struct.pack(">I", HEADER + 1))
    text = json.dumps({"blobs": [BLOBS + 1]}).encode()
    with pytest.raises(ValueError):
        unpacked(struct.pack(">I", len(text)) + text)
    with pytest.raises(ValueError):
        packed({"say": "x" * (HEADER + 1)})
