"""The derived functions by name and key, with arguments drawn for them from the domains of their inputs."""

from functools import cache

import numpy as np
import pytest

from derivations.domain import REAL
from derivations.notation import B, h, m, n
from derivations.registry import operations
from derivations.rules.hypotheses import SumsToOne

OPERATIONS = operations()
FUNCTIONS = [(name, key) for name, operation in OPERATIONS.items() for key in operation.functions]
both_types = pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
SHAPES = {"some": (3, 4, 2, 3), "one row": (1, 3, 2, 2), "one class": (2, 1, 3, 2), "one of each": (1, 1, 1, 1)}
WIDE = (1, 1000, 2, 2)


def kind_of(key):
    """(kind, variant) of a function's key, such as "gradient sum indices"."""
    kind, space, variant = key.partition(" ")
    return kind, space + variant


WITHOUT_MATRICES = [(name, key) for name, key in FUNCTIONS if kind_of(key)[0] not in ("jacobian", "hessian")]
every_function = pytest.mark.parametrize(("name", "key"), FUNCTIONS)
every_function_without_matrices = pytest.mark.parametrize(("name", "key"), WITHOUT_MATRICES)


def sizes_at(shape):
    return dict(zip((B, n, m, h), shape, strict=True))


@cache
def drawn(name, variant, shape, extreme=False):
    """{array: values} for every input and the upstream gradient, from its domain; float32 values kept as float64."""
    rng, sizes = np.random.default_rng(11), sizes_at(shape)
    specification = OPERATIONS[name].specifications[variant]
    inputs = [*specification.inputs, *([specification.upstream] if specification.upstream else [])]
    found = {}
    for one in inputs:
        axes = tuple(sizes[axis] for axis in one.axes)
        value = one.domain.draw(rng, axes, sizes[n])
        if extreme and one.domain is REAL:
            value = rng.choice([-1e4, 0.0, 1e4], size=axes)
        if any(isinstance(h, SumsToOne) and str(h.entry.base) == one.name for h in specification.hypotheses):
            value = rng.multinomial(4096, value) / 4096  # rows that sum to one without rounding, in both types
        found[one.name] = np.asarray(value if one.domain.name == "classes" else np.float32(value).astype(float))
    return found


def arguments(name, key, shape, dtype, **options):
    """The arguments in the order of the function, the floats in that type."""
    values = drawn(name, kind_of(key)[1], shape, **options)
    chosen = [values[str(argument)] for argument in OPERATIONS[name].functions[key].arguments]
    return [value if value.dtype.kind == "i" else value.astype(dtype) for value in chosen]


def called(name, key, arrays):
    """The function's results, as a tuple; overflow, division by zero and invalid operations are errors."""
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        results = OPERATIONS[name].functions[key](*arrays)
    return results if isinstance(results, tuple) else (results,)
