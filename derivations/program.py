"""Index notation to a program of array operations: every distinct subexpression once.

A subexpression is computed once for each value of its free letters, whatever the letters are called: exp(o[b,i]) and
exp(o[b,k]) are one array. What is used twice becomes a temporary, named by a definition e[b,i] = exp(o[b,i]).
The same program is printed as NumPy (`numpy_code`) and counted (`counting`): what is counted is what runs.
"""

from dataclasses import dataclass
from itertools import count

from sympy import KroneckerDelta, Pow, Rational, exp, log
from sympy.tensor.indexed import Indexed

from derivations.definition import Definition
from derivations.lowering import Op, lower, mapped, place, walk
from derivations.notation import Index, IndexMax, IndexSum, array, binder, canonical, free_indices, rebuilt, substitute


@dataclass(frozen=True)
class Program:
    """Assignments (name, Op) in order, then the results."""

    assignments: tuple[tuple[str, Op], ...]
    results: tuple[Op, ...]


def program(outputs, names=()):
    """The program for outputs ((letters, expression), …), using the computed form of every name that occurs."""
    definitions = _needed([expression for _, expression in outputs], names)
    definitions = [Definition(d.symbol, d.computed or d.meaning, d.called) for d in definitions]
    shared = _Shared([d.meaning for d in definitions] + [expression for _, expression in outputs])
    assignments, results = [], []
    for definition in definitions:
        expression = shared.rewrite(definition.meaning)
        assignments += shared.new_temporaries()
        assignments.append((str(definition.base), lower(expression, definition.letters)))
    for letters, expression in outputs:
        expression = shared.rewrite(expression)
        assignments += shared.new_temporaries()
        results.append(lower(expression, letters))
    return _without_repeats(assignments, results)


def _without_repeats(assignments, results):
    """The Program in which what has a name already is not computed again; parts of a sum or product can be that."""
    known, kept = {}, []

    def again(op):
        if op.operands and (name := known.get(_form(op))):
            return Op("load", (name, op.letters), op.letters)
        return mapped(again, op)

    for name, op in assignments:
        kept.append((name, again(op)))
        known.setdefault(_form(op), name)
    return Program(tuple(kept), tuple(map(again, results)))


def _form(op):
    """The operation with its letters numbered and sums and products sorted: the same for other letters and orders."""
    numbers = {letter: number for number, letter in enumerate(op.letters)}

    def numbered(part):
        if isinstance(part, Op):
            args = map(numbered, part.args)
            in_order = sorted(args, key=str) if part.kind in ("add", "multiply") else args
            return part.kind, *in_order, *map(numbered, part.letters)
        if isinstance(part, tuple):
            return tuple(map(numbered, part))
        return (part.size, numbers.setdefault(part, len(numbers))) if isinstance(part, Index) else part

    return numbered(op)


def _needed(expressions, names):
    """The definitions that the expressions use, through each other too, each after those it needs."""
    found = []
    for expression in expressions:
        for definition in names:
            if any(part.base == definition.base for part in expression.atoms(Indexed)) and definition not in found:
                inner = _needed([definition.computed or definition.meaning], [d for d in names if d != definition])
                found += [d for d in (*inner, definition) if d not in found]
    return found


class _Shared:
    """Temporaries for the subexpressions that occur more than once, up to the names of their letters."""

    def __init__(self, expressions):
        self._uses = {}
        self._temporaries = {}
        self._fresh = []
        for expression in expressions:
            self._tally(expression)

    def _tally(self, expression):
        if _simple(expression):
            return
        key, _ = _key(expression)
        self._uses[key] = self._uses.get(key, 0) + 1
        if self._uses[key] == 1:
            for part in _operands(expression):
                self._tally(part)

    def new_temporaries(self):
        """The assignments that arose since this was last asked."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def rewrite(self, expression):
        """The expression with its shared subexpressions replaced by entries of temporaries."""
        if _simple(expression):
            return expression
        key, letters = _key(expression)
        if self._uses.get(key, 0) < 2:
            return self._inside(expression)
        if key not in self._temporaries:
            inside = self._inside(expression)
            name = f"{_initial(expression)}{len(self._temporaries)}"
            self._temporaries[key] = array(name, *(letter.size for letter in letters))
            self._fresh.append((name, lower(inside, letters)))
        temporary = self._temporaries[key]
        return temporary[letters] if letters else temporary.label

    def _inside(self, expression):
        if binder(expression) is not None:
            return rebuilt(expression, [self.rewrite(expression.args[0]), *expression.args[1:]])
        return rebuilt(expression, [self.rewrite(part) for part in expression.args])


def _simple(expression):
    """Whether there is nothing to compute, or nothing worth a name: entries, numbers, sizes, and their negatives."""
    if not expression.args or isinstance(expression, Indexed | Rational | Index):
        return True
    if expression.is_Mul and isinstance(-expression, Indexed):
        return True
    return not free_indices(expression) and not expression.has(IndexSum)


def _operands(expression):
    if binder(expression) is not None:
        return [expression.args[0]]
    if isinstance(expression, KroneckerDelta):
        return []
    return [part.base if isinstance(part, Pow) and part.exp == -1 else part for part in expression.args]


def _key(expression):
    """The expression with its letters replaced by standard ones, and the letters that they stand for."""
    letters = sorted(free_indices(expression), key=place)
    numbers = {}
    standard = {}
    for letter in letters:
        numbers[letter.size] = numbers.get(letter.size, 0) + 1
        standard[letter] = Index(f"_{letter.size}{numbers[letter.size]}", letter.size)
    return canonical(substitute(expression, standard)), tuple(letters)


def _initial(expression):
    return {IndexSum: "s", exp: "e", log: "l", IndexMax: "m"}.get(type(expression), "t")


def all_ops(code):
    """Every operation of a program, in the order in which they run."""
    for _, op in code.assignments:
        yield from walk(op)
    for op in code.results:
        yield from walk(op)


def fresh_names(code):
    """t0, t1, … without those that the program has already."""
    taken = {name for name, _ in code.assignments}
    return (name for k in count() if (name := f"t{k}") not in taken)
