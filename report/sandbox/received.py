"""What came from a judged process, checked before it is believed to be well formed: verdicts, words and arrays."""

import io
import json
import math
import re

import numpy as np

from derivations.judge.verdict import ABSTAINED, PROVED, REFUTED, VERIFIED, Verdict

LONGEST = 2000  # characters of one string
ITEMS = 100  # entries of one list of words
NUMBERS = 10**5  # entries of one array
DTYPE = re.compile(r"bool|u?int(8|16|32|64)|float(16|32|64|128)|complex(64|128|256)|str\d{1,4}|object")
ARRAYS = "biufc"
UNFIT = (TypeError, OverflowError, RecursionError, MemoryError)  # what reading forged data may raise
DIAGNOSIS = {
    **dict.fromkeys(("id", "sentence", "evidence", "where", "formula"), str),
    "hints": [str],
    "convention": bool,
}
VERDICT = {
    **dict.fromkeys(("operation", "status", "summary"), str),
    **dict.fromkeys(("judged", "notes", "checks"), [str]),
    **{"diagnosis": [DIAGNOSIS], "seconds": float},
}


def shortened(found):
    """What an honest judge says, as `verdict` takes it: fewer and shorter notes where there are too many."""
    lists = {name: _few(found[name]) for name, form in VERDICT.items() if form == [str]}
    return _short({**found, **lists})


def _few(words):
    return words if len(words) <= ITEMS else [*words[: ITEMS - 1], f"and {len(words) - ITEMS + 1} more like these"]


def _short(value):
    """The same with long strings cut."""
    if isinstance(value, dict):
        return {key: _short(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_short(part) for part in value]
    return value if not isinstance(value, str) or len(value) <= LONGEST else value[: LONGEST - 1] + "…"


def verdict(found, operation, kinds):
    """The Verdict, of that operation and about those kinds. Raises: ValueError for anything that is not one."""
    try:
        return _verdict(_clean(found), operation, kinds)
    except UNFIT as error:
        raise ValueError(f"a verdict that cannot be read: {type(error).__name__}") from error


def _clean(value):
    """The same with its strings printable."""
    if isinstance(value, dict):
        return {_clean(key): _clean(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_clean(part) for part in value]
    return printable(value) if isinstance(value, str) else value


def _verdict(found, operation, kinds):
    _formed(found, VERDICT)
    if not math.isfinite(found["seconds"]):
        raise ValueError("a verdict: expected its seconds as a number")
    _example_within(found.get("counterexample"))
    made = Verdict.from_dict(found)
    if made.status not in (PROVED, VERIFIED, REFUTED, ABSTAINED) or made.operation != operation:
        raise ValueError(f"a verdict on {operation}: got {made.status!r} on {made.operation!r}")
    if sorted(made.judged) != sorted(kinds):
        raise ValueError(f"a verdict about {', '.join(kinds)}: got one about {made.judged!r}"[:200])
    if (made.status == REFUTED) != bool(made.diagnosis):
        raise ValueError("a verdict: expected a diagnosis where the code is refuted, and nowhere else")
    _presentable(made)
    return made


def words(found):
    """A string of a message, its control characters gone. Raises: ValueError."""
    if not isinstance(found, str) or len(found) > LONGEST:
        raise ValueError("words: expected a short string")
    return printable(found)


def printable(text):
    """The text without what could steer a terminal."""
    return "".join(x if x.isprintable() or x == "\n" else "�" for x in text)


def _formed(value, form):
    """A value is of a type, a list of such values, or an object with them; strings and lists are not too long."""
    if form is str:
        words(value)
    elif isinstance(form, type):
        if not isinstance(value, form):
            raise ValueError(f"a verdict: expected {form.__name__}, got {type(value).__name__}")
    elif isinstance(form, list):
        if not isinstance(value, list) or len(value) > ITEMS:
            raise ValueError("a verdict: expected a short list")
        for part in value:
            _formed(part, form[0])
    else:
        if not isinstance(value, dict):
            raise ValueError(f"a verdict: expected an object, got {type(value).__name__}")
        for name, part in form.items():
            _formed(value.get(name), part)


def _example_within(example):
    """The arrays of the counterexample are of plain types and no more than they say."""
    if example is None:
        return
    if not isinstance(example, dict) or not all(isinstance(example.get(x), dict) for x in ("inputs", "before")):
        raise ValueError("a counterexample: expected its inputs by name")
    for name in ("kind", "output", "regime", "raised"):
        words(example.get(name))
    arrays = [*example["inputs"].items(), *example["before"].items()]
    for name, array in [*arrays, *((name, example.get(name)) for name in ("got", "want"))]:
        words(name)
        if array is not None and not _is_array(array):
            raise ValueError(f"a counterexample: {name!r} is no array")


def _is_array(found):
    if not isinstance(found, dict) or set(found) != {"shape", "dtype", "data"}:
        return False
    shape, dtype = found["shape"], found["dtype"]
    whole = isinstance(shape, list) and len(shape) <= 8 and all(type(x) is int and 0 <= x < 2**31 for x in shape)
    return whole and math.prod(shape) <= NUMBERS and isinstance(dtype, str) and bool(DTYPE.fullmatch(dtype))


def _presentable(made):
    """It can be printed and written: an index that is out of range, say, is found here."""
    try:
        made.text(), made.text(spoilers=False)
        json.dumps([made.as_dict(), made.as_dict(spoilers=False)], allow_nan=False)
    except Exception as error:
        raise ValueError(f"a verdict that cannot be printed: {type(error).__name__}") from error


def array(blob):
    """The plain array of a .npy file of numbers, which is as long as its header says. Raises: ValueError."""
    try:
        return _array(blob)
    except (*UNFIT, EOFError) as error:
        raise ValueError(f"an array that cannot be read: {type(error).__name__}") from error


def _array(blob):
    file = io.BytesIO(blob)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("an array: expected a .npy file of version 1.0")
    shape, _, dtype = np.lib.format.read_array_header_1_0(file, max_header_size=1000)
    if dtype.kind not in ARRAYS or len(shape) > 8 or any(type(x) is not int or not 0 <= x < 2**31 for x in shape):
        raise ValueError(f"an array: expected numbers, got {dtype}")
    if math.prod(shape) * dtype.itemsize != len(blob) - file.tell():
        raise ValueError(f"an array: its length does not fit its shape {shape}")
    file.seek(0)
    return np.load(file, allow_pickle=False, max_header_size=1000)
