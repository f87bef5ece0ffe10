"""Verdicts of the judge: on passes of the catalogue, and on what PyTorch and JAX compute themselves."""

import time
from functools import partial

from report.bench.gradient_checkers import words
from report.bench.machine import installed
from report.passes.registry import catalogue

RAISED, SILENT = "raised", "no answer"  # instead of a verdict: the judge itself failed
CROSS_ENTROPY = "cross entropy by jax.nn.log_softmax"


def judge(*question, **passes):
    """`derivations.verify`."""
    from derivations import verify

    return verify(*question, **passes)


def prepare():
    """Import what a first verdict would import."""
    import derivations.judge.verify  # noqa: F401  (its time is not a verdict's)

    catalogue()


def judged_passes():
    """The passes of the catalogue whose operation has a definition; weights of rows have none."""
    return [entry for entry in catalogue() if "weights" not in entry.options]


def left_out():
    """The names of the others."""
    return [entry.name for entry in catalogue() if "weights" in entry.options]


def pass_verdict(name):
    """The answer (see `answered`) on the pass of that name."""
    entry = next(entry for entry in catalogue() if entry.name == name)
    options = {key: value for key, value in entry.options.items() if key != "cached"}  # the judge sees that itself
    if entry.kind == "object":
        return answered(partial(judge, entry.function, against=entry.operation, **options))
    return answered(partial(judge, entry.operation, **{entry.kind: entry.function}, **options))


def answered(ask):
    """{"status", "ids": diagnoses, the likeliest first, "notes", "why", "seconds"} of ask(), which gives a Verdict."""
    start = time.perf_counter()
    try:
        verdict = ask()
    except Exception as error:  # that the judge fails is a result of this benchmark
        seconds = time.perf_counter() - start
        return {"status": RAISED, "ids": [], "notes": [], "why": words(error), "seconds": seconds}
    seconds = time.perf_counter() - start
    ids, notes = [diagnosis.id for diagnosis in verdict.diagnosis], list(map(str, verdict.notes))
    return {"status": verdict.status, "ids": ids, "notes": notes, "why": verdict.summary, "seconds": seconds}


def silent(patience):
    """The answer where there was none."""
    why = f"the process ended, or took longer than {patience} s"
    return {"status": SILENT, "ids": [], "notes": [], "why": why, "seconds": float(patience)}


FRAMEWORKS = {  # what is judged: (package, operation, targets)
    "torch.softmax": ("torch", "softmax", "rows"),
    "torch.log_softmax": ("torch", "log-softmax", "rows"),
    "torch cross_entropy, rows": ("torch", "softmax-cce", "rows"),
    "torch cross_entropy, indices": ("torch", "softmax-cce", "indices"),
    "jax.nn.softmax": ("jax", "softmax", "rows"),
    "jax.nn.log_softmax": ("jax", "log-softmax", "rows"),
    CROSS_ENTROPY: ("jax", "softmax-cce", "rows"),
}


def framework_verdict(name):
    """{"function", "operation", …answer} for one of FRAMEWORKS, None in place of the answer where it is absent."""
    package, operation, targets = FRAMEWORKS[name]
    row = {"function": name, "operation": operation}
    if installed(package) is None:
        return {**row, "status": None, "ids": [], "notes": [], "why": f"{package} is absent", "seconds": None}
    return {**row, **answered(partial(judge, operation, **framework_passes(name), targets=targets))}


def framework_passes(name):
    """{kind: NumPy function} of one of FRAMEWORKS."""
    from derivations.judge.frameworks import jax_passes, torch_passes

    package, operation, _ = FRAMEWORKS[name]
    wrap = {"torch": torch_passes, "jax": jax_passes}[package]
    return wrap(_functions(package)[operation])


def _functions(package):
    """{operation: the framework's function}."""
    if package == "torch":
        import torch

        return {
            "softmax": partial(torch.softmax, dim=1),
            "log-softmax": partial(torch.log_softmax, dim=1),
            "softmax-cce": torch.nn.functional.cross_entropy,
        }
    import jax

    def cross_entropy(o, y):
        return -(y * jax.nn.log_softmax(o)).sum(axis=1).mean()

    return {"softmax": jax.nn.softmax, "log-softmax": jax.nn.log_softmax, "softmax-cce": cross_entropy}
