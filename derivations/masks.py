"""Masks: of what type their arithmetic is, and how a mask with a single 1 in each row is spared.

δ_{j,c[b]} is 1 at one place of a row. An array of zeros and ones would cost as much as the softmax itself, so
p − δ is made as  t = copy of p;  t[b, c[b]] −= 1,  and a mask times a number of its row as zeros where that number is
put in.
"""

from dataclasses import dataclass, replace

from sympy import Integer

from derivations.lowering import Op, leaves, mapped
from derivations.program import Program, fresh_names

ONE = Op("number", (Integer(1),))
_TYPED = (
    "add",
    "subtract",
    "negative",
    "multiply",
    "divide",
    "sum",
)  # of masks alone these lose the type of the floats


def is_mask(op):
    """Whether the operation gives truth values."""
    if op.kind == "multiply":
        return all(map(is_mask, op.args))
    return op.kind in ("equal", "greater")


def as_number(op, like):
    """The operation with masks made numbers, of the type of the array `like`, where NumPy would not do it by itself."""
    op = mapped(lambda part: as_number(part, like), op)
    masks = [part for part in op.operands if is_mask(part)]
    untyped = op.kind in _TYPED and masks and all(part in masks or part.kind == "number" for part in op.operands)
    if not untyped or is_mask(op):
        return op
    return mapped(lambda part: Op("cast", (part, like), part.letters) if part is masks[0] else part, op)


@dataclass(frozen=True)
class OnePlace:
    """An array that is 0 but where letter equals place, and there is value; both lack the letter."""

    letter: object
    place: Op
    value: Op
    letters: tuple

    def with_value(self, value, letters):
        return replace(self, value=value, letters=letters)

    @property
    def at(self):
        """An index for each axis."""
        return tuple(self.place if x == self.letter else Op("range", (x.size,), (x,)) for x in self.letters)

    def entries_of(self, array):
        """The entries of a named array at those places."""
        return Op("gather", (array, *self.at), tuple(x for x in self.letters if x != self.letter))


def one_place(op):
    """The operation as a `OnePlace`, or None."""
    if op.kind == "equal":
        return _equal(op)
    inner = [one_place(part) for part in op.operands]
    if op.kind == "cast":
        return inner[0]
    if op.kind == "negative" and inner[0]:
        value = inner[0].value
        return inner[0].with_value(Op("negative", (value,), value.letters), op.letters)
    if op.kind in ("multiply", "divide"):
        return _scaled(op, *inner)
    return None


def _equal(op):
    for letter, place in (op.args, op.args[::-1]):
        if letter.kind == "range" and letter.letters[0] not in place.letters:
            return OnePlace(letter.letters[0], place, ONE, op.letters)
    return None


def _scaled(op, left, right):
    """A mask times or over numbers that do not depend on its letter."""
    mask = left or (right if op.kind == "multiply" else None)
    if mask is None:
        return None
    number = op.args[1] if mask is left else op.args[0]
    if mask.letter in number.letters:
        return None
    letters = tuple(x for x in op.letters if x != mask.letter)
    one = op.kind == "multiply" and mask.value == ONE
    return mask.with_value(number if one else Op(op.kind, (mask.value, number), letters), op.letters)


def placed(code, like, numbers_only=False):
    """The Program with statements (entries, value) instead of masks with a single 1 in each row.

    like: (name, sizes) of an array of the type that zeros are to have. numbers_only: only where what is put in is a
    plain number.
    """
    return _Placed(code, like, numbers_only).program


class _Placed:
    def __init__(self, code, like, numbers_only):
        self._like, self._numbers_only = like, numbers_only
        self._fresh = fresh_names(code)
        self._statements = []
        for name, op in code.assignments:
            self._statements.append((name, self._whole(op, name)))
        results = tuple(self._whole(op) for op in code.results)
        kept = [(name, op) for name, op in self._statements if op.kind != "load" or op.args[0] != name]
        self.program = Program(tuple(kept), results)

    def _whole(self, op, name=None):
        """The operation at the root of a statement."""
        mask = one_place(op) if len(op.letters) > 1 else None
        if self._numbers_only and (mask is None or any(part.kind != "number" for part in leaves(mask.value))):
            return op
        if mask is None:
            return self._inside(op)
        value = self._inside(mask.value)
        return self._put(Op("zeros", self._like, op.letters), mask, lambda entries: value, name)

    def _inside(self, op):
        if op.kind not in ("add", "subtract"):
            return mapped(self._inside, op)
        left, right = op.args
        for mask, dense in ((one_place(right), left), (one_place(left), right)):
            if mask is not None and dense.letters == op.letters and one_place(dense) is None:
                return self._added(op, mask, self._inside(dense), dense is right)
        return mapped(self._inside, op)

    def _added(self, op, mask, dense, behind):
        """dense ± mask, or mask ± dense where the dense array stands behind."""
        value = self._inside(mask.value)
        if behind and op.kind == "subtract":
            dense, kind = Op("negative", (dense,), op.letters), "add"
        else:
            kind = op.kind
        base = Op("copy", (dense,), op.letters) if dense.kind in ("load", "transpose") else dense
        return self._put(base, mask, lambda entries: Op(kind, (entries, value), entries.letters))

    def _put(self, base, mask, value, name=None):
        """The statements  t = base;  t[at] = value(t[at]);  returns t."""
        name = name or next(self._fresh)
        array = Op("load", (name, mask.letters), mask.letters)
        entries = mask.entries_of(array)
        self._statements += [(name, base), (entries, value(entries))]
        return array
