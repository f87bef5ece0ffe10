"""ufunc.reduce, .accumulate and .reduceat on exact arrays: one number of the entries along some axes."""

import operator
from functools import reduce as fold

import numpy as np

from derivations.execution.exact_array import entries
from derivations.execution.exact_scalar import ExactScalar, node_of
from derivations.execution.named_functions import FUNCTIONS
from derivations.execution.results import delivered, float_type_of
from derivations.execution.trace import current
from derivations.scalar import ONE, ZERO

LOGICAL = {"logical_and": all, "logical_or": any}
FOLDS = {
    "add": (ZERO, FUNCTIONS["add"]),
    "multiply": (ONE, FUNCTIONS["multiply"]),
    "logaddexp": (-np.inf, FUNCTIONS["logaddexp"]),
}
CHOICES = ("maximum", "minimum", "fmax", "fmin")


def reduce(name, ufunc, inputs, out, axis=0, dtype=None, keepdims=False, initial=None, where=True, **ignored):
    """One number of the entries along the axes."""
    kind = float_type_of(dtype, inputs)
    array = entries(inputs[0])
    axes = _axes(axis, array.ndim)
    together = _fold(name, None if initial is None or initial is np._NoValue else initial)
    rest = [axis for axis in range(array.ndim) if axis not in axes]
    lines = array.transpose(*rest, *axes).reshape(*(array.shape[axis] for axis in rest), -1)
    masks = np.broadcast_to(where, array.shape).transpose(*rest, *axes).reshape(lines.shape)
    made = np.empty(lines.shape[:-1], bool if name in LOGICAL else object)
    for position in np.ndindex(made.shape):
        made[position] = together(lines[position][masks[position]])
    if keepdims:
        made = made.reshape([1 if axis in axes else size for axis, size in enumerate(array.shape)])
    return delivered(made if made.ndim else made[()], kind, out, True)


def _axes(axis, ndim):
    """The axes as numbers from 0; None means all."""
    axes = range(ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if not all(-ndim <= axis < ndim for axis in axes):
        raise np.exceptions.AxisError(f"axis {axis} is out of bounds for an array of {ndim} axes")
    return [operator.index(axis) % ndim for axis in axes]


def _fold(name, initial):
    """What makes one number of a list of them."""
    if name in LOGICAL:
        return lambda line: LOGICAL[name](map(bool, line))
    if name in CHOICES:
        start = [] if initial is None else [node_of(initial)]
        return lambda line: ExactScalar(_chosen(name, start + [node_of(entry) for entry in line]))
    if name not in FOLDS:
        raise current().refuse(f"np.{name}.reduce has no exact form here")
    identity, function = FOLDS[name]
    start = identity if initial is None else node_of(initial)
    return lambda line: ExactScalar(fold(function, map(node_of, line), start))


def _chosen(name, nodes):
    if not nodes:
        raise ValueError(f"zero-size array to reduction operation {name} which has no identity")
    if name.startswith("f"):
        nodes = [node for node in nodes if node == node] or nodes
    return current().largest(nodes, lowest=name.endswith("min") or name == "minimum")


def accumulate(name, ufunc, inputs, out, axis=0, dtype=None, **ignored):
    """At every place one number of the entries up to it."""
    kind = float_type_of(dtype, inputs)
    together = _fold(name, None)
    lines = np.moveaxis(entries(inputs[0]), axis, -1)
    made = np.empty(lines.shape, object)
    for *position, end in np.ndindex(lines.shape):
        made[(*position, end)] = together(lines[tuple(position)][: end + 1])
    return delivered(np.moveaxis(made, -1, axis), kind, out, True)


def reduceat(name, ufunc, inputs, out, axis=0, dtype=None):
    """Of a[start : next start], or of a[start] where that is not before the next."""
    kind, together = float_type_of(dtype, inputs), _fold(name, None)
    lines, starts = np.moveaxis(entries(inputs[0]), axis, -1), [operator.index(start) for start in inputs[1]]
    ends = [max(end, start + 1) for start, end in zip(starts, [*starts[1:], lines.shape[-1]], strict=True)]
    made = np.empty((*lines.shape[:-1], len(starts)), object)
    for *position, number in np.ndindex(made.shape):
        line = lines[tuple(position)]
        made[(*position, number)] = together(line[starts[number] : ends[number]])
    return delivered(np.moveaxis(made, -1, axis), kind, out, True)
