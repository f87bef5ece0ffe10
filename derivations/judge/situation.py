"""A kind of input: how the entries of an operation's arguments are drawn."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from derivations.judge.draws import normal, rows_that_sum_to_one, signed


@dataclass(frozen=True)
class Situation:
    """calm: nothing is extreme, so that a right formula keeps its digits; only: names of the inputs that it is about.

    entries: of the input that is differentiated by, probabilities: where these are probabilities; targets: "soft",
    "one-hot", or of whole numbers "integer"; upstream: the upstream gradient; arranged: what is done to
    every array; parameter: the one that it is about, in place of a number from its domain; refusable: whether code may
    raise instead of answering; least: the rows and columns below which its name would not be true.
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
    least: tuple[int, int] = (1, 1)

    @property
    def draws(self):
        """The names of what is drawn in another way than ordinary numbers are."""
        names = ("entries", "probabilities", "targets", "upstream", "others", "parameter")
        return {name for name in names if getattr(self, name) != getattr(Situation, name)}

    def of_size(self, rows, columns):
        """The same kind of numbers at another size, None where they would not be that kind any more."""
        if (rows, columns) == (self.rows, self.columns):
            return self
        if rows < self.least[0] or columns < self.least[1]:
            return None
        name = "ordinary numbers" if self.sized and self.calm else self.name  # named after its own size
        return replace(self, name=name, rows=rows, columns=columns)

    @property
    def sized(self):
        """Whether it is about numbers of rows and columns."""
        return (self.rows, self.columns) != (Situation.rows, Situation.columns)
