"""PyTorch's and JAX's functions as NumPy passes: right numbers, the dtype kept, new arrays, and objects refused."""

import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from derivations import verify
from derivations.execution.cannot_trace import CannotTrace
from derivations.execution.exact import run_exactly
from derivations.judge.frameworks import jax_passes, torch_passes
from derivations.registry import operation
from derivations.scalar import variable

PACKAGES = ("torch", "jax")
RNG = np.random.default_rng(0)
LOGITS, UPSTREAM = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4))
CLASSES = np.array([2, 0, 3])
ROWS = RNG.dirichlet(np.ones(4), size=3)


def imported(package):
    """The package, whatever it warns of when it is imported; the test is skipped where it is absent."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(package)


class Softmax:
    """softmax, log_softmax, cross entropy and a softmax with a backward pass of its own, in one framework."""

    def __init__(self, package):
        self.package = imported(package)
        self.passes = {"torch": torch_passes, "jax": jax_passes}[package]

    def softmax(self, o):
        return self.package.softmax(o, dim=1) if self.torch else self.package.nn.softmax(o, axis=1)

    def log_softmax(self, o):
        return self.package.log_softmax(o, dim=1) if self.torch else self.package.nn.log_softmax(o, axis=1)

    def cross_entropy(self, o, y):
        if self.torch:
            return self.package.nn.functional.cross_entropy(o, y)
        if y.ndim == 1:
            assert y.dtype == "int64"
            y = self.package.nn.one_hot(y, o.shape[1], dtype=o.dtype)
        return -(y * self.log_softmax(o)).sum(axis=1).mean()

    @property
    def torch(self):
        return self.package.__name__ == "torch"

    def own_softmax(self, backward):
        """A softmax whose backward pass is backward(p, g)."""
        if self.torch:
            return torch_function(self.package, backward).apply
        made = self.package.custom_vjp(self.softmax)
        made.defvjp(lambda o: (self.softmax(o),) * 2, lambda p, g: (backward(p, g),))
        return made


def torch_function(torch, backward_of):
    class Made(torch.autograd.Function):
        @staticmethod
        def forward(ctx, o):
            ctx.p = torch.softmax(o, dim=1)
            return ctx.p.clone()

        @staticmethod
        def backward(ctx, g):
            return backward_of(ctx.p, g)

    return Made


@pytest.fixture(params=PACKAGES)
def framework(request):
    return Softmax(request.param)


def derived(name, kind, *arguments, **options):
    """What the definition gives, in float64."""
    return operation(name).function(kind, **options).compiled(*(np.asarray(each) for each in arguments))


def assert_near(got, want, dtype=np.float64):
    """Sums of at most 12 terms below 10 in magnitude: 100 eps."""
    assert got.dtype == dtype and got.shape == np.shape(want)
    assert np.allclose(got, want, rtol=0, atol=100 * float(np.finfo(dtype).eps))


@pytest.mark.parametrize("dtype", (np.float32, np.float64))
@pytest.mark.parametrize("name", ("softmax", "log-softmax"))
def test_an_activation_is_a_value_and_a_vjp(framework, name, dtype):
    passes = framework.passes(getattr(framework, name.replace("-", "_")))
    assert set(passes) == {"value", "vjp"}
    o, g = LOGITS.astype(dtype), UPSTREAM.astype(dtype)
    assert_near(passes["value"](o), derived(name, "value", o.astype(float)), dtype)
    assert_near(passes["vjp"](o, g), derived(name, "vjp", o.astype(float), g.astype(float)), dtype)


@pytest.mark.parametrize("dtype", (np.float32, np.float64))
@pytest.mark.parametrize(("y", "targets"), ((ROWS, "rows"), (CLASSES, "indices")))
def test_a_loss_is_a_value_and_a_gradient_without_the_targets(framework, y, targets, dtype):
    passes = framework.passes(framework.cross_entropy)
    assert set(passes) == {"value", "gradient"}
    o = LOGITS.astype(dtype)
    for kind in passes:
        got, want = passes[kind](o, y), derived("softmax-cce", kind, o.astype(float), y, targets=targets)
        assert_near(got, want, dtype)


def test_integer_rows_of_targets_are_no_classes(framework):
    gradient, y = framework.passes(framework.cross_entropy)["gradient"], np.eye(4, dtype=int)[CLASSES]
    assert_near(gradient(LOGITS, y), derived("softmax-cce", "gradient", LOGITS, CLASSES, targets="indices"))


def test_the_backward_pass_is_the_function_s_own(framework):
    right = framework.passes(framework.own_softmax(lambda p, g: p * (g - (g * p).sum(1)[:, None])))
    wrong = framework.passes(framework.own_softmax(lambda p, g: p * (1 - p) * g))
    assert_near(right["vjp"](LOGITS, UPSTREAM), derived("softmax", "vjp", LOGITS, UPSTREAM))
    p = derived("softmax", "value", LOGITS)
    assert_near(wrong["vjp"](LOGITS, UPSTREAM), p * (1 - p) * UPSTREAM)


def test_several_inputs_have_a_gradient_each(framework):
    x, W, b, g = (RNG.normal(size=shape) for shape in ((5, 3), (3, 2), (2,), (5, 2)))
    passes = framework.passes(lambda x, W, b: x @ W + b, loss=False)
    for got, want in zip(passes["vjp"](x, W, b, g), (g @ W.T, x.T @ g, g.sum(axis=0)), strict=True):
        assert_near(got, want)


def test_an_input_that_is_not_used_has_a_gradient_of_zeros(framework):
    assert_near(framework.passes(lambda x, b: 2 * x, loss=False)["vjp"](LOGITS, LOGITS[0], UPSTREAM)[1], np.zeros(4))


def test_integer_inputs_count_as_floats_of_64_bits(framework):
    passes = framework.passes(framework.softmax)
    assert_near(passes["vjp"](np.eye(3, 4, dtype=int), UPSTREAM), derived("softmax", "vjp", np.eye(3, 4), UPSTREAM))


@pytest.mark.parametrize("kind", ("value", "vjp"))
def test_results_are_new_and_arguments_stay_as_they_are(framework, kind):
    run = framework.passes(lambda x: x)[kind]
    given = [LOGITS.copy(order="F"), UPSTREAM[::-1]][: 1 + (kind == "vjp")]
    for array in given:
        array.flags.writeable = False
    got = run(*given)
    assert np.array_equal(got, given[-1]) and got.flags.writeable
    assert not any(np.shares_memory(got, array) for array in given)


def test_an_in_place_function_does_not_change_its_argument():
    torch, given = imported("torch"), LOGITS.copy()
    passes = torch_passes(lambda o: torch.relu_(o), loss=False)
    assert np.array_equal(passes["value"](given), np.maximum(LOGITS, 0))
    assert np.array_equal(passes["vjp"](given, UPSTREAM), np.where(LOGITS > 0, UPSTREAM, 0))
    assert np.array_equal(given, LOGITS)


def test_objects_are_refused(framework):
    passes = framework.passes(framework.softmax)
    with pytest.raises(TypeError, match=r"_passes: expected floats or integers, got dtype object and shape \(3, 4\)"):
        passes["value"](LOGITS.astype(object))
    with pytest.raises(TypeError, match="compiled code does not run on objects"):
        passes["vjp"](LOGITS, UPSTREAM.astype(object))


def test_exact_numbers_that_pass_for_floats_are_refused_too(framework):
    exact = np.array([[variable("a"), variable("b")]], dtype=object)
    with pytest.raises(CannotTrace, match="got dtype object"):
        run_exactly(framework.passes(framework.softmax)["value"], [exact], {})


def test_what_cannot_be_tried_out_has_to_be_said(framework):
    with pytest.raises(ValueError, match="expected loss=True or loss=False"):
        framework.passes(lambda x, W, b: x @ W + b)
    assert "gradient" in framework.passes(lambda x, W, y: (x @ W - y).sum(), loss=True)


def test_numbers_of_64_bits_are_enabled_in_jax_only_while_a_pass_runs():
    jax = imported("jax")
    before = jax.config.jax_enable_x64
    jax_passes(lambda o: o)["value"](LOGITS)
    assert jax.config.jax_enable_x64 == before
    with jax.enable_x64(False):
        assert jax_passes(lambda o: o)["value"](LOGITS).dtype == np.float64
        assert jax.numpy.array(LOGITS).dtype == "float32"


def test_importing_the_adapters_loads_no_framework():
    code = "import sys, derivations.judge.frameworks; print(*sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "numpy" in loaded and not {"torch", "jax"} & set(loaded)


def test_compiled_code_is_verified_and_never_called_proved(framework):
    assert verify("softmax", vjp=framework.passes(framework.softmax)["vjp"]).status == "verified"


@pytest.mark.parametrize("changed", ("o", "g"))
def test_what_backward_changes_is_changed(changed):
    torch = imported("torch")

    class Scribbling(torch.autograd.Function):
        @staticmethod
        def forward(ctx, o):
            ctx.o = o
            return torch.tanh(o)

        @staticmethod
        def backward(ctx, g):
            result = (1 - torch.tanh(ctx.o) ** 2) * g
            (ctx.o if changed == "o" else g).data.mul_(2)
            return result

    passes = torch_passes(Scribbling.apply, loss=False)
    o, g = LOGITS.copy(), UPSTREAM.copy()
    passes["vjp"](o, g)
    assert np.array_equal(o, LOGITS * (1 + (changed == "o"))) and np.array_equal(g, UPSTREAM * (1 + (changed == "g")))
    found = verify("tanh", vjp=passes["vjp"])
    assert found.diagnosis[0].id == ("mutates-input" if changed == "o" else "mutates-upstream")
