"""The chapters that come from a benchmark run: what fusing saves, other libraries, accuracy, deriving, judging."""

from report.bench import saved, tables
from report.bench.machine import named
from report.chapters import (
    measured_accuracy,
    measured_deriving,
    measured_goals,
    measured_judging,
    measured_kernels,
    measured_routes,
    measured_targets,
)
from report.document import CodeBlock, Paragraph, Section

COMMAND = "gradproof bench all -o docs/measurements.json"


@saved.expected()
def cost_chapters(run):
    """Seconds and bytes. run: as report.bench.saved reads it; None: the section says which command makes one."""
    if run is None:
        return (_without_run(),)
    if "kernels" not in run:
        return ()
    kernels = run["kernels"]
    chapters = (
        measured_routes.chapter(kernels["routes"]),
        measured_kernels.chapter(kernels),
        measured_kernels.sizes_chapter(kernels),
        measured_targets.chapter(kernels),
        measured_goals.chapter(kernels),
    )
    first = chapters[0]
    return (Section(first.title, (*_conditions(run), *first.blocks), first.label), *chapters[1:])


@saved.expected()
def other_chapters(run):
    """Accuracy, deriving and judging, each where the run has it."""
    made = (("accuracy", measured_accuracy), ("derive", measured_deriving), ("verify", measured_judging))
    return tuple(module.chapter(run[kind]) for kind, module in made if run and kind in run)


def _without_run():
    return Section(
        "Time and memory",
        (
            Paragraph(
                "The counts above are exact. What they mean in seconds and bytes is measured once and kept in a file,"
                " and none was found when this report was built. This command makes it, in about a quarter of an hour:"
            ),
            CodeBlock(COMMAND),
        ),
        "time",
    )


def _conditions(run):
    """The machine, the versions, and how to read a ratio."""
    words = (
        f"Seconds and bytes were measured in a run that is kept with the report, made by `{COMMAND}` on"
        f" {_machine(run['machine'])}. Contenders take turns in every round; times are medians over the rounds. A ratio"
        " is taken within each round, and stands with its quartiles in brackets; it is *unclear* where these are"
        " further apart than what it claims."
    )
    if run.get("quick"):
        words += " *This run was a trial of tiny sizes and two rounds: its figures say nothing about speed.*"
    return (Paragraph(words),)


def _machine(machine):
    """Processor, cores, memory, system and versions, as words."""
    memory = f", {machine['memory'] / 2**30:.0f} GiB of memory" if machine["memory"] else ""
    versions = machine["versions"]
    there = ", ".join(f"{name} {number}" for name, number in versions.items() if number)
    absent = [name for name, number in versions.items() if not number]
    missing = f"; {', '.join(absent)} {tables.ABSENT}" if absent else ""
    system = machine["system"].split("-")[0]
    return (
        f"{named(machine)}{memory}, {system}, Python {machine['python']}"
        f" ({there}{missing})"
    )
