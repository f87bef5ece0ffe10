"""Fused against separate, for a terminal of 80 columns."""

from report.bench import tables

PASSES = {
    "kept": "Backward pass of {B} rows, softmax kept from the forward pass",
    "again": "Backward pass of {B} rows, softmax computed again",
    "whole": "Forward and backward pass of {B} rows, class indices",
}


def text(found):
    """A table a pass, and one of the rows that each route loses."""
    lines = []
    for key, title in PASSES.items():
        lines += tables.underlined(title.format(**found)) + tables.table(HEADER, list(_rows(found["passes"][key])), 22)
    return lines + _lost(found["lost"])


HEADER = ["", "n", "seconds", "/ fused", "peak", "operations"]


def _rows(cells):
    for cell in cells:
        for name, route in cell["routes"].items():
            yield [name, str(cell["n"]), *shown(route)]


def shown(route):
    """Seconds, ratio to the fused route, peak bytes and operations as cells; '–' for what was not measured."""
    if route is None:
        return ["–"] * 4
    times = "1" if route["ratio"] is None else tables.ratio(route["ratio"])
    peak = "–" if route["bytes"] is None else tables.size(route["bytes"])
    return [tables.median(route["seconds"]), times, peak, f"{route['operations']:,}" if "operations" in route else "–"]


def _lost(found):
    rows = []
    for one in found:
        label = f"scale {one['scale']} f{one['dtype'].removeprefix('float')}"
        rows.append([label, *(tables.share(share) for share in one["lost"].values())])
    header = ["", *(name.replace("separate", "sep.") for name in found[0]["lost"])]
    title = f"Rows of {found[0]['rows']} whose gradient is not finite"
    return tables.underlined(title) + tables.table(header, rows)
