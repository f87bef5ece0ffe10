"""What every module promises: dtype in, dtype out; nothing changed, nothing shared, nothing remembered; any layout."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nnlib
from nnlib import FullyConnectedLayer, LinearSoftmaxCrossEntropy, NeuralNetwork, SoftmaxCrossEntropy

RNG = np.random.default_rng(0)
X, G = RNG.normal(size=(2, 6, 3))
P = RNG.dirichlet(np.ones(3), 6)
Y = RNG.dirichlet(np.ones(3), 6)
C = np.array([0, 2, 1, 1, 0, 2])

LAYER = FullyConnectedLayer(3, 3)
PRED = {"CategoricalCrossEntropy": P, "NegativeLogLikelihood": np.log(P)}


def calls():
    """(name, function, arguments) for every public method of every public class."""
    modules = {
        "FullyConnectedLayer": LAYER,
        "NeuralNetwork": NeuralNetwork(3, 3, [4], nnlib.Tanh),
        "LinearSoftmaxCrossEntropy": LinearSoftmaxCrossEntropy(LAYER),
    }
    for name in nnlib.__all__:
        module = modules[name] if name in modules else getattr(nnlib, name)()
        if not hasattr(module, "value_and_gradient"):
            yield f"{name}.forward", module.forward, (X,)
            yield f"{name}.backward", module.backward, (X, G)
            continue
        for y in (Y,) if name == "MeanSquaredError" else (Y, C, np.eye(3)[C]):
            for method in ("forward", "backward", "value_and_gradient"):
                yield f"{name}.{method}", getattr(module, method), (PRED.get(name, X), y)
    yield "hessian", SoftmaxCrossEntropy().hessian, (X,)
    yield "hessian_vector_product", SoftmaxCrossEntropy().hessian_vector_product, (X, G)


CALLS = list(calls())
every_call = pytest.mark.parametrize(
    ("function", "arguments"), [call[1:] for call in CALLS], ids=[call[0] for call in CALLS]
)


def arrays_in(result):
    if isinstance(result, (tuple, list)):
        return [array for part in result for array in arrays_in(part)]
    return [result]


def single(array):
    return array.astype(np.float32) if array.dtype == float else array


@every_call
def test_the_dtype_of_the_first_argument_is_that_of_every_result(function, arguments):
    assert {array.dtype for array in arrays_in(function(*arguments))} == {np.dtype(float)}
    first, *rest = arguments
    assert {array.dtype for array in arrays_in(function(single(first), *rest))} == {np.dtype(np.float32)}
    assert {array.dtype for array in arrays_in(function(first, *map(single, rest)))} == {np.dtype(float)}


@every_call
def test_no_argument_is_changed_or_shared_with_a_result(function, arguments):
    passed = [array.copy() for array in arguments]
    results = arrays_in(function(*passed))
    for array, original in zip(passed, arguments, strict=True):
        assert np.array_equal(array, original)
        assert not any(np.shares_memory(array, result) for result in results)


@every_call
def test_a_result_does_not_depend_on_earlier_calls(function, arguments):
    first = arrays_in(function(*arguments))
    function(*(array[::-1] for array in arguments))
    assert all(np.array_equal(a, b) for a, b in zip(first, arrays_in(function(*arguments)), strict=True))


def strided(array):
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


@every_call
@pytest.mark.parametrize("layout", (np.asfortranarray, strided, lambda array: array[::-1].copy()[::-1]))
def test_the_layout_of_an_argument_does_not_matter(function, arguments, layout):
    for plain, other in zip(arrays_in(function(*arguments)), arrays_in(function(*map(layout, arguments))), strict=True):
        np.testing.assert_allclose(other, plain, rtol=1e-13, atol=1e-15)  # sums may run in another order


@every_call
def test_integers_and_lists_are_read_as_float64(function, arguments):
    lists = [array.tolist() for array in arguments]
    for from_list, expected in zip(arrays_in(function(*lists)), arrays_in(function(*arguments)), strict=True):
        assert np.array_equal(from_list, expected)
    whole = np.eye(3, dtype=int)[C]
    y = [array if array is C else whole for array in arguments[1:]]
    with np.errstate(divide="ignore"):
        results = arrays_in(function(whole, *y))
    assert {array.dtype for array in results} == {np.dtype(float)}


@every_call
@pytest.mark.parametrize("bad", (np.nan, np.inf))
def test_nan_and_infinity_are_refused_wherever_they_stand(function, arguments, bad):
    for place, array in enumerate(arguments):
        if array is C:
            continue
        broken = array.copy()
        broken[4, 1] = bad
        with pytest.raises(ValueError, match=r"^\w+: .*(finite|NaN|inf|lie in|sum to 1)"):
            function(*arguments[:place], broken, *arguments[place + 1 :])


@every_call
@pytest.mark.parametrize("bad", (X.astype(complex), X.astype(object), X.astype(str), np.float16(X)))
def test_arrays_of_anything_but_real_numbers_are_refused(function, arguments, bad):
    with pytest.raises(TypeError, match=r"^\w+: .* must be real numbers, got dtype"):
        function(bad, *arguments[1:])


@every_call
@pytest.mark.parametrize("bad", (np.ma.masked_array(X), X.view(np.matrix)))
def test_masked_arrays_and_matrices_are_refused(function, arguments, bad):
    with pytest.raises(TypeError, match=r"^\w+: .* must be a plain array"):
        function(bad, *arguments[1:])


@every_call
@pytest.mark.parametrize("bad", (X[0], X[None], np.empty((0, 3)), np.empty((6, 0)), 1.0))
def test_other_ranks_and_empty_batches_are_refused(function, arguments, bad):
    with pytest.raises(ValueError, match=r"^\w+: .* must have shape"):
        function(bad, *arguments[1:])


@every_call
def test_arguments_of_different_batches_or_widths_are_refused(function, arguments):
    for bad in (arguments[-1][:5], np.ones((6, 4))):
        if len(arguments) == 2:
            with pytest.raises(ValueError, match=r"^\w+: .* (must have shape|must hold 6 classes|rows \(6, 3\))"):
                function(arguments[0], bad)


@every_call
def test_ragged_lists_are_refused(function, arguments):
    with pytest.raises(ValueError, match=r"^\w+: .* must be rectangular"):
        function([[1.0, 2.0, 3.0], [1.0]], *arguments[1:])


def test_every_public_method_says_its_formula_shapes_and_errors():
    for name in nnlib.__all__:
        cls = getattr(nnlib, name)
        assert "Source:" in cls.__doc__, name
        for method, function in vars(cls).items():
            if callable(function) and not method.startswith("_"):
                assert "Raises" in (function.__doc__ or ""), f"{name}.{method}"


def test_the_library_imports_numpy_and_nothing_else():
    allowed = {"numpy", "nnlib", "functools", "itertools", "concurrent", "os"}
    for path in Path(nnlib.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= allowed, path
    code = "import sys, numpy; before = set(sys.modules); import nnlib; print(*(set(sys.modules) - before))"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=path.parents[1])
    assert {name.split(".")[0] for name in loaded.split()} == {"nnlib"}
