"""The catalogue for a terminal: what each operation takes, in order, what can be judged of it, and nnlib's class."""

from textwrap import wrap

WIDTH = 80
PLAIN = ("real", "nonzero", "simplex", "log simplex")  # domains that need no words here
ABOUT_LAST = ("vjp", "hvp")  # kinds that take one more argument


def entry(row):
    """The lines about one operation."""
    operation = row.operation
    kinds = [kind for kind in operation.functions if " " not in kind]
    taken = {str(getattr(x, "label", x)) for x in operation.functions[kinds[0]].arguments}
    takes = "; ".join(_argument(x) for x in operation.inputs if x.name in taken)
    takes += "".join(f"; for the {x} also {_argument(operation.upstream)}" for x in kinds if x in ABOUT_LAST)
    facts = [
        *[takes, *(f"with --targets indices {_argument(x)} in place of {y}" for x, y in _as_indices(operation))],
        f"{', '.join(kinds)}{'; --reduction mean or sum' if ' sum' in operation.specifications else ''}",
        f"nnlib: {', '.join(module.__name__ for module in row.classes)}",
    ]
    lines = [line for fact in facts for line in wrap(fact, WIDTH - 4, subsequent_indent="  ")]
    return "\n    ".join([f"{row.name}: {operation.title}", *lines])


def _as_indices(operation):
    """[(input, name of the one whose place it takes), …] where targets are class indices."""
    other = operation.specifications.get(" indices")
    pairs = zip(other.inputs, operation.inputs, strict=True) if other else ()
    return [(x, y.name) for x, y in pairs if x.name != y.name]


def _argument(item):
    """o (B, n), or with what its entries are: omega (n), positive numbers."""
    shape = f" ({', '.join(map(str, item.axes))})" if item.axes else ""
    return f"{item.name}{shape}" + ("" if item.domain.name in PLAIN else f", {item.domain.text}")
