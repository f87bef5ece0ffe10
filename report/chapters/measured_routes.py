"""What fusing saves: operations, bytes, seconds and digits of the fused and the separate routes."""

from report.bench import routes, tables
from report.document import Figure, Paragraph, Section, Table
from report.figures import Panel, panels

SHOWN = (10, 100, 1000, 10000)
NAMED = 1000  # classes of which the answer speaks, where the run has them
DERIVED = (routes.JACOBIANS, routes.VJPS, routes.FUSED)
LIBRARIES = {
    "nnlib": (routes.NNLIB_SEPARATE, routes.NNLIB_FUSED),
    "PyTorch": (routes.TORCH_SEPARATE, routes.TORCH_FUSED),
}


def chapter(found):
    """found: from report.bench.routes."""
    return Section(
        "Why PyTorch fuses: time, memory and digits",
        (
            *_answer(found),
            Figure(
                lambda: figure(found["passes"]["kept"]),
                f"Backward pass of {found['B']} rows, softmax kept: counted operations, most bytes held at once, and"
                " time",
                "Operations, bytes and seconds against classes for three routes, double logarithmic",
                "routes",
            ),
            _backward_table(found),
            _again_table(found),
            _whole_table(found),
            _lost_table(found),
        ),
        "time",
    )


def figure(cells):
    """Operations, bytes and seconds of the derived routes against classes."""
    plots = [
        ("operations", lambda route: route["operations"]),
        ("bytes at most", lambda route: route["bytes"]),
        ("seconds", lambda route: route["seconds"]["median"]),
    ]
    return panels([Panel(title, "classes n", _series(cells, value)) for title, value in plots])


def _series(cells, value):
    """{route: (classes, values)} of the cells that have it."""
    series = {}
    for name in DERIVED:
        there = [(cell["n"], value(cell["routes"][name])) for cell in cells if cell["routes"][name]]
        if there:
            series[name] = tuple(zip(*there, strict=True))
    return series


def _shown(cells):
    return [cell for cell in cells if cell["n"] in SHOWN] or cells


def _named(cells):
    """The cell of which the answer speaks: of NAMED classes, or the last that has every route."""
    whole = [cell for cell in cells if all(cell["routes"].values())] or cells
    return next((cell for cell in whole if cell["n"] == NAMED), whole[-1])


def _answer(found):
    """The question answered with this run's figures."""
    kept, whole = _named(found["passes"]["kept"]), _named(found["passes"]["whole"])
    return (
        Paragraph(
            f"*Operations, bytes, time.* At {found['B']} rows and $n = {kept['n']}$, with the softmax kept from the"
            " forward pass, " + "; ".join(_backward_words(kept)) + "."
        ),
        Paragraph(
            f"*Both passes together*, at $n = {whole['n']}$ and with class indices: one operation after the other"
            f" took {_whole_words(whole)} the fused loss took. In PyTorch the separate route is softmax, logarithm and"
            " the choice of the class; its own cross entropy joins the first two as log-softmax."
        ),
        Paragraph(_lost_words(found["lost"])),
    )


def _backward_words(cell):
    fused = cell["routes"][routes.FUSED]
    for name, words in ((routes.VJPS, "the two VJPs"), (routes.JACOBIANS, "the explicit Jacobians")):
        route = cell["routes"][name]
        if route:
            operations, moved = (tables.fold(route[key] / fused[key]) for key in ("operations", "moved"))
            yield (
                f"{words} take {operations} times the operations of the fused pass, move {moved} times the bytes, and"
                f" took {times(route['ratio'])} as long"
            )


def times(ratio):
    """'2.30 (2.21–2.40) times', or that the rounds do not agree."""
    between = f"somewhere between {ratio['low']:.3g} and {ratio['high']:.3g} times"
    return between if ratio["stated"] is None else f"{tables.quartiles(ratio)} times"


def _whole_words(cell):
    """'nnlib 2.87 (2.80–2.87) times and PyTorch 1.98 (1.80–2.11) times as long as', of those that are there."""
    there = {name: cell["routes"][separate] for name, (separate, _) in LIBRARIES.items() if cell["routes"][separate]}
    spoken = " and ".join(f"{name} {times(route['ratio'])}" for name, route in there.items())
    return f"{spoken} as long as"


def _lost_words(rows):
    """The first scale at which a separate route loses rows, in the narrower type."""
    losing = [row for row in rows if any(row["lost"].values())]
    if not losing:
        return "*Digits.* No route lost a row at the scales of this run."
    row = losing[0]
    shares = {name: share for name, share in row["lost"].items() if share is not None}
    spoken = "; ".join(f"{name}: {tables.share(share)}" for name, share in shares.items())
    return (
        f"*Digits.* At normal logits of scale {row['scale']} in {row['dtype']} a gradient that is not finite comes out"
        f" in so many rows: {spoken}. A probability has underflowed to 0, and the separate route divides by it; the"
        " fused one never does. nnlib's Softmax refuses such a gradient; PyTorch hands it on."
    )


def _backward_table(found):
    rows = []
    for cell in _shown(found["passes"]["kept"]):
        for name in DERIVED:
            rows.append([f"${cell['n']}$", name, *_costs(cell["routes"][name])])
    header = ("$n$", "route", "operations", "bytes moved", "bytes held", "time", "ratio to fused")
    caption = (
        f"Backward pass of {found['B']} rows in {found['dtype']}, softmax kept: operations and bytes moved as counted,"
        " the most bytes held at once and the time as measured; the Jacobians are not tried where they do not fit"
    )
    return Table(header, rows, caption, "rlrrrrr")


def _costs(route):
    if route is None:
        return ["–"] * 5
    ratio = "1" if route["ratio"] is None else tables.ratio_spread(route["ratio"])
    sizes = map(tables.size, (route["moved"], route["bytes"]))
    return [f"{route['operations']:,}", *sizes, tables.median(route["seconds"]), ratio]


def _again_table(found):
    names = (routes.JACOBIANS, routes.VJPS, routes.NNLIB_SEPARATE)
    rows = []
    for cell in _shown(found["passes"]["again"]):
        fused = [tables.median(cell["routes"][name]["seconds"]) for name in (routes.FUSED, routes.NNLIB_FUSED)]
        ratios = [
            "–" if cell["routes"][name] is None else tables.ratio_spread(cell["routes"][name]["ratio"])
            for name in names
        ]
        rows.append([f"${cell['n']}$", fused[0], *ratios[:2], fused[1], ratios[2]])
    header = ("$n$", "derived, fused", "Jacobians", "VJPs", "nnlib, fused", "nnlib, separate")
    caption = (
        "The same, softmax computed again from the logits: time of the fused pass, and how many times as long the"
        " separate one takes; nnlib also checks its arguments, once in the fused pass and twice in the separate one"
    )
    return Table(header, rows, caption, "rrrrrr")


def _whole_table(found):
    cells = _shown(found["passes"]["whole"])
    rows = [
        [library, f"${cell['n']}$", *_compared(*(cell["routes"][name] for name in names))]
        for library, names in LIBRARIES.items()
        for cell in cells
    ]
    header = ("library", "$n$", "fused", "separate", "ratio", "bytes, fused", "bytes, separate")
    caption = (
        f"Forward and backward pass of {found['B']} rows in {found['dtype']}, class indices: time, and most bytes held"
        " at once by NumPy; PyTorch's memory is not traced"
    )
    return Table(header, rows, caption, "lrrrrrr")


def _compared(separate, fused):
    """Times, their ratio, and bytes."""
    if fused is None:
        return [tables.ABSENT] * 5
    both = fused, separate
    memory = ["–" if route["bytes"] is None else tables.size(route["bytes"]) for route in both]
    return [*(tables.median(route["seconds"]) for route in both), tables.ratio_spread(separate["ratio"]), *memory]


def _lost_table(found):
    rows = [[str(row["scale"]), row["dtype"], *map(tables.share, row["lost"].values())] for row in found["lost"]]
    caption = (
        f"Share of {found['lost'][0]['rows']} rows of normal logits whose gradient is not finite; of nnlib's separate"
        " route the gradient that its loss hands on to its softmax"
    )
    return Table(("scale", "type", *found["lost"][0]["lost"]), rows, caption, "rlrrrr")
