"""Exact scalars as people write them: o[1,1] − o[1,2], exp(o[1,1])/(1 + x[2])."""

_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 3, 4
_DEPTH = 14  # deeper parts become …: messages are for people


def written(node, most=160):
    """The scalar in infix notation, cut after `most` characters; a float (∞, NaN) as it is."""
    if isinstance(node, float):
        return {"inf": "∞", "-inf": "−∞"}.get(str(node), "NaN")
    words = _show(node, _DEPTH)[0]
    return words if len(words) <= most else words[: most - 1] + "…"


def _show(node, depth):
    """(text, how tightly it binds)"""
    if depth == 0:
        return "…", _ATOM
    if node.kind == "const":
        return _number(node.args[0])
    if node.kind == "var":
        return node.args[0], _ATOM
    return {"add": _add, "mul": _mul, "pow": _pow}.get(node.kind, _call)(node, depth - 1)


def _number(value):
    """Fractions of more than twelve digits stand for floats and are shown as such."""
    whole = value.denominator == 1
    words = str(value) if len(str(value)) <= 12 else repr(float(value))
    words = words.replace("-", "−")
    return words, _ATOM if whole and value >= 0 else _PRODUCT


def _add(node, depth):
    left, right = node.args
    first = _bracketed(left, _SUM, depth)
    shown = _bracketed(right, _PRODUCT, depth)
    if shown.startswith("−"):
        return f"{first} − {shown[1:]}", _SUM
    return f"{first} + {shown}", _SUM


def _mul(node, depth):
    left, right = node.args
    if right.kind == "const" or (left.kind != "const" and left.kind == "pow" and left.args[1] == -1):
        left, right = right, left
    if left.kind == "const" and left.args[0] == -1:
        return "−" + _bracketed(right, _PRODUCT, depth), _PRODUCT
    if right.kind == "pow" and right.args[1] == -1:
        return f"{_bracketed(left, _PRODUCT, depth)}/{_bracketed(right.args[0], _POWER, depth)}", _PRODUCT
    return f"{_bracketed(left, _PRODUCT, depth)}·{_bracketed(right, _PRODUCT, depth)}", _PRODUCT


def _pow(node, depth):
    base, exponent = node.args
    if exponent == -1:
        return f"1/{_bracketed(base, _POWER, depth)}", _PRODUCT
    return f"{_bracketed(base, _ATOM, depth)}^{exponent}".replace("-", "−"), _POWER


def _call(node, depth):
    inner = _show(node.args[0], depth)[0]
    return (f"[{inner} > 0]" if node.kind == "positive" else f"{node.kind}({inner})"), _ATOM


def _bracketed(node, strength, depth):
    words, own = _show(node, depth)
    return words if own >= strength else f"({words})"
