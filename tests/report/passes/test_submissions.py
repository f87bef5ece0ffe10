"""The submissions beside this folder say what they are, and the harmless ones are what they say."""

import ast
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from report.passes.regimes import inputs
from tests.report.passes.test_passes_registry import agree, copies, truth

FILES = sorted((Path(__file__).parents[2] / "submissions").glob("*.py"))
HARMLESS = [path for path in FILES if not path.stem.startswith("hostile_")]


def run(path):
    """The operation, the results and the pairs they must agree with, and whether the arguments were left alone."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    operation = "softmax-cce" if hasattr(module, "SoftmaxCrossEntropy") else "softmax"
    args = inputs(operation, "object", {})["always"]
    made, given = (module.SoftmaxCrossEntropy() if operation == "softmax-cce" else module), copies(args)
    results = made.forward(*given[: len(args) if operation == "softmax-cce" else 1]), made.backward(*given)
    untouched = all(map(np.array_equal, args, given))
    return [np.asarray(r) for r in results], truth(operation, "object", {}, args), untouched


def test_there_are_some_of_each():
    kinds = [path.stem.split("_")[0] for path in FILES]
    assert set(kinds) == {"right", "wrong", "hostile"} and len(kinds) >= 12


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_docstring_agrees_with_the_name(path):
    kind = path.stem.split("_")[0].capitalize()
    if path.stem == "hostile_syntax_error":
        with pytest.raises(SyntaxError):
            ast.parse(path.read_text())
    else:
        assert ast.get_docstring(ast.parse(path.read_text())).startswith(f"{kind}: ")


@pytest.mark.parametrize("path", HARMLESS, ids=lambda path: path.stem)
def test_harmless_submission_is_what_it_says(path):
    results, pairs, untouched = run(path)
    assert (agree(results, pairs) and untouched) == path.stem.startswith("right_")
