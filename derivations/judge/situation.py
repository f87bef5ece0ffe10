"""A kind of input: how the entries of an operation's arguments are drawn."""

from collections.abc import Callable
from dataclasses import dataclass

from derivations.judge.draws import normal, rows_that_sum_to_one, signed


@dataclass(frozen=True)
class Situation:
    """calm: nothing is extreme, so that a right formula keeps its digits; only: names of the inputs that it is about.

    entries: of the input that is differentiated by, probabilities: where these are probabilities; targets: "soft",
    "one-hot", or of whole numbers "integer"; upstream: the upstream gradient; arranged: what is done to
    every array; parameter: the one that it is about, in place of a number from its domain; refusable: whether code may
    raise instead of answering.
    """

    name: str
    rows: int = 3
    columns: int = 4
    entries: Callable = normal
    probabilities: Callable = rows_that_sum_to_one
    targets: str = "soft"
    upstream: Callable = signed
    calm: bool = True
    only: tuple[str, ...] = ()
    arranged: Callable | None = None
    others: Callable = normal  # the other real inputs
    parameter: Callable | None = None
    refusable: bool = False

    @property
    def draws(self):
        """The names of what is drawn in another way than ordinary numbers are."""
        names = ("entries", "probabilities", "targets", "upstream", "others", "parameter")
        return {name for name in names if getattr(self, name) != getattr(Situation, name)}

    @property
    def sized(self):
        """Whether it is about numbers of rows and columns."""
        return (self.rows, self.columns) != (Situation.rows, Situation.columns)
