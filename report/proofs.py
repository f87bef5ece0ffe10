"""What is proved: every derivation's certificate, its hypotheses with their counterexamples, and nnlib's own code."""

from operator import le
from textwrap import wrap

from derivations.certificate import certify
from derivations.counterexample import counterexample
from derivations.printing import text
from report.catalogue import ROWS, row
from report.code_proofs import SHAPES, code_proof


def proofs(name=None):
    """All certificates, or those of one operation, as a dict that JSON can hold; "proved": whether all are."""
    rows = [row(name)] if name else ROWS
    found = {"operations": [_operation(one) for one in rows]}
    found["proved"] = all(entry["proved"] for entry in found["operations"])
    return found


def _operation(one):
    derivations = [_derivation(derivation) for derivation in one.operation.derivations]
    code = code_proof(one, _shapes([derivation["decides"] for derivation in derivations]))
    proved = code.proved and all(entry["proved"] for entry in derivations)
    return {"name": one.name, "derivations": derivations, "code": _code(one, code), "proved": proved}


def _shapes(decides):
    """The usual shapes, and the sizes that decide the derivations where those are larger."""
    largest = tuple(max((sizes.get(name, 1) for sizes in decides), default=1) for name in ("B", "n"))
    covered = any(all(map(le, largest, shape)) for shape in SHAPES)
    return SHAPES if covered else (*SHAPES, largest)


def _code(one, code):
    return {
        "classes": [module.__name__ for module in one.classes],
        "proved": code.proved,
        "shapes": [list(shape) for shape in code.shapes],
        "paths": code.paths,
        "refused": list(code.refused),
        "identified": list(code.identified),
        "verdict": code.words,
    }


def _derivation(derivation):
    certificate = certify(derivation)
    return {
        "name": derivation.name,
        "start": text(derivation.start),
        "claim": text(derivation.claim),
        "lines": len(derivation.lines),
        "r": certificate.free,
        "D": certificate.sums,
        "decides": certificate.decides,
        "proved": certificate.proved,
        "verdict": certificate.verdict,
        "hypotheses": [_hypothesis(derivation, hypothesis) for hypothesis in derivation.hypotheses],
    }


def _hypothesis(derivation, hypothesis):
    return {"text": hypothesis.text, "without": counterexample(derivation, hypothesis).words}


def proofs_text(found):
    """The certificates for a terminal of 80 columns: a line a derivation, its hypotheses below."""
    rows = []
    for entry in found["operations"]:
        rows.append(entry["name"])
        for derivation in entry["derivations"]:
            rows += _derivation_rows(derivation)
        rows += _filled(f"  nnlib.{', nnlib.'.join(entry['code']['classes'])}: {entry['code']['verdict']}")
        rows.append("")
    total = [derivation for entry in found["operations"] for derivation in entry["derivations"]]
    proved = sum(derivation["proved"] for derivation in total)
    rows.append(f"{proved} of {len(total)} derivations proved for all sizes")
    codes = [entry["code"]["proved"] for entry in found["operations"]]
    rows.append(
        f"nnlib's code proved for {sum(codes)} of {len(codes)} operations, at the shapes and on the paths above"
    )
    return "\n".join(rows)


def _filled(words, width=80):
    return wrap(words, width, subsequent_indent="      ")


def _derivation_rows(derivation, width=80):
    """'  title   9 lines  r 1  D 2  n≤3  proved', the title on a line of its own where it is long; hypotheses below."""
    title = derivation["name"].split(": ", 1)[-1]
    verdict = "proved" if derivation["proved"] else derivation["verdict"]
    facts = f"{derivation['lines']:2} lines  r {derivation['r']}  D {derivation['D']}  {_bounds(derivation)}  {verdict}"
    rows = [f"  {title:36}{facts}"] if len(title) <= 34 else [f"  {title}", f"{'':38}{facts}"]
    rows += [f"      if {hypothesis['text']}" for hypothesis in derivation["hypotheses"]]
    return [part for row in rows for part in ([row] if len(row) <= width else wrap(row, width, subsequent_indent="  "))]


def _bounds(derivation):
    """'B,m≤1 n≤3': the sizes that decide, those with one bound together."""
    found = {}
    for name, most in derivation["decides"].items():
        found.setdefault(most, []).append(name)
    return " ".join(f"{','.join(names)}≤{most}" for most, names in sorted(found.items())) or "any size"
