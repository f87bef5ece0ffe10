"""What cannot be traced raises CannotTrace, which names the reason, and the file and line of the subject's code."""

import ctypes
import math
from inspect import getsourcelines

import numpy as np
import pytest

from derivations.execution.cannot_trace import CannotTrace, Place
from tests.derivations.execution.exact_inputs import run

OUTSIDE = np.zeros((2, 3))  # made before the run


def complex_step(x):
    return x.astype(complex)  # HERE


def imaginary(x):
    return x * 1j  # HERE


def into_a_buffer_from_before(x):
    OUTSIDE[0] = x[0]  # HERE


def added_to_a_buffer_from_before(x):
    np.add(x, 1, out=OUTSIDE)  # HERE


def in_place_on_a_buffer_from_before(x):
    buffer = OUTSIDE
    buffer += x  # HERE


def compiled_code(x):
    return ctypes.c_double(x[0, 0])  # HERE


def whole_numbers(x):
    return x.astype(int)  # HERE


def as_an_index(x):
    return x[x.astype(np.float64)]  # HERE


def as_an_integer(x):
    return range(int(x[0, 0]))  # HERE


def rounded(x):
    return np.round(x, 2)  # HERE


def rounded_number(x):
    return round(x[0, 0])  # HERE


def sine(x):
    return np.sin(x)  # HERE


def error_function(x):
    return math.erf(x[0, 0])  # HERE


def solved(x):
    return np.linalg.inv(x[:, :2])  # HERE


def bytes_of(x):
    return x.tobytes()  # HERE


def bits_of(x):
    return x.view(np.int64)  # HERE


def its_own_error(x):
    raise ValueError("no such thing")  # HERE


def shapes_that_do_not_fit(x):
    return x + x.T  # HERE


def text(x):
    return x * "a"  # HERE


def returned_text(x):
    return "done"


REASONS = {
    complex_step: "casts to complex128",
    imaginary: "computes with an array of complex128",
    into_a_buffer_from_before: "makes a float of x\\[1,1\\]",
    added_to_a_buffer_from_before: "was not made during the run",
    in_place_on_a_buffer_from_before: "was not made during the run",
    compiled_code: "makes a float of x\\[1,1\\]",
    whole_numbers: "makes an integer of x\\[1,1\\]",
    as_an_index: "indexes with exact numbers",
    as_an_integer: "makes an integer of x\\[1,1\\]",
    rounded: "np.rint|rounds",
    rounded_number: "rounds x\\[1,1\\]",
    sine: "np.sin has no exact form",
    error_function: "math.erf has no exact form",
    solved: "LinAlg|TypeError|linalg",
    bytes_of: "as bytes",
    bits_of: "as another type",
    its_own_error: "ValueError: no such thing",
    shapes_that_do_not_fit: "ValueError: operands could not be broadcast",
    text: "TypeError|which are no real numbers",
}


@pytest.mark.parametrize("subject", REASONS, ids=lambda subject: subject.__name__)
def test_names_the_reason_and_the_line(subject):
    with pytest.raises(CannotTrace, match=REASONS[subject]) as caught:
        run(subject)
    lines, first = getsourcelines(subject)
    place = caught.value.place
    assert place.file == __file__ and place.source.endswith("# HERE")
    assert place.line == first + next(k for k, line in enumerate(lines) if "# HERE" in line)
    assert f"line {place.line}" in str(caught.value) and place.source in str(caught.value)


def test_the_line_is_where_it_happens_and_not_where_it_is_called():
    def inner(x):
        return np.sin(x)  # HERE

    with pytest.raises(CannotTrace) as caught:
        run(lambda x: inner(x) + 1)
    assert caught.value.place.source == "return np.sin(x)  # HERE"


def test_a_file_is_named_as_seen_from_the_working_directory(monkeypatch, tmp_path):
    place = Place(str(tmp_path / "passes" / "mine.py"), 3, "x = np.sin(x)")
    assert str(place) == f"{tmp_path}/passes/mine.py, line 3: x = np.sin(x)"
    monkeypatch.chdir(tmp_path)
    assert str(place) == "passes/mine.py, line 3: x = np.sin(x)"
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert str(place) == f"{tmp_path}/passes/mine.py, line 3: x = np.sin(x)"


def test_what_is_no_number_cannot_be_returned():
    with pytest.raises(CannotTrace, match="computes with 'done', a str"):
        run(returned_text)


def test_code_cannot_swallow_it():
    """Code that falls back to something else would be judged for a path that floats never take."""

    def swallow(x):
        try:
            return np.sin(x)
        except Exception:
            return x

    with pytest.raises(CannotTrace, match="np.sin"):
        run(swallow)


def test_the_codes_own_error_is_the_cause():
    with pytest.raises(CannotTrace) as caught:
        run(its_own_error)
    assert isinstance(caught.value.__cause__, ValueError)
