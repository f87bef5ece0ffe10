"""What was measured, for a terminal of 80 columns."""

from report.bench import goals_text, peers, routes_text, tables, verify_text
from report.bench.accuracy import QUANTITIES, SCIPY
from report.bench.machine import named


def text(found):
    """All chapters that there are, below the description of the machine."""
    lines = _machine(found["machine"])
    shown = (("kernels", _kernels), ("derive", _derive), ("accuracy", _accuracy), ("verify", verify_text.text))
    for kind, show in shown:
        if kind in found:
            lines += show(found[kind])
    return "\n".join(lines)


def _machine(machine):
    versions = [f"{name} {number or tables.ABSENT}" for name, number in machine["versions"].items()]
    half = len(versions) // 2
    return [
        f"{named(machine)}, Python {machine['python']}",
        *(", ".join(part) for part in (versions[:half], versions[half:])),
        "Medians of interleaved rounds; 'unclear': the rounds do not agree on a ratio.",
    ]


def _kernels(found):
    lines = tables.underlined("Softmax with cross entropy, forward and backward")
    lines += _seconds(found["cells"]) + tables.underlined("Times as long as nnlib's, the gradient in new memory")
    lines += _ratios(found["cells"], peers.NNLIB) + tables.underlined(
        "Times as long as nnlib's, the gradient into out="
    )
    lines += _ratios(found["cells"], peers.OUT)
    for letter, cells in found["sweeps"].items():
        lines += tables.underlined(f"{letter} alone") + _seconds(cells)
    lines += routes_text.text(found["routes"])
    lines += _threads(found["threads"]) + _memory(found["memory"]) + _linear(found["linear"])
    return lines + goals_text.text(found)


SHORT = {peers.NNLIB: "nnlib", peers.OUT: "out=", peers.DERIVED: "derived", peers.TORCH: "PyTorch", peers.JAX: "JAX"}
SHORT |= {peers.NUMBA: "numba", peers.FLOOR: "floor"}


def _seconds(cells):
    rows = [[tables.shape(cell), *(tables.median(cell["seconds"][name]) for name in SHORT)] for cell in _done(cells)]
    skipped = [f"{tables.shape(cell):16} skipped: {cell['skipped']}" for cell in cells if cell["skipped"]]
    return tables.table(["B×n", *SHORT.values()], rows, 15) + skipped + _noise(cells)


def _done(cells):
    return [cell for cell in cells if not cell["skipped"]]


def _noise(cells):
    most = max((cell["others"] for cell in _done(cells)), default=0)
    return [f"Other processes used up to {most:.0%} of the machine meanwhile."]


def _ratios(cells, of):
    names = [peers.DERIVED, peers.TORCH, peers.JAX, peers.NUMBA, peers.FLOOR]
    rows = [[tables.shape(cell), *(tables.ratio(cell["ratios"][of][name]) for name in names)] for cell in _done(cells)]
    return tables.table(["B×n", *(SHORT[name] for name in names)], rows)


def _threads(found):
    rows = [
        [tables.shape(one), one["contender"], *map(tables.median, one["seconds"].values()), tables.ratio(one["ratio"])]
        for one in found
    ]
    return tables.underlined("Threads") + tables.table(["B×n", "", "1", "2", "1 / 2"], rows)


def _memory(found):
    rows = [[name, *tables.peaks(found["peaks"][name])] for name in found["peaks"]]
    title = f"Peak memory of one pass at {tables.shape(found)}, logits {tables.size(found['logits'])}"
    return tables.underlined(title) + tables.table(["", "tracemalloc", "process", "/ logits"], rows)


def _linear(found):
    rows = []
    for name, spread in found["seconds"].items():
        extra = (
            [tables.size(found["extra"][name]), f"{found['share'][name]:.1%}"] if name in found["extra"] else ["–", "–"]
        )
        times = tables.ratio(found["ratios"][name]) if name in found["ratios"] else "1"
        rows.append([name, tables.median(spread), times, *extra])
    title = "Linear, softmax, cross entropy at {tokens}×{features}×{classes}".format(**found)
    header = ["", "seconds", "/ fused", "extra", "of the logits"]
    return tables.underlined(title) + tables.table(header, rows, 20)


def _derive(found):
    lines = tables.underlined("Deriving and proving, in a new process")
    whole = found["catalogue"]
    parts = ("import", "derive", "certify", "all")
    lines.append(", ".join(f"{part} {tables.seconds(whole[part])}" for part in parts))
    rows = [
        [one["name"], f"{one['proved']} of {one['derivations']}", tables.seconds(one["seconds"])]
        for one in whole["operations"]
    ]
    lines += tables.table(["", "proved", "certify"], rows, 20)
    imported = ", ".join(f"{name} {tables.median(spread)}" for name, spread in found["imports"].items())
    lines += tables.underlined(f"Imports: {imported} on top")
    index = found["index"]
    rows = [
        [f"explicit, n = {one['n']}", _brute(one), *(str(one[key] or "–") for key in ("raw", "simplified"))]
        for one in found["brute"]
    ]
    rows.append(["indices, every n", tables.seconds(index["derive"] + index["certify"]), "", ""])
    title = f"Softmax's Jacobian; {index['derivations']} derivations with certificates in index notation"
    return lines + tables.underlined(title) + tables.table(["", "seconds", "operations", "simplified"], rows, 20)


def _brute(one):
    return f"over {one['patience']} s" if one["seconds"] is None else tables.seconds(one["seconds"])


def _accuracy(found):
    lines = tables.underlined("Worst error in eps; budget: share of (|o − max| + 4) eps, nnlib's")
    names = (peers.NNLIB, peers.DERIVED, peers.TORCH, peers.JAX, peers.NUMBA, SCIPY)
    for quantity in QUANTITIES:
        rows = []
        for one in found:
            label = f"{one['regime']} {one['target']} f{one['dtype'].removeprefix('float')}"
            errors = one["errors"][quantity]
            reason = {None: ""}.get(one["reasons"][quantity], "*")
            rows.append(
                [label, tables.eps(errors[names[0]]) + reason, *(tables.eps(errors[name]) for name in names[1:])]
            )
            if quantity == QUANTITIES[0]:
                rows[-1].append(f"{one['budget'][peers.NNLIB]:.2f}")
        header = [quantity, *names] + (["budget"] if quantity == QUANTITIES[0] else [])
        lines += ["", *tables.table(header, rows, 22)]
    whys = sorted({why for one in found for why in one["reasons"].values() if why})
    return lines + ["", f"* not the smallest: {'; '.join(whys)}"] if whys else lines
