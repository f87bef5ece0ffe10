"""All derivations of the catalogue, as parameters of a test."""

import pytest

from derivations.proof import sizes_of
from derivations.registry import operations
from tests.campaign import thinned

DERIVATIONS = {d.name: d for operation in operations().values() for d in operation.derivations}
each_derivation = pytest.mark.parametrize("derivation", DERIVATIONS.values(), ids=DERIVATIONS)

# The operations whose formulas take as long as those of all others together: {name of the derivation: operation}
LONG = {d.name: name for name in ("network", "linear-softmax-cce") for d in operations()[name].derivations}


def _like(derivation):
    """Derivations that are alike: the gradients of one of the long operations."""
    name = derivation.name
    return (LONG[name], ": gradient by " in name) if name in LONG else name


thinned_derivations = pytest.mark.parametrize(
    "derivation", thinned(list(DERIVATIONS.values()), _like, lambda derivation: derivation.name)
)


def every_size(derivation, *expressions):
    """The sizes in the expressions, and in what the derivation's names mean."""
    return set().union(*map(sizes_of, expressions), *(sizes_of(name.meaning) for name in derivation.names))
