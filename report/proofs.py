"""What is proved: every derivation's certificate, its hypotheses with their counterexamples, and nnlib's own code."""

from derivations.certificate import certify
from derivations.counterexample import counterexample
from derivations.printing import text
from report.catalogue import ROWS, row


def proofs(name=None):
    """All certificates, or those of one operation, as a dict that JSON can hold; "proved": whether all are."""
    rows = [row(name)] if name else ROWS
    found = {"operations": [_operation(one) for one in rows]}
    found["proved"] = all(entry["proved"] for entry in found["operations"])
    return found


def _operation(one):
    derivations = [_derivation(derivation) for derivation in one.operation.derivations]
    return {"name": one.name, "derivations": derivations, "proved": all(entry["proved"] for entry in derivations)}


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
        rows.append("")
    total = [derivation for entry in found["operations"] for derivation in entry["derivations"]]
    proved = sum(derivation["proved"] for derivation in total)
    rows.append(f"{proved} of {len(total)} derivations proved for all sizes")
    return "\n".join(rows)


def _derivation_rows(derivation):
    title = derivation["name"].split(": ", 1)[-1]
    sizes = ", ".join(f"{name} ≤ {most}" for name, most in derivation["decides"].items())
    facts = f"{derivation['lines']} lines, r = {derivation['r']}, D = {derivation['D']}"
    verdict = f"proved, {sizes} decides" if derivation["proved"] else derivation["verdict"]
    rows = [f"  {title}", f"      {facts}: {verdict}"]
    return rows + [f"      if {hypothesis['text']}" for hypothesis in derivation["hypotheses"]]
