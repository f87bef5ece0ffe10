"""A verdict without what would be right: no formula, no number, and in general words what is said in symbols."""

import re
from dataclasses import replace

IN_GENERAL = {
    "missing-term": "a term or a factor is missing",
    "extra-term": "a term or a factor is there that does not belong",
    "operator-swapped": "an operation is exchanged for another, or a sign",
    "wrong-axis": "a sum runs over the wrong axis, or lies along it",
    "mean-for-sum": "a mean stands where a sum belongs",
    "normaliser": "it is divided by another number than the definition's",
    "bias-summed-over-all": "the gradient of a bias is summed over more than the batch",
    "transpose": "a transpose too many or too few",
    "wrong-array": "one array stands where another belongs",
    "wrong-index": "an index names other entries than it should",
    "delta-over-p": "it is divided by a number that can be 0",
    "softmax-missing": "what is not yet normalised stands where probabilities belong",
    "upstream-sign": "the sign of the upstream gradient is lost",
}
OTHERWISE = "the result is another function of the inputs"
SYMBOLS = re.compile(r"\w\[[^\]]*[a-z][^\]]*\]|Σ|\^|\w − \w stands")  # g[b,k], and not the entry x[0,0]


def without_spoilers(verdict):
    """The same Verdict, with formulas removed from its diagnoses and its summary."""
    told = tuple(_in_general(x) for x in verdict.diagnosis)
    summary = verdict.summary
    for before, after in zip(verdict.diagnosis, told, strict=True):
        summary = summary.replace(before.sentence, after.sentence)
    return replace(verdict, diagnosis=told, summary=summary)


def _in_general(diagnosis):
    words, evidence = diagnosis.sentence, diagnosis.evidence
    if SYMBOLS.search(words):
        words = IN_GENERAL.get(diagnosis.id, OTHERWISE)
    return replace(diagnosis, formula="", sentence=words, evidence="" if SYMBOLS.search(evidence) else evidence)
