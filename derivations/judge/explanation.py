"""What explains a wrong output."""

from collections.abc import Callable
from dataclasses import dataclass, field

IN_WORDS = {
    "ordinary": "ordinary numbers",
    "ties": "equal numbers",
    "wide": "numbers far apart",
    "tiny": "tiny numbers",
    "positive": "positive numbers",
    "negative": "negative numbers",
    "one-hot": "one-hot targets",
    "confident": "a confident prediction",
}
"""{regime of an exact run: the numbers in it}"""


@dataclass(frozen=True)
class Explanation:
    """id and words of a mistake; evidence: how it is known; convention: whether it is one.

    undo: (Claim, Question) -> the Claim with the convention undone, where there is a way.
    """

    id: str
    words: str
    evidence: str
    convention: bool = False
    undo: Callable | None = field(default=None, repr=False, compare=False)
