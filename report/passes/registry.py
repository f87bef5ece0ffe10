"""The catalogue: what each hand-written pass says it computes, and what is wrong with it.

Arrays are batched, the batch first; the upstream gradient g is the last argument; losses are means over the batch.

    softmax, log-softmax   value f(o)         vjp f(o, g)         jacobian f(o) -> (B, n, n)
    cce                    value f(p, y)      gradient f(p, y)    p are probabilities, y rows of (B, n)
    nll                    value f(lp, y)     gradient f(lp, y)   lp are log-probabilities
    softmax-cce            value f(o, y)      gradient f(o, y)    value_and_gradient f(o, y) -> (scalar, (B, n))
    linear                 value f(x, W, b)   vjp f(x, W, b, g) -> (gx, gW, gb), W of shape (inputs, outputs)
    sigmoid, tanh, relu    value f(x)         vjp f(x, g)
    mse                    value f(p, y)      gradient f(p, y)    mean over all entries of ½(p − y)²
    network                gradient f(x, W1, b1, W2, b2, y) -> (gx, gW1, gb1, gW2, gb2), linear, sigmoid, linear, mse
    kind "object"          a class: forward(x), backward(x, g); of a loss forward(p, y), backward(p, y);
                           made without arguments, of linear as cls(W, b)

Options: targets="indices" (y is (B,) integers), reduction="sum", batched=False (one sample, no batch axis),
weights="rows" (a last argument w of shape (B,); the mean over the batch of w_b times the loss of row b) and
cached=True (an object that remembers its last forward: backward(g), of a loss backward()).

`shows` names the regime (regimes.py) in which the mistake is seen, or "mutation", "aliasing" or "state";
"always" means on an ordinary draw.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Pass:
    """One hand-written pass; the sentence that describes it is its docstring."""

    operation: str
    kind: str
    function: Callable
    correct: bool
    diagnosis: str = ""
    style: str = ""
    shows: str = "always"
    link: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def sentence(self) -> str:
        return self.function.__doc__


def wrong(operation, *, kind, diagnosis, shows="always", link="", options=None):
    """Register a mistaken pass: `diagnosis` is the kind of mistake, `link` a public thread that reports one like it."""
    def register(function):
        return _noted(Pass(operation, kind, function, False, diagnosis, "", shows, link, options or {}))
    return register


def right(operation, *, kind, style, options=None):
    """Register a pass that must not be blamed: `style` says how it is written."""
    def register(function):
        return _noted(Pass(operation, kind, function, True, style=style, options=options or {}))
    return register


def _noted(one):
    """The function, once its module has the Pass: a list for all would make every pass a part of every other."""
    vars(sys.modules[one.function.__module__]).setdefault("PASSES", []).append(one)
    return one.function


def catalogue() -> tuple[Pass, ...]:
    """Every pass of every `wrong_*.py` and `right_*.py` beside this file."""
    paths = sorted(Path(__file__).parent.glob("*_*.py"))
    names = [path.stem for path in paths if path.stem.startswith(("wrong_", "right_"))]
    return tuple(one for name in names for one in import_module(f"{__package__}.{name}").PASSES)
