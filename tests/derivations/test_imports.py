"""Who imports whom, and what the exact part never calls; read from the source, nothing is imported for it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {package: sorted((ROOT / package).rglob("*.py")) for package in ("derivations", "nnlib")}
EVERY = [path for paths in FILES.values() for path in paths]

FORBIDDEN = {"derivations": {"nnlib", "report"}, "nnlib": {"derivations", "report", "sympy"}}
# `simplify` decides nothing; the others turn somebody's text into running code.
UNUSED = {"simplify", "nsimplify", "eval", "exec", "parse_expr"}
TEXT = (ast.Constant, ast.JoinedStr)


def named(path):
    return str(path.relative_to(ROOT))


def imported(path):
    """The first parts of the names of all modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)}: a relative import"
            yield node.module.partition(".")[0]


def used(path):
    """The names and attributes that a file reads or imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name | ast.Attribute):
            yield node.id if isinstance(node, ast.Name) else node.attr
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def test_there_are_files_to_read():
    assert all(len(paths) > 8 for paths in FILES.values())


@pytest.mark.parametrize("path", EVERY, ids=named)
def test_a_package_imports_only_what_it_may(path):
    package = path.relative_to(ROOT).parts[0]
    assert not FORBIDDEN[package] & set(imported(path))


@pytest.mark.parametrize("path", [x for x in FILES["derivations"] if "execution" not in x.parts], ids=named)
def test_the_exact_part_neither_simplifies_nor_evaluates_text(path):
    assert not UNUSED & set(used(path))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("sympify", "S"):
            assert not any(isinstance(argument, TEXT) for argument in node.args)


@pytest.mark.parametrize("path", [x for x in FILES["derivations"] if "execution" in x.parts], ids=named)
def test_exact_execution_does_not_simplify(path):
    assert not {"simplify", "nsimplify", "parse_expr"} & set(used(path))


def loaded_by(statement):
    """The modules that are loaded after a statement, in a fresh interpreter."""
    code = f"import sys; {statement}; print(*sys.modules)"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()


def test_the_library_loads_numpy_and_no_sympy():
    modules = loaded_by("import nnlib")
    assert "numpy" in modules
    assert not {"sympy", "mpmath", "derivations", "report"} & set(modules)


def test_the_derivations_load_neither_the_library_nor_the_report():
    modules = loaded_by("from derivations.registry import operations; operations()")
    assert "sympy" in modules
    assert not {"nnlib", "report", "matplotlib", "scipy"} & set(modules)
