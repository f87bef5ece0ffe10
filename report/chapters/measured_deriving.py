"""Deriving: what it costs, cold, and what the route without index notation costs."""

from report.bench import tables
from report.document import Paragraph, Section, Table


def chapter(found):
    """found: from report.bench.derive."""
    whole, imports = found["catalogue"], found["imports"]
    return Section(
        "Deriving",
        (
            Paragraph(
                f"In a new process SymPy is imported in {tables.seconds(whole['import'])}; {len(whole['operations'])}"
                f" operations are derived in {tables.seconds(whole['derive'])}, and every line of theirs is proved in"
                f" {tables.seconds(whole['certify'])}. To import NumPy takes {tables.median(imports['numpy'])},"
                f" nnlib on top of it {tables.median(imports['nnlib'])}."
            ),
            _operations_table(whole),
            _brute_table(found),
        ),
        "deriving",
    )


def _operations_table(whole):
    rows = [
        [one["name"], f"{one['proved']} of {one['derivations']}", tables.seconds(one["seconds"])]
        for one in whole["operations"]
    ]
    return Table(("operation", "proved", "time"), rows, "Time to prove the derivations of each operation", "lrr")


def _brute_table(found):
    index = found["index"]
    rows = [
        [f"entry by entry, $n = {one['n']}$", _brute(one), *(str(one[key] or "–") for key in ("raw", "simplified"))]
        for one in found["brute"]
    ]
    rows.append(["with indices, every $n$", tables.seconds(index["derive"] + index["certify"]), "–", "–"])
    caption = (
        f"Softmax: all entries of the Jacobian differentiated and simplified one by one, against {index['derivations']}"
        " derivations and their proofs in index notation; operations as SymPy counts them before and after"
    )
    return Table(("route", "time", "operations", "simplified"), rows, caption, "lrrr")


def _brute(one):
    return f"over {one['patience']} s" if one["seconds"] is None else tables.seconds(one["seconds"])
