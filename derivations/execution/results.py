"""What a function of exact entries gives: a result of its type of float, or numbers written into `out`."""

import numpy as np

from derivations.execution.dtypes import float_type, is_exact, note_narrowing
from derivations.execution.exact_array import ExactArray, exact_array, following, plain
from derivations.execution.exact_scalar import ExactScalar, node_of
from derivations.execution.trace import current


def float_type_of(dtype, inputs):
    """The type of float of a result; CannotTrace where the caller wants something else."""
    if dtype is None:
        return float_type(*inputs)
    dtype = np.dtype(dtype)
    if dtype.kind not in "fbO":
        raise current().refuse(f"computes in {dtype}")
    return dtype if dtype.kind == "f" else float_type(*inputs)


def delivered(result, kind, out, where):
    """The result as numbers of that type, or written into `out` where the mask is true."""
    if out is None:
        return wrapped(result, kind)
    if not is_exact(out) and is_exact(np.asarray(result)):
        raise current().refuse(f"writes exact numbers into an array of {out.dtype} that was not made during the run")
    if isinstance(out, ExactArray):
        note_narrowing(wrapped(result, kind), out.dtype, "stores")
    np.copyto(plain(out), result, where=where, casting="unsafe")
    return out


def wrapped(result, kind):
    """Objects as an exact array, or as an exact scalar where there are no axes; truth values as they are."""
    if isinstance(result, np.ndarray):
        if result.dtype != object:
            return following(result)
        if result.ndim:
            return exact_array(result, kind)
        result = result[()]
    if isinstance(result, (np.generic, bool)):
        return result
    return ExactScalar(node_of(result), kind)
