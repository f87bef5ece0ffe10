"""What was verified: for each operation its derivations, the sizes that decide them, and the agreement with nnlib."""

from derivations.registry import operation
from report.chapters.pieces import chain, plain
from report.document import Paragraph, Section, Table

SHOWN = ("softmax", "cce", "softmax-cce", "network")


def verification_chapter(proofs, agreements):
    """proofs: from report.proofs; agreements: {operation: its worst Agreement}."""
    derived = [derivation for entry in proofs["operations"] for derivation in entry["derivations"]]
    proved = sum(derivation["proved"] for derivation in derived)
    hypotheses = [(d["name"], h) for d in derived for h in d["hypotheses"]]
    return Section(
        "Verification",
        (
            Paragraph(
                f"{proved} of {len(derived)} derivations are proved for all sizes. Each line was compared with the one"
                " before it at every size up to those listed, which decide it; $r$ is the number of free letters of one"
                " size and $D$ the most sums in one product (the [appendix](#proved) has the argument)."
            ),
            Table(
                ("derivation", "lines", "$r$", "$D$", "decided by", "verdict"),
                [_row(derivation) for derivation in derived],
                "The derivations and their certificates",
                "lrrrll",
            ),
            Table(
                ("operation", "worst kind", "shape", "type", "share of the budget", "paths proved"),
                [_agreement(entry, agreements[entry["name"]]) for entry in proofs["operations"]],
                "Derived functions and nnlib on random inputs, both types, seven shapes: the largest difference as a"
                " share of what rounding can do there (twice the running error bound of the derived function)",
                "llllrr",
            ),
            Paragraph(
                "*nnlib's own source* was run, unchanged, on exact numbers, and what it returned equals the definition"
                f" without a tolerance: {sum(entry['code']['proved'] for entry in proofs['operations'])} of"
                f" {len(proofs['operations'])} operations, at the shapes {_shapes(proofs)} and at the sizes that"
                " decide its derivations, on as many different paths"
                " through its branches as the table says."
            ),
            Paragraph("*Hypotheses.* Each is needed. Where it is dropped, the step that uses it fails:"),
            Table(
                ("derivation", "without"),
                [(name, _words(hypothesis["without"])) for name, hypothesis in hypotheses],
                "The smallest counterexample to each derivation without each of its hypotheses",
                "ll",
            ),
        ),
    )


def _row(derivation):
    sizes = ", ".join(rf"{name} \leq {most}" for name, most in derivation["decides"].items())
    verdict = "proved" if derivation["proved"] else derivation["verdict"]
    return [derivation["name"], *(str(derivation[key]) for key in ("lines", "r", "D")), f"${sizes}$", verdict]


def _agreement(entry, found):
    code = entry["code"]
    paths = str(code["paths"]) if code["proved"] else "refused"
    return [entry["name"], found.kind, "{} × {}".format(*found.shape), found.dtype, plain(found.share), paths]


def _shapes(proofs):
    return ", ".join("{} × {}".format(*shape) for shape in proofs["operations"][0]["code"]["shapes"])


def _words(sentence):
    return sentence.removeprefix("without ")


def appendix(proofs):
    """Every derivation of the catalogue that no chapter showed."""
    blocks = []
    for entry in proofs["operations"]:
        if entry["name"] in SHOWN:
            continue
        found = operation(entry["name"])
        blocks.append(Paragraph(f"*{found.title}* (`{found.name}`)."))
        blocks += [chain(derivation) for derivation in found.derivations]
    return Section("The other derivations", tuple(blocks))
