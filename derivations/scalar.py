"""Exact real scalars: expressions in +, ×, integer powers, exp, log, √ and [x > 0] over named unknowns.

A scalar is a node of a shared graph: equal subexpressions are the same object, so that work done for one is done for
all of them. Nothing is simplified here; `normal_form` decides whether a scalar is zero.
"""

from fractions import Fraction
from weakref import WeakValueDictionary

_nodes = WeakValueDictionary()


class Scalar:
    """One node: its kind, and its arguments (nodes, or a Fraction, a name, an exponent)."""

    __slots__ = ("kind", "args", "__weakref__")

    def __new__(cls, kind, *args):
        key = (kind, *args)
        node = _nodes.get(key)
        if node is None:
            node = object.__new__(cls)
            node.kind, node.args = kind, args
            _nodes[key] = node
        return node

    def __add__(self, other):
        if not isinstance(other, NUMBERS):
            return NotImplemented
        other = scalar(other)
        if self.kind == "const" == other.kind:
            return constant(self.args[0] + other.args[0])
        if self is ZERO or other is ZERO:
            return other if self is ZERO else self
        return Scalar("add", self, other)

    def __mul__(self, other):
        if not isinstance(other, NUMBERS):
            return NotImplemented
        other = scalar(other)
        if self.kind == "const" == other.kind:
            return constant(self.args[0] * other.args[0])
        if ZERO in (self, other):
            return ZERO
        if ONE in (self, other):
            return other if self is ONE else self
        return Scalar("mul", self, other)

    def __pow__(self, exponent):
        if exponent == 1:
            return self
        if exponent == 0:
            return ONE
        if exponent == Fraction(1, 2):
            return self.sqrt()
        if exponent == Fraction(-1, 2):
            return self.sqrt() ** -1
        if exponent != int(exponent):
            raise ValueError(f"exact scalars have whole and half powers only, got exponent {exponent}")
        if self.kind == "const" and (exponent > 0 or self is not ZERO):
            return constant(self.args[0] ** int(exponent))
        return Scalar("pow", self, int(exponent))

    def exp(self):
        return ONE if self is ZERO else Scalar("exp", self)

    def log(self):
        return ZERO if self is ONE else Scalar("log", self)

    def sqrt(self):
        return self if self in (ZERO, ONE) else Scalar("sqrt", self)

    def tanh(self):
        """(e^{2x} − 1) / (e^{2x} + 1)"""
        square = (self * 2).exp()
        return (square - 1) * (square + 1) ** -1

    def positive(self):
        """[self > 0]"""
        return constant(int(self.args[0] > 0)) if self.kind == "const" else Scalar("positive", self)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + scalar(other) * -1

    def __rsub__(self, other):
        return scalar(other) - self

    def __truediv__(self, other):
        return self * scalar(other) ** -1

    def __rtruediv__(self, other):
        return scalar(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def __repr__(self):
        return f"{self.kind}({', '.join(map(repr, self.args))})" if self.kind != "var" else self.args[0]


NUMBERS = (Scalar, int, float, Fraction)


def constant(value):
    """A rational number as a scalar; floats are taken at their exact binary value."""
    return Scalar("const", Fraction(value))


def variable(name):
    """The unknown of that name."""
    return Scalar("var", name)


def scalar(value):
    """The value itself if it is a scalar, else the constant."""
    return value if isinstance(value, Scalar) else constant(value)


ZERO = constant(0)
ONE = constant(1)


def inner(node):
    """The nodes that a node is made of."""
    return [part for part in node.args if isinstance(part, Scalar)]


def postorder(*roots, known=()):
    """Every node below the roots once, arguments before the nodes made of them (no recursion: graphs may be deep).

    known: nodes that are left out, with what is below them.
    """
    seen, order, stack = set(), [], [(root, False) for root in reversed(roots)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in seen and node not in known:
            seen.add(node)
            stack.append((node, True))
            stack.extend((part, False) for part in inner(node) if part not in seen)
    return order


def evaluate(root, values, functions):
    """The number that a scalar is, at values of its unknowns; functions has `exp`, `log`, `sqrt` and `number`."""
    known = {}
    for node in postorder(root):
        args = [known.get(part, part) if isinstance(part, Scalar) else part for part in node.args]
        known[node] = _number(node.kind, args, values, functions)
    return known[root]


def _number(kind, args, values, functions):
    if kind == "const":
        return functions.number(args[0])
    if kind == "var":
        return values[args[0]]
    if kind == "add":
        return args[0] + args[1]
    if kind == "mul":
        return args[0] * args[1]
    if kind == "pow":
        return args[0] ** args[1]
    if kind == "positive":
        return functions.number(int(args[0] > 0))
    return getattr(functions, kind)(args[0])
