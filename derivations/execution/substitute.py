"""Exact scalars rebuilt with parts exchanged: a maximum by the entry that is largest, [x > 0] by 1 or 0."""

from derivations.scalar import Scalar, inner, postorder

_AGAIN = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "pow": lambda a, exponent: a**exponent,
    "exp": Scalar.exp,
    "log": Scalar.log,
    "sqrt": Scalar.sqrt,
    "positive": Scalar.positive,
}


class Substitution:
    """scalar -> scalar, with instead(node) in place of each node for which that is not None, exchanged in turn.

    What was rebuilt once is kept. No recursion: graphs may be deep.
    """

    def __init__(self, instead):
        self._instead = instead
        self._known = {}

    def __call__(self, root):
        stack = [(root, None, False)]
        while stack:
            node, new, ready = stack.pop()
            if ready:
                self._known[node] = self._rebuilt(node) if new is None else self._known[new]
            elif node not in self._known:
                new = self._instead(node)
                stack.append((node, new, True))
                parts = inner(node) if new is None else [new]
                stack.extend((part, None, False) for part in parts if part not in self._known)
        return self._known[root]

    def _rebuilt(self, node):
        parts = [self._known[part] if isinstance(part, Scalar) else part for part in node.args]
        same = all(new is old for new, old in zip(parts, node.args, strict=True))
        return node if same else _AGAIN[node.kind](*parts)


def substituted(root, meanings):
    """The scalar with unknowns replaced, {name: scalar without these unknowns}."""
    return Substitution(lambda node: meanings.get(node.args[0]) if node.kind == "var" else None)(root)


def unknowns(*roots):
    """The names of the unknowns below the roots."""
    return {node.args[0] for node in postorder(*roots) if node.kind == "var"}
