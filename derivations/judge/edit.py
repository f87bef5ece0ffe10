"""One edit of an index expression, and what it is made in."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Context:
    """letters: of the output's axes; sizes: {Size: int} of the scene; upstream: its name."""

    letters: tuple
    sizes: dict
    upstream: str = ""
    instead: Callable = lambda entry: ()  # (id, words, expression) that may stand by mistake for an entry


@dataclass(frozen=True)
class Edit:
    """The id and the words of a mistake, and the expression with it."""

    id: str
    words: str
    expression: object
