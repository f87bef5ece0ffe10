"""The chapters of a benchmark run: every figure in them is the run's, and what is absent or unclear is said to be."""

import copy
import re

import pytest

from report.bench import accuracy, bench, derive, findings, generated, peers, saved, tables
from report.bench.timing import Ratio
from report.chapters import measured, measured_judging, measured_kernels
from report.document import CodeBlock, Document, Figure, Table
from report.failure import CommandFailed
from report.html import render_html
from report.latex import render_latex

pytestmark = pytest.mark.filterwarnings("default")  # what other packages warn of when they are imported


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A trial run of tiny sizes as it is read from a file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generated, "ROWS", generated.ROWS[:2])
        patch.setattr(derive, "imports", lambda rounds: {name: STILL for name in ("numpy", "nnlib")})
        patch.setattr(accuracy, "REGIMES", dict(list(accuracy.REGIMES.items())[:2]))
        path = tmp_path_factory.mktemp("run") / "run.json"
        kinds = [bench(kind, quick=True) for kind in ("kernels", "derive", "accuracy")]
        saved.write(path, {key: value for found in kinds for key, value in found.items()}, quick=True)
    return saved.read(path)


STILL = {"low": 0.0711, "median": 0.0712, "high": 0.0713}


def document(run):
    return Document("t", "s", (*measured.cost_chapters(run), *measured.other_chapters(run)))


def shown(run):
    """All words and cells of the chapters of a run."""
    found = []
    for section in document(run).sections:
        for block in section.blocks:
            if isinstance(block, Table):
                found += [block.caption, *block.header, *(cell for row in block.rows for cell in row)]
            elif not isinstance(block, Figure):
                found.append(block.text)
    return found


def test_every_kind_has_its_chapters_and_they_render(run):
    titles = [section.title for section in document(run).sections]
    assert titles[0].startswith("Why PyTorch fuses") and titles[-2:] == ["Accuracy", "Deriving"]
    assert len(document(run).blocks(Figure)) == 2
    render_html(document(run))
    render_latex(document(run))


def test_without_a_run_the_command_that_makes_one_is_shown_and_is_one():
    from report.__main__ import parser

    found = document(None)
    assert [section.title for section in found.sections] == ["Time and memory"]
    words = found.blocks(CodeBlock)[0].text.split()
    options = parser().parse_args(words[1:])
    assert (options.run, options.what, options.output) == ("bench", "all", "docs/measurements.json")


@pytest.mark.parametrize("kind", ("derive", "accuracy"))
def test_a_run_of_one_kind_has_that_chapter_alone(run, kind):
    assert len(document({"machine": run["machine"], kind: run[kind]}).sections) == 1


NARROW = Ratio(5.5, 5.55, 5.6).as_dict()
FIGURES = (
    ("kernels routes passes kept 1 routes fused seconds median", 1.239e-4, "124 µs"),
    ("kernels routes passes kept 1 routes fused bytes", 1251 * 1024, "1.22 MiB"),
    ("kernels routes passes kept 1 routes fused operations", 987654, "987,654"),
    ("kernels routes passes kept 1 routes fused moved", 3 * 2**30, "3.00 GiB"),
    ("kernels routes passes again 1 routes fused seconds median", 1.239e-2, "12.4 ms"),
    ("kernels routes passes whole 1 routes nnlib,_fused seconds median", 7.77, "7.77 s"),
    ("kernels routes lost 0 lost nnlib,_separate", 0.123, "12.3 %"),
    ("kernels cells 0 seconds nnlib median", 1.239e-3, "1.24 ms"),
    ("kernels sweeps n 1 seconds floor median", 1.239e-3, "1.24 ms"),
    ("kernels sweeps B 0 seconds floor median", 1.239e-3, "1.24 ms"),
    ("kernels threads 0 seconds 2 median", 8.88, "8.88 s"),
    ("kernels memory peaks nnlib process", 5 * 2**20, "5.00 MiB"),
    ("kernels linear seconds fused median", 9.87, "9.87 s"),
    ("kernels linear share fused", 0.0314, "3.1%"),
    ("kernels targets 0 seconds soft_rows median", 6.66, "6.66 s"),
    ("kernels targets 0 seconds floor_of_rows median", 6.66, "6.66 s"),
    ("kernels targets 0 own one-hot_rows", NARROW, "5.55 (5.50–5.60)"),
    ("kernels targets 0 ratios classes", NARROW, "5.55 (5.50–5.60)"),
    ("accuracy 0 errors target nnlib", 321.0, "321"),
    ("accuracy 0 errors target nnlib", 0.0123, "0.0123"),  # not the worst of all, so in the table of kinds alone
    ("derive catalogue operations 0 seconds", 33.3, "33.3 s"),
    ("derive brute 0 raw", 4711, "4711"),
)


@pytest.mark.parametrize(("path", "value", "words"), FIGURES, ids=lambda value: str(value)[:60])
def test_a_figure_of_the_run_is_what_is_printed(run, path, value, words):
    changed = copy.deepcopy(run)
    *way, last = [int(key) if key.isdigit() and key != "2" else key.replace("_", " ") for key in path.split()]
    holder = changed
    for key in way:
        holder = holder[key]
    assert last in holder or isinstance(holder, list)
    holder[last] = value
    before, after = shown(run).count(words), shown(changed).count(words)
    assert after > before


@pytest.mark.parametrize(
    ("ratio", "words"), (((2.0, 2.5, 2.6), "2.50 (2.00–2.60)"), ((0.8, 1.1, 1.4), "unclear"), (None, "absent"))
)
def test_ratios_have_their_quartiles_or_are_unclear(ratio, words):
    assert tables.ratio_spread(ratio and Ratio(*ratio).as_dict()) == words


def test_ratios_of_different_rounds_allow_for_the_spread_of_both():
    single, double = {"low": 1, "median": 2, "high": 4}, {"low": 8, "median": 12, "high": 20}
    found = measured_kernels.apart(single, double)
    assert (found["low"], found["median"], found["high"], found["stated"]) == (2, 6, 20, None)
    assert measured_kernels.apart(None, double) is None
    assert measured_kernels.turned({"low": 2, "median": 4, "high": 5}) == Ratio(0.2, 0.25, 0.5).as_dict()


def absent(run):
    """The run as if no other library had been there."""
    found = copy.deepcopy(run)
    kernels, names = found["kernels"], peers.PACKAGES
    for cell in (*kernels["cells"], *kernels["sweeps"]["B"], *kernels["sweeps"]["n"]):
        for holder in (cell["seconds"], *cell["ratios"].values()):
            holder.update(dict.fromkeys(names))
    for cell in kernels["routes"]["passes"]["whole"]:
        cell["routes"].update(dict.fromkeys(("PyTorch, separate", "PyTorch, fused")))
    for row in kernels["routes"]["lost"]:
        row["lost"].update(dict.fromkeys(("PyTorch, separate", "PyTorch, fused")))
    kernels["memory"]["peaks"].update(dict.fromkeys(names))
    found["machine"]["versions"]["torch"] = None
    return found


def test_absent_libraries_are_columns_marked_absent_and_are_not_drawn(run):
    found = absent(run)
    words = shown(found)
    assert words.count("absent") >= 3 * len(found["kernels"]["cells"])
    assert any(re.search(r"; [^;]*\btorch\b[^;]* absent", text) for text in words)
    drawn = measured_kernels.sizes_figure(found["kernels"]["sweeps"]["n"], found["kernels"]["sweeps"]["B"])
    names = [text.get_text() for text in drawn.legends[0].get_texts()]
    assert names == ["nnlib", "nnlib, out=", "floor"]


def test_goals_are_counted_and_those_not_met_have_a_reason(run):
    found = copy.deepcopy(run)
    ratio = Ratio(0.5, 0.6, 0.7).as_dict()
    found["kernels"]["goals"] = [
        {"goal": "faster than JAX", "where": "4×3 float32", "ratio": ratio, "met": False, "why": "cores"},
        {"goal": "faster than JAX", "where": "9×9 float32", "ratio": ratio, "met": None, "why": ""},
        {"goal": "memory", "where": "here", "ratio": None, "share": 0.08, "met": False, "why": ""},
        {"goal": "memory", "where": "there", "ratio": None, "share": 0.01, "met": True, "why": ""},
    ]
    (section,) = (section for section in document(found).sections if section.title == "Goals")
    summary, missed = [block for block in section.blocks if isinstance(block, Table)]
    assert summary.rows == [["faster than JAX", "0", "1", "1"], ["memory", "1", "1", "0"]]
    assert missed.rows == [
        ["faster than JAX", "4×3 float32", "missed", "0.60 (0.50–0.70)", "cores"],
        ["faster than JAX", "9×9 float32", "unclear", "0.60 (0.50–0.70)", "–"],
        ["memory", "here", "missed", "8 %", "–"],
    ]


def test_of_each_operation_the_slowest_derived_function_is_shown(run):
    found = copy.deepcopy(run)
    first, *others = found["kernels"]["generated"]
    for speed, one in enumerate((first, *others), start=2):
        one["ratio"] = Ratio(speed, speed, speed).as_dict()
    others[-1] |= {"ratio": Ratio(0.4, 0.5, 0.6).as_dict(), "why": "exp × 2.0"}
    table = [block for block in document(found).blocks(Table) if block.header[-1] == "does more of"][0]
    slowest = {row[0]: (row[2], *row[5:]) for row in table.rows}
    assert slowest[others[-1]["operation"]] == (others[-1]["kind"], "0.50 (0.40–0.60)", "exp × 2.0")
    assert slowest[first["operation"]][:2] == (first["kind"], "2.00 (2.00–2.00)")
    assert any("1 were slower" in text for text in shown(found))


def test_a_trial_is_said_to_be_one(run):
    def warned(run):
        return any("trial" in text for text in shown(run))

    assert warned(run) and not warned({**run, "quick": False})


def test_judging_is_shown_where_the_run_has_it(run):
    found = document({**run, "verify": judged()}).sections[-1]
    assert found.title == "Judging"
    rows = [row for block in found.blocks if isinstance(block, Table) for row in block.rows]
    assert ["verify", "1 of 2", "1 of 2", "0 of 1", "1 of 1"] in rows
    assert ["gradcheck", "absent", "absent", "absent", "absent"] in rows
    assert ["wrong, not refuted", "`b`", ""] in rows and ["right, refuted", "`c`", ""] in rows
    assert ["f", "softmax", "absent", "–"] in rows and ["every wrong pass refuted", "50 %", "missed"] in rows
    assert ["verify, one run", "100", "100", "200 ms", "500"] in rows
    assert any("Of 2 wrong ones the judge refuted 1" in text for text in shown({**run, "verify": judged()}))


def judged():
    """What the benchmark of the judge makes of three passes, the first refuted, the last right and refuted too."""
    from report.passes.registry import Pass

    def record(function, status, correct):
        entry = Pass("softmax", "vjp", function, correct, diagnosis="" if correct else "factor")
        ours = {"status": status, "ids": ["sign"], "notes": [], "why": "", "seconds": 0.5}
        return {"entry": entry, **dict.fromkeys(findings.CHECKERS), findings.OURS: ours}

    def a(): ...
    def b(): ...
    def c(): ...

    records = [record(a, "refuted", False), record(b, "proved", False), record(c, "refuted", True)]
    row = {"checker": "verify, one run", "n": 100, "entries": 100, "compared": 100, "skipped": None}
    speed = {"B": 1, "rows": [{**row, "seconds": {"median": 0.2}}], "verdict": {"median": 1.0}}
    goals = [{"goal": "every wrong pass refuted", "found": 0.5, "unit": "", "met": False}]
    frameworks = [{"function": "f", "operation": "softmax", "status": None, "ids": []}]
    return {"summary": findings.summary(records), "frameworks": frameworks, "speed": speed, "goals": goals}


def test_the_judges_own_name_is_the_one_that_is_looked_for():
    assert measured_judging.OURS == findings.OURS


@pytest.mark.skipif(not saved.SHIPPED.is_file(), reason="no run is shipped")
def test_the_shipped_run_has_all_that_the_chapters_need():
    found = saved.read()
    assert not found["quick"]
    assert {"machine", "kernels", "derive", "accuracy"} <= set(found)
    words = shown(found)
    assert tables.median(found["kernels"]["cells"][0]["seconds"]["nnlib"]) in words
    assert not any("/root" in text or "/home" in text for text in words)
    render_html(document(found))


@pytest.mark.parametrize("lacking", ["cells", "targets", "goals", "threads"])
def test_a_run_of_another_version_is_refused_in_words(run, lacking):
    older = copy.deepcopy(run)
    del older["kernels"][lacking]
    with pytest.raises(CommandFailed, match="of this version writes; run it again"):
        document(older)
