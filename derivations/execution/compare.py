"""Somebody's code against the definition: run exactly, entry by entry, on one path or on all that can be found."""

from dataclasses import dataclass, field

import numpy as np

from derivations.execution.case import Case
from derivations.execution.decide import DIFFERENT, EQUAL, OPEN, Decider
from derivations.execution.exact import Execution, leaves, run_exactly
from derivations.execution.exact_scalar import FLOAT64
from derivations.execution.regimes import REGIMES
from derivations.execution.written import written

MOST = 3  # differences that are reported
KEPT = 1000  # cases
_cases = {}


@dataclass(frozen=True)
class Difference:
    """One entry that differs (or is undecided): which output, its 1-based index, both formulas, both numbers."""

    output: int
    index: tuple[int, ...]
    got: str
    wanted: str
    got_number: float
    wanted_number: float

    def __str__(self):
        at = f"[{','.join(map(str, self.index))}]" if self.index else ""
        return (
            f"output {self.output + 1}{at}: got {self.got} = {self.got_number:.6g},"
            f" wanted {self.wanted} = {self.wanted_number:.6g}"
        )


@dataclass(frozen=True)
class Comparison:
    """The verdict on one run: "equal", "different" or "undecided".

    conditions: the path that the verdict holds on, none where it holds for all numbers; regime, sizes: of the case;
    shapes: (got, wanted) where they differ; identifications, events: of the run; mutated, aliased: names of inputs.
    """

    verdict: str
    regime: str
    conditions: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    shapes: tuple | None = None
    identifications: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    mutated: tuple[str, ...] = ()
    aliased: tuple[str, ...] = ()
    execution: Execution | None = field(default=None, repr=False, compare=False)


def compare(operation, kind, call, sizes, reduction="mean", targets="rows", regime="ordinary", seed=0, dtype=FLOAT64):
    """The Comparison of call(*arguments) with the operation's definition, at those sizes.

    The arguments are those of the operation's function of that kind, in its order. Raises CannotTrace; LookupError for
    what there is not.
    """
    return judge(kept_case(operation, kind, sizes, reduction, targets, regime, seed), call, dtype)


def kept_case(operation, kind, sizes, *options):
    """The Case, kept for the next comparison: its exact answer takes as long as the rest."""
    key = (id(operation), kind, tuple(sorted((str(size), number) for size, number in sizes.items())), *options)
    if key not in _cases:
        if len(_cases) == KEPT:
            del _cases[next(iter(_cases))]
        _cases[key] = Case(operation, kind, sizes, *options)  # it holds the operation, so that the id stays its own
    return _cases[key]


def judge(case, call, dtype=FLOAT64, subject=None):
    """The Comparison of call(*case.arguments) with the definition; subject: the call's, for who runs it often."""
    run = run_exactly(call, case.arguments, case.numbers, case.constants, dtype, subject)
    got, wanted = outputs(run.raw, case.wanted), case.wanted
    facts = _facts(run, case)
    if [x.shape for x in got] != [x.shape for x in wanted]:
        shapes = ([x.shape for x in got], [x.shape for x in wanted])
        return Comparison(DIFFERENT, case.regime, shapes=shapes, **facts)
    found, reasons = _decisions(got, wanted, run.trace, case.form)
    verdict = next((verdict for verdict in (DIFFERENT, OPEN) if found[verdict]), EQUAL)
    conditions = tuple(map(str, run.trace.simplified({**run.trace.conditions, **reasons})))
    return Comparison(verdict, case.regime, conditions, tuple(found.get(verdict, ())[:MOST]), **facts)


def _decisions(got, wanted, trace, form):
    """({different: [Difference, …], undecided: […]}, conditions) of all entries, up to the first that differ."""
    decider, found, reasons = Decider(trace, form), {DIFFERENT: [], OPEN: []}, {}
    for number, (have, want) in enumerate(zip(got, wanted, strict=True)):
        for position in np.ndindex(want.shape):
            decision = decider.decide(have[position], want[position])
            reasons.update(dict.fromkeys(decision.conditions))
            if decision.verdict != EQUAL:
                found[decision.verdict].append(_difference(number, position, have[position], want[position], trace))
            if len(found[DIFFERENT]) == MOST:
                return found, reasons
    return found, reasons


def outputs(raw, wanted):
    """The results as one object array for each output; a list that stands for a single array becomes one."""
    if len(wanted) == 1 and isinstance(raw, (list, tuple)) and not are_several(raw, wanted[0].ndim):
        try:
            return [np.array(raw, dtype=object)]
        except ValueError:  # ragged
            pass
    if isinstance(raw, (list, tuple)) and len(raw) == len(wanted):  # nested lists may stand for arrays
        try:
            return [np.array(part, dtype=object) for part in raw]
        except ValueError:
            pass
    return [np.asarray(leaf, dtype=object) for leaf in leaves(raw)]


def are_several(raw, axes):
    """Whether what came, where one result of that many axes belongs, is results and not the parts of one.

    A tuple of one array with these axes is one result, as JAX returns it.
    """
    parts = raw if isinstance(raw, (list, tuple)) else ()
    if isinstance(raw, tuple) and len(raw) == 1:
        return getattr(raw[0], "ndim", 0) == axes > 0
    return len(parts) > 1 and any(getattr(part, "ndim", 0) >= max(axes, 1) for part in parts)


def _facts(run, case):
    names = [str(getattr(argument, "label", argument)) for argument in case.function.arguments]
    return {
        "identifications": run.identifications,
        "events": run.events,
        "mutated": tuple(names[number] for number in run.mutated),
        "aliased": tuple(names[number] for number in run.aliased),
        "execution": run,
    }


def _difference(output, position, got, wanted, trace):
    shown = got if isinstance(got, float) else trace.resolved(got)
    return Difference(
        output,
        tuple(k + 1 for k in position),
        written(shown),
        written(wanted),
        float(trace.number(got)),
        float(trace.number(wanted)),
    )


def paths(operation, kind, call, sizes, reduction="mean", targets="rows", regimes=REGIMES, seeds=(0, 1), dtype=FLOAT64):
    """[Comparison, …], one for each different path that the regimes and seeds lead to, the first found of each."""
    found = {}
    for regime in regimes:
        for seed in seeds:
            comparison = compare(operation, kind, call, sizes, reduction, targets, regime, seed, dtype)
            found.setdefault((comparison.verdict, frozenset(comparison.conditions)), comparison)
    return list(found.values())
