"""Random inputs of an operation at given sizes, drawn from the domains that it declares."""

import numpy as np

SIZES = {"B": 3, "n": 4, "m": 5, "h": 2}


def draw(operation, function, rng, dtype=np.float64, **sizes):
    """The arguments of a derived function, in order, as arrays of one dtype; classes as int64.

    sizes: by name, B, n, m or h. Arguments that the specification does not list (upstream gradients, vectors) are
    normal random numbers: signed and not uniform.
    """
    sizes = {**SIZES, **sizes}
    inputs = {x.name: x for specification in operation.specifications.values() for x in specification.inputs}
    arrays = []
    for argument in function.arguments:
        shape = tuple(sizes[str(size)] for size in getattr(argument, "shape", None) or ())
        known = inputs.get(str(argument))
        values = rng.normal(size=shape) if known is None else known.domain.draw(rng, shape, sizes["n"])
        whole = known is not None and known.domain.name == "classes"
        arrays.append(values if whole else np.asarray(values).astype(dtype)[()])
    return arrays
