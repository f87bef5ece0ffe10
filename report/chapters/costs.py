"""What the fused and the separate backward pass cost in operations and memory, and why one vectorises."""

from derivations.counting import counts
from derivations.routes import FORWARD, routes
from report.chapters.pieces import polynomial, seconds
from report.document import Figure, Paragraph, Section, Table
from report.figures import log_log

CLASSES = (2, 3, 5, 10, 20, 50, 100, 200, 500, 1000)
ROWS = 64


def counts_chapter(comparison):
    """comparison: from report.counts, with the executed counts in it."""
    runs = [run for entry in comparison["routes"] for run in entry["executed"]]
    equal = sum(run["equal"] for run in runs)
    return Section(
        "Operation counts",
        (
            Paragraph(
                "Three routes lead to the same gradient: separate, with the Jacobian of every row as a matrix;"
                " separate, as two VJPs; and fused. Comparing with the first alone would flatter fusion: nobody needs"
                " the matrix. An operation is one addition, multiplication and so on of two numbers; subtractions count"
                " as additions, masks and maxima as comparisons. The counts are read from the expressions of the"
                " derivations: a subexpression is computed once for each value of its free letters."
            ),
            _table(False, "Operations of the backward pass, softmax computed again from the logits"),
            _table(True, "Operations of the backward pass, softmax kept from the forward pass"),
            Paragraph(
                f"The forward pass of softmax takes {polynomial(sum(counts(FORWARD).operations.values()))} operations,"
                " which all three routes share if they keep its result. The counts were compared with those of the"
                " operations that NumPy executed, kind by kind, while the derived functions and nnlib's own backward"
                f" passes ran: {equal} of {len(runs)} runs at {len({(r['B'], r['n']) for r in runs})} sizes were equal."
            ),
            Figure(
                _operations_figure,
                f"Operations of the backward pass for {ROWS} rows, softmax kept; the Jacobian route grows with the"
                " square of the number of classes",
                "Operations against classes for three routes, double logarithmic",
                "operations",
            ),
            _memory_table(),
        ),
    )


def _table(shared, caption):
    found = {title: counts(function) for title, function in routes(shared).items()}
    kinds = [
        kind for kind in ("add", "mul", "div", "exp", "compare") if any(kind in c.operations for c in found.values())
    ]
    rows = [[kind, *(polynomial(c.operations.get(kind, 0)) for c in found.values())] for kind in kinds]
    rows.append(["together", *(polynomial(sum(c.operations.values())) for c in found.values())])
    return Table(("kind", *found), rows, caption, "l" + "r" * len(found))


def _memory_table():
    rows = []
    for shared in (False, True):
        for title, function in routes(shared).items():
            found = counts(function)
            rows.append(
                [title, "kept" if shared else "again", *map(polynomial, (found.read, found.written, found.largest))]
            )
    header = ("route", "softmax", "read", "written", "largest temporary")
    return Table(header, rows, "Memory traffic in array elements, each operation reading and writing memory", "llrrr")


def _operations_figure():
    series = {}
    for title, function in routes(True).items():
        total = sum(counts(function).operations.values())
        sizes = {symbol.name: symbol for symbol in total.free_symbols}
        series[title] = (CLASSES, [int(total.subs({sizes["B"]: ROWS, sizes["n"]: n})) for n in CLASSES])
    return log_log(series, "classes n", "operations")


def vectorise_chapter(timings):
    """timings: from report.vectorise.measure."""
    table = {}
    for timing in timings:
        table.setdefault(timing.batch, {})[timing.version] = timing.seconds
    rows = []
    for batch, found in table.items():
        whole = found["whole batch"]
        ratios = [f"{found[name] / whole:.0f}" if name in found else "–" for name in ("loops", "row by row")]
        rows.append([str(batch), *(seconds(found[v]) if v in found else "–" for v in _VERSIONS), *ratios])
    return Section(
        "Why vectorise",
        (
            _answer(table),
            Table(
                ("$B$", *_VERSIONS, "loops / whole", "rows / whole"),
                rows,
                "Forward and backward pass of the network 64 – 48 – 10, median of seven interleaved rounds",
                "rrrrrr",
            ),
            Figure(
                lambda: _timing_figure(table),
                "Time of one forward and backward pass",
                "Seconds against batch size for three versions, double logarithmic",
                "vectorise",
            ),
        ),
    )


_VERSIONS = ("loops", "row by row", "whole batch")


def _answer(table):
    """The assignment's first question, answered with the figures of this run."""
    first, last = min(table), max(b for b, found in table.items() if "loops" in found)
    ratio = {b: table[b]["loops"] / table[b]["whole batch"] for b in (first, last)}
    rows = table[last]["row by row"] / table[last]["whole batch"]
    growth = table[last]["whole batch"] / table[first]["whole batch"]
    return Paragraph(
        "*Why do we want to vectorise the forward and backward passes?* Because the interpreter is paid for each call"
        f" and not for each number. At $B = {last}$, entry-by-entry loops took {ratio[last]:.0f} times as long as one"
        f" pass over the whole batch, and a NumPy call for each row {rows:.0f} times as long; at $B = {first}$ the"
        f" loops took {ratio[first]:.1f} times as long. The whole batch makes the same number of NumPy calls for every"
        f" $B$: from $B = {first}$ to {last} its time grew {growth:.1f}-fold, for {last // first} times the work."
    )


def _timing_figure(table):
    series = {}
    for version in _VERSIONS:
        batches = [batch for batch, found in table.items() if version in found]
        series[version] = (batches, [table[batch][version] for batch in batches])
    return log_log(series, "rows of the batch B", "seconds")
