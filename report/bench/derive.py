"""What deriving and proving costs: the whole catalogue cold, imports, and the route without index notation by size."""

import time

from report.bench.cold import cold
from report.bench.timing import Spread

SIZES, QUICK_SIZES = (2, 3, 4), (2,)
PATIENCE = 120  # seconds for one size of the route by explicit matrices
QUICK = ("relu", "softmax")
COMPARED = "softmax"
HERE = "report.bench.derive"


def measured(quick=False):
    """The tables of this chapter as a dict that JSON can hold; quick: two operations, n = 2, one import."""
    return {
        "catalogue": cold(HERE, "catalogue", QUICK if quick else None),
        "imports": imports(1 if quick else 7),
        "brute": [brute(n) for n in (QUICK_SIZES if quick else SIZES)],
        "index": cold(HERE, "index_notation", COMPARED),
    }


def catalogue(names=None):
    """Seconds to import, derive and certify, in all and by operation; call it in a new process.

    Deriving happens when the modules of the operations are imported.
    """
    start = time.perf_counter()
    import sympy  # noqa: F401  (the time of this import is what is wanted)

    imported = time.perf_counter()
    from derivations.certificate import certify
    from derivations.registry import operations

    found = [operation for name, operation in operations().items() if names is None or name in names]
    derived = time.perf_counter()
    rows = [_certified(operation, certify) for operation in found]
    return {
        "import": imported - start,
        "derive": derived - imported,
        "certify": time.perf_counter() - derived,
        "all": time.perf_counter() - start,
        "operations": rows,
    }


def _certified(operation, certify):
    start = time.perf_counter()
    proved = sum(certify(derivation).proved for derivation in operation.derivations)
    seconds = time.perf_counter() - start
    return {"name": operation.name, "derivations": len(operation.derivations), "proved": proved, "seconds": seconds}


def imports(rounds=7):
    """Quartiles of the seconds to import numpy, and nnlib after it, each time in a new process."""
    found = [cold("report.bench.imports", "import_seconds") for _ in range(rounds)]
    return {name: vars(Spread.of([one[name] for one in found])) for name in found[0]}


def brute(n, patience=PATIENCE):
    """Softmax by an explicit n×n Jacobian and `simplify`, in a new process: {"n", "seconds", "operations", …}.

    Seconds are None where it took longer than patience.
    """
    found = cold(HERE, "explicit_jacobian", n, timeout=patience)
    return {"n": n, "patience": patience, **(found or {"seconds": None, "raw": None, "simplified": None})}


def explicit_jacobian(n):
    """Seconds for ∂p_i/∂o_j, all n² of them, and simplify; operations before and after, as SymPy counts them."""
    import sympy

    o = sympy.symbols(f"o1:{n + 1}", real=True)
    start = time.perf_counter()
    total = sum(map(sympy.exp, o))
    jacobian = sympy.Matrix([sympy.exp(entry) / total for entry in o]).jacobian(o)
    simple = jacobian.applyfunc(sympy.simplify)
    seconds = time.perf_counter() - start
    raw, simplified = (sum(map(sympy.count_ops, matrix)) for matrix in (jacobian, simple))
    return {"seconds": seconds, "raw": int(raw), "simplified": int(simplified)}


def index_notation(name):
    """Seconds to derive and certify one operation for every n, SymPy loaded; call it in a new process."""
    import sympy  # noqa: F401  (not to be counted)

    from derivations.certificate import certify  # the rules and notation are loaded with it

    start = time.perf_counter()
    from importlib import import_module

    from derivations.operation import Operation

    values = vars(import_module(f"derivations.{name}")).values()
    operation = next(value for value in values if isinstance(value, Operation))
    derived = time.perf_counter() - start
    row = _certified(operation, certify)
    return {**row, "derive": derived, "certify": row.pop("seconds")}
