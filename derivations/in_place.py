"""Which operations write into memory that is there already.

A fresh array of a large result costs more than the arithmetic: its pages come from the system one by one. So the result
of an entrywise operation goes into the memory of an operand that has its shape and type and is not needed any more:
e0 = exp(d, out=d), in a line of its own. NumPy does so by itself for an unnamed operand of a + b with equal shapes, so
there the operator stays. Memory of an argument is never written.
"""

from collections import Counter
from math import inf

from derivations.lowering import Op, mapped, walk
from derivations.masks import is_mask
from derivations.program import Program, all_ops, fresh_names

CALLED = ("exp", "log", "tanh", "sqrt", "square", "power", "maximum")
ENTRYWISE = (*CALLED, "negative", "add", "subtract", "multiply", "divide")


def in_place(code, arguments):
    """The Program with `out` wherever an operand's memory is free.

    arguments: names of arrays that have one float type, so that arithmetic on them has it too.
    """
    return _Plan(_Names(_entries_first(code), arguments).program, arguments).program


def is_real(op, arrays):
    """Whether the operation gives floats of the one type: those are made of an array in `arrays`."""
    if op.kind in ("cast", "zeros"):
        return True
    if op.kind == "load":
        return op.args[0] in arrays
    return not is_mask(op) and any(is_real(part, arrays) for part in op.operands)


def _matrix(op, arrays):
    """Whether the result is worth reusing: floats with two axes or more."""
    return len(op.letters) > 1 and is_real(op, arrays)


def _left_to_numpy(op):
    """Whether NumPy writes the result into the memory of an operand that has no name."""
    candidates = op.operands if op.kind in ("add", "multiply") else op.operands[:1]
    if op.kind in CALLED or any(part.letters not in ((), op.letters) for part in op.operands):
        return False
    return any(part.letters == op.letters and _is_fresh(part) for part in candidates)


def _is_fresh(op):
    """Whether the operation makes a new array of floats."""
    return op.kind in (*ENTRYWISE, "matmul") and op.out is None and not is_mask(op)


def _entries_first(code):
    """The Program in which single entries of a temporary are read when it is made, so that they do not keep it."""
    stored = {target.args[0].args[0] for target, _ in code.assignments if isinstance(target, Op)}
    names, statements = fresh_names(code), []

    def inside(op):
        return Op("load", (read[op], op.letters), op.letters) if op in read else mapped(inside, op)

    read, ops = {}, list(all_ops(code))
    for target, op in code.assignments:
        statements.append((target, inside(op)))
        for entries in dict.fromkeys(x for x in ops if x.kind == "gather" and x.args[0].args[0] == target):
            if target not in stored:
                read[entries] = next(names)
                statements.append((read[entries], entries))
    return Program(tuple(statements), tuple(map(inside, code.results)))


class _Names:
    """Gives names to what is written into old memory, and to operands that an operation with `out` could write to."""

    def __init__(self, code, arguments):
        self._arguments, self._arrays = arguments, set(arguments)
        self._fresh = fresh_names(code)
        values = [op for _, op in code.assignments] + list(code.results)
        self._left = Counter(part.args[0] for op in values for part in walk(op) if part.kind == "load")
        self._statements, self._read = [], set()
        for target, op in code.assignments:
            self._state(target, self._whole(op))
        results = tuple(map(self._whole, code.results))
        self.program = Program(tuple(self._statements), results)

    def _state(self, target, op):
        self._statements.append((target, op))
        if is_real(op, self._arrays):
            self._arrays.add(target)

    def _whole(self, op):
        """The operation at the root of a statement."""
        self._read = set()
        return self._inside(op)

    def _inside(self, op):
        op = mapped(self._operand, op)
        self._left.subtract(part.args[0] for part in op.operands if part.kind == "load")
        if op.kind not in ENTRYWISE or not _matrix(op, self._arrays) or self._room(op):
            return op
        spreads = any(part.letters not in ((), op.letters) for part in op.operands)
        if op.kind not in CALLED and not spreads:
            return op
        fresh = [part for part in op.operands if self._could_hold(op, part)]
        return mapped(lambda part: self._named(part) if part is fresh[0] else part, op) if fresh else op

    def _operand(self, op):
        """The operand, by a name if it is written into memory that nothing before it in the statement reads."""
        before = set(self._read)
        op = self._inside(op)
        if not _left_to_numpy(op) and self._room(op) - before:
            self._read, named = before, self._named(op)
            self._left[named.args[0]] = 1
            return named
        self._read |= set(_seen(op))
        return op

    def _room(self, op):
        """The temporaries of its shape that are last used by an entrywise operation."""
        if op.kind not in ENTRYWISE or not _matrix(op, self._arrays):
            return set()
        return {part.args[0] for part in op.operands if part.letters == op.letters and self._is_free(part)}

    def _is_free(self, part):
        if part.kind != "load" or part.args[0] in self._arguments or not is_real(part, self._arrays):
            return False
        return not self._left[part.args[0]]

    def _could_hold(self, op, part):
        return _is_fresh(part) and part.letters == op.letters and _matrix(part, self._arrays)

    def _named(self, op):
        name = next(self._fresh)
        self._state(name, op)
        return Op("load", (name, op.letters), op.letters)


class _Plan:
    """Decides by last uses: memory is free for an operation when nothing that runs later asks for it."""

    def __init__(self, code, arguments):
        self._arrays, self._memory, self._renamed = set(arguments), {}, {}
        self._last, self._clock = {}, 0
        for target, op in code.assignments:
            self._note(op)
            self._note_target(target)
        for op in code.results:
            self._note(op)
        for op in code.results:
            self._last |= dict.fromkeys(_seen(op), inf)
        self._clock, self._statements = 0, []
        for target, op in code.assignments:
            self._state(target, op)
        results = tuple(self._planned(op)[0] for op in code.results)
        self.program = Program(tuple(self._statements), results)

    def _note(self, op):
        """When each name is used last: at the operation that reads it, not where the expression mentions it."""
        for part in op.operands:
            self._note(part)
        self._clock += 1
        for part in op.operands:
            self._last |= dict.fromkeys(_seen(part), self._clock)

    def _note_target(self, target):
        if isinstance(target, Op):
            self._note(target)

    def _state(self, target, op):
        planned, memory = self._planned(op)
        if isinstance(target, Op):
            self._statements.append((self._planned(target)[0], planned))
            return
        if is_real(op, self._arrays):
            self._arrays.add(target)
        self._memory[target] = memory or (None if op.kind in ("load", "transpose") else target)
        if op.kind == "copy" and planned.kind == "load":
            self._renamed[target] = planned.args[0]  # the array that was to be copied is free: it is used itself
        else:
            self._statements.append((target, planned))

    def _planned(self, op):
        """(the operation, in place where it can be; the name of the temporary that holds its result, or None)."""
        found = [self._planned(part) for part in op.operands]
        self._clock += 1
        parts = iter(found)
        planned = mapped(lambda part: next(parts)[0], op)
        if op.kind == "load":
            name = op.args[0]
            return op.of((self._renamed.get(name, name), *op.args[1:])), self._memory.get(name)
        if op.kind == "transpose":
            return planned, found[0][1]
        if op.kind not in (*ENTRYWISE, "copy") or not _matrix(op, self._arrays) or _left_to_numpy(planned):
            return planned, None
        for part, memory in found:
            if part.kind != "transpose" and part.letters == op.letters and self._free(memory):
                return self._written(planned, part), memory
        return planned, None

    def _written(self, op, part):
        if op.kind == "copy":
            return part
        return Op(op.kind, op.args, op.letters, out=part.args[0] if part.kind == "load" else part.out)

    def _free(self, memory):
        """Whether nothing that runs later reads what is in the memory of that temporary."""
        names = [name for name, held in self._memory.items() if held == memory]
        return memory is not None and all(self._last.get(name, 0) <= self._clock for name in names)


def _seen(op):
    """Names whose memory the operation's result lies in without having been copied."""
    if op.kind == "transpose":
        return _seen(op.args[0])
    return [op.args[0]] if op.kind == "load" else []
