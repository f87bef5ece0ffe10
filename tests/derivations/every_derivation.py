"""All derivations of the catalogue, as parameters of a test."""

import pytest

from derivations.proof import sizes_of
from derivations.registry import operations

DERIVATIONS = {d.name: d for operation in operations().values() for d in operation.derivations}
each_derivation = pytest.mark.parametrize("derivation", DERIVATIONS.values(), ids=DERIVATIONS)


def every_size(derivation, *expressions):
    """The sizes in the expressions, and in what the derivation's names mean."""
    return set().union(*map(sizes_of, expressions), *(sizes_of(name.meaning) for name in derivation.names))
