"""nnlib's own source, run on exact numbers and compared with the definitions: no tolerance, no sampling of gradients.

Each call of the catalogue runs unchanged at a few shapes and along every path that the regimes of inputs lead to
(derivations/execution). What is proved is stated with the shapes and the number of paths.
"""

from dataclasses import dataclass

from derivations.execution.cannot_trace import CannotTrace
from derivations.execution.compare import paths
from derivations.execution.regimes import REGIMES

SHAPES = ((1, 1), (1, 2), (2, 3), (3, 2))  # (B, n): one row, one class, B ≠ n both ways
EVERY_PATH = (2, 3)  # here in every regime; at the other shapes along the ordinary path
EQUAL = "equal"


@dataclass(frozen=True)
class CodeProof:
    """One operation's hand-written code: the kinds and shapes it was run at, its paths, and what was refused.

    identified: floating-point constants that were taken for rational ones, as "0.1 is 1/10".
    """

    operation: str
    kinds: int
    shapes: tuple[tuple[int, int], ...]
    paths: int
    refused: tuple[str, ...]
    identified: tuple[str, ...]

    @property
    def proved(self):
        return not self.refused

    @property
    def words(self):
        """'code proved at B × n = 1 × 1, … on 3 paths', or what was refused first."""
        if self.refused:
            return f"code refused: {self.refused[0]}"
        shapes = ", ".join("{} × {}".format(*shape) for shape in self.shapes)
        return f"code proved at shapes {shapes}, {self.paths} paths"


def code_proof(row, shapes=SHAPES):
    """The CodeProof of a row's calls."""
    runs, refused, identified = [], [], {}
    for kind, call in row.calls.items():
        for shape in shapes:
            for run in _runs(row, kind, call, shape, refused):
                runs.append(run)
                identified.update(dict.fromkeys(run.identifications))
                if run.verdict != EQUAL:
                    what = run.differences[0] if run.differences else f"shapes {run.shapes}"
                    refused.append(f"{kind} at {shape[0]} × {shape[1]} is {run.verdict}: {what}")
    return CodeProof(row.name, len(row.calls), tuple(shapes), len(runs), tuple(refused), tuple(identified))


def _runs(row, kind, call, shape, refused):
    """The comparisons along every path of one call at one shape; a call that cannot be run exactly is refused."""
    B, n = shape
    sizes = {"B": B, "n": n, "m": min(n, 2), "h": min(B, 2)}
    name, *variant = kind.split(" ")
    reduction, targets = ("sum" if "sum" in variant else "mean"), ("indices" if "indices" in variant else "rows")
    try:
        regimes = REGIMES if shape == EVERY_PATH else REGIMES[:1]
        return paths(row.operation, name, call, sizes, reduction, targets, regimes, seeds=(0,))
    except CannotTrace as failure:
        refused.append(f"{kind} at {B} × {n}: {failure}")
        return []
