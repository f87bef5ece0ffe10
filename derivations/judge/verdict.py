"""What the judge says: a verdict, what is probably wrong, the smallest counterexample; as data or in words."""

from dataclasses import asdict, dataclass, field, fields

import numpy as np

from derivations.judge.without_spoilers import without_spoilers
from derivations.judge.words import verdict_text

PROVED, VERIFIED, REFUTED, ABSTAINED = "proved", "verified", "refuted", "abstained"
ACCEPTED = (PROVED, VERIFIED)


@dataclass(frozen=True)
class Diagnosis:
    """One mistake that explains what was found.

    id: of the catalogue of mistakes; sentence: what is wrong, for people; evidence: what shows it; where: the kind and
    output that it is about; formula: what would be right; hints: towards it, each telling more than the one before;
    convention: whether it is a convention (a sum for a mean) and no error of the mathematics.
    """

    id: str
    sentence: str
    evidence: str
    where: str = ""
    formula: str = ""
    hints: tuple[str, ...] = ()
    convention: bool = False


@dataclass(frozen=True)
class Counterexample:
    """The smallest input found on which the code is wrong.

    inputs: {name: array}; got, want: the output in question, got None where there is none; index: of its worst entry,
    0-based as in NumPy; kind, output: which of the answers; regime: what kind of input it is; raised: what the code
    does instead of answering, "raises …" or "returns …"; before: the inputs of a call before this one, where the code
    remembers it. Of an input that the code changes, got and want are its numbers after and before the call.
    """

    kind: str
    output: str
    regime: str
    inputs: dict[str, np.ndarray]
    got: np.ndarray | None
    want: np.ndarray
    index: tuple[int, ...] | None
    raised: str = ""
    before: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """The judge's answer about one operation.

    status: "proved", "verified", "refuted" or "abstained"; judged: the kinds that were given ("value", "vjp", …);
    diagnosis: most likely first; summary: one sentence; notes: what is not an error and worth knowing;
    checks: what was tried, in words; seconds: it took.
    """

    operation: str
    status: str
    summary: str
    judged: tuple[str, ...] = ()
    diagnosis: tuple[Diagnosis, ...] = ()
    counterexample: Counterexample | None = None
    notes: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)

    @property
    def accepted(self):
        """Whether the code is proved or verified."""
        return self.status in ACCEPTED

    @property
    def refuted(self):
        """Whether the code is shown to be wrong."""
        return self.status == REFUTED

    def require(self):
        """Nothing where the code is proved or verified; AssertionError with the whole explanation otherwise."""
        if not self.accepted:
            raise AssertionError(self.text())

    def text(self, spoilers=True):
        """The explanation for a terminal; without spoilers what would be right is kept back."""
        return verdict_text(self if spoilers else without_spoilers(self), spoilers)

    def __str__(self):
        return self.text()

    def as_dict(self, spoilers=True):
        """The verdict as JSON can hold it; numbers that JSON cannot hold are strings: "nan", "-inf", "(1+0j)"."""
        found = asdict(self if spoilers else without_spoilers(self))
        if self.counterexample is not None:
            found["counterexample"] = _plain(found["counterexample"])
        if not spoilers:
            if found["counterexample"]:
                del found["counterexample"]["want"]
            for diagnosis in found["diagnosis"]:
                del diagnosis["formula"]
        return _lists(found)

    @classmethod
    def from_dict(cls, found):
        """The verdict that `as_dict` wrote, spoilers and all. Raises: ValueError for anything else."""
        try:
            example = found["counterexample"]
            return cls(
                **{
                    **{x.name: _tuples(found[x.name]) for x in fields(cls)},
                    "diagnosis": tuple(Diagnosis(**_tuples(x)) for x in found["diagnosis"]),
                    "counterexample": None if example is None else _example(example),
                }
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"Verdict: expected what as_dict wrote, got {str(found)[:80]!r}") from error


def _plain(value):
    """The value with arrays as {"shape": …, "dtype": …, "data": nested lists}."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        return {"shape": list(array.shape), "dtype": array.dtype.name, "data": _finite(array.tolist())}
    return value


def _finite(value):
    if isinstance(value, list):
        return [_finite(part) for part in value]
    return str(value) if isinstance(value, complex) or isinstance(value, float) and not np.isfinite(value) else value


def _lists(value):
    if isinstance(value, dict):
        return {key: _lists(part) for key, part in value.items()}
    return [_lists(part) for part in value] if isinstance(value, list | tuple) else value


def _tuples(value):
    if isinstance(value, dict):
        return {key: _tuples(part) for key, part in value.items()}
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value


def _example(found):
    inputs, before = ({name: _array(array) for name, array in found[x].items()} for x in ("inputs", "before"))
    got = None if found["got"] is None else _array(found["got"])
    index = None if found["index"] is None else tuple(found["index"])
    want, raised = _array(found["want"]), found["raised"]
    return Counterexample(found["kind"], found["output"], found["regime"], inputs, got, want, index, raised, before)


def _array(found):
    return np.array(found["data"], dtype=np.dtype(found["dtype"])).reshape(found["shape"])
