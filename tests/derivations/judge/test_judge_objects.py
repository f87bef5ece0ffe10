"""Objects and classes as people write them: how they are made, where they keep parameters, how backward is called."""

from dataclasses import dataclass

import numpy as np
import pytest

from derivations import verify
from tests.derivations.judge.judge_passes import softmax, softmax_backward


class Affine:
    """x W + b of the attributes W and b, and all three gradients."""

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, g):
        return g @ self.W.T, self.x.T @ g, g.sum(axis=0)


class Glorot(Affine):
    def __init__(self, n_in, n_out):
        limit = np.sqrt(6 / (n_in + n_out))
        self.W, self.b = np.random.uniform(-limit, limit, (n_in, n_out)), np.zeros(n_out)


class OfWholeNumbers(Affine):
    def __init__(self, n_in, n_out):
        assert isinstance(n_in, int) and isinstance(n_out, int)
        self.W, self.b = np.zeros((n_in, n_out)), np.zeros(n_out)


class OfKnownSizes(OfWholeNumbers):
    def __init__(self, n_in, n_out):
        if n_in not in range(1, 100):
            raise LookupError(n_in)
        super().__init__(n_in, n_out)


class OfKeywords(OfWholeNumbers):
    def __init__(self, *, n_in, n_out, bias=True):
        super().__init__(n_in, n_out)


class OfNamedArrays(Affine):
    def __init__(self, *, bias, weights):
        self.W, self.b = weights, bias


class WithFlags(OfWholeNumbers):
    def __init__(self, n_in, n_out, bias=True):
        super().__init__(n_in, n_out)
        self.bias, self.weights = bias, [self.W, self.b]


class UsesTheList(WithFlags):
    def forward(self, x):
        self.W, self.b = self.weights
        return super().forward(x)


class InADict(Affine):
    def __init__(self, n_in, n_out):
        self.params = {"W": np.zeros((n_in, n_out)), "b": np.zeros(n_out)}

    W, b = property(lambda self: self.params["W"]), property(lambda self: self.params["b"])


class InLists(Affine):
    def __init__(self, n_in, n_out):
        self.params = [np.zeros((n_in, n_out)), np.zeros(n_out)]
        self.grads = [np.zeros_like(x) for x in self.params]

    W, b = property(lambda self: self.params[0]), property(lambda self: self.params[1])

    def backward(self, g):
        dx, dW, db = super().backward(g)
        self.grads[0][...], self.grads[1][...] = dW, db
        return dx


class Keras(Affine):
    def __init__(self, n_in, n_out):
        self.kernel, self.bias = np.zeros((n_in, n_out)), np.zeros(n_out)

    W, b = property(lambda self: self.kernel), property(lambda self: self.bias)


@dataclass(frozen=True)
class Frozen:
    W: np.ndarray
    b: np.ndarray

    def forward(self, x):
        return x @ self.W + self.b

    def backward(self, x, g):
        return g @ self.W.T, x.T @ g, g.sum(axis=0)


def keeping(names):
    """A layer that returns dx and keeps the gradients of W and b under these names."""

    class Keeping(OfWholeNumbers):
        def backward(self, g):
            dx, *others = super().backward(g)
            for name, value in zip(names, others, strict=True):
                setattr(self, name, value)
            return dx

    return Keeping


class KeepsADict(OfWholeNumbers):
    def backward(self, g):
        dx, dW, db = super().backward(g)
        self.grads = {"W": dW, "b": db}
        return dx


class ReturnsADict(OfWholeNumbers):
    def backward(self, g):
        dx, dW, db = super().backward(g)
        return {"dW": dW, "db": db, "dx": dx}


@pytest.mark.parametrize(
    "layer",
    [
        Glorot,
        Glorot(2, 3),
        OfWholeNumbers,
        OfKnownSizes,
        OfKeywords,
        OfNamedArrays,
        WithFlags,
        WithFlags(2, 3),
        UsesTheList,
        UsesTheList(2, 3),
        InADict,
        InADict(2, 3),
        InLists,
        Keras,
        Frozen,
        Frozen(np.zeros((2, 3)), np.zeros(3)),
        keeping(["dW", "db"]),
        keeping(["grad_W", "grad_b"])(2, 3),
        keeping(["weight_grad", "bias_grad"]),
        keeping(["W_grad", "b_grad"]),
        KeepsADict,
        ReturnsADict,
    ],
    ids=lambda x: x.__name__ if isinstance(x, type) else f"an object of {type(x).__name__}",
)
def test_a_right_layer_is_right_however_it_is_made(layer):
    found = verify(layer, against="linear")
    assert found.accepted, str(found)


def test_gradients_that_a_layer_keeps_are_judged():
    class Averages(KeepsADict):
        def backward(self, g):
            dx = super().backward(g)
            self.grads["b"] = g.mean(axis=0)
            return dx

    class Forgets(OfWholeNumbers):
        def __init__(self, n_in, n_out):
            super().__init__(n_in, n_out)
            self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)

        def backward(self, g):
            return super().backward(g)[0]

    assert verify(Averages, against="linear").diagnosis[0].id == "bias-averaged"
    assert "0 everywhere" in verify(Forgets, against="linear").diagnosis[0].sentence


class Cached:
    def forward(self, x):
        self.p = softmax(x)
        return self.p.copy()

    def backward(self, g, scale=1.0):
        return scale * self.p * (g - (g * self.p).sum(axis=1, keepdims=True))


class WithARate(Cached):
    def backward(self, output_gradient, learning_rate):
        return super().backward(output_gradient)


def undecorated(method):
    def wrapper(*args, **options):
        return method(*args, **options)

    return wrapper


class DecoratedCached(Cached):
    backward = undecorated(Cached.backward)


class Decorated:
    def forward(self, x):
        return softmax(x)

    @undecorated
    def backward(self, x, g):
        return softmax_backward(x, g)


@pytest.mark.parametrize("subject", [Cached, Cached(), WithARate, DecoratedCached, Decorated, Decorated()])
def test_backward_is_called_with_what_it_needs(subject):
    assert verify(subject, against="softmax").status == "proved"


@pytest.mark.parametrize("wants", ["y", "grad"])
def test_backward_of_a_loss_takes_the_targets_or_one(wants):
    class Loss:
        def forward(self, o, y):
            self.o, self.y = o, y
            d = o - o.max(axis=1, keepdims=True)
            return -(y * (d - np.log(np.exp(d).sum(axis=1, keepdims=True)))).sum() / len(o)

    def of_targets(self, y):
        return (softmax(self.o) - y) / len(y)

    def of_upstream(self, grad):
        return grad * (softmax(self.o) - self.y) / len(self.y)

    Loss.backward = of_targets if wants == "y" else of_upstream
    assert verify(Loss, against="softmax-cce").status == "proved"


class AlongAnAxis(Cached):
    def __init__(self, axis):
        self.axis = axis


class OfBuffers(Cached):
    def __init__(self, rows, columns, name):
        self.out = np.empty((rows, columns))


class Nameless:
    def forward(self, x):
        return x

    def backward(self, x, g):
        return g


class Updating(OfWholeNumbers):
    def backward(self, g, learning_rate):
        self.W = self.W - learning_rate * (self.x.T @ g)
        return g @ self.W.T


@pytest.mark.parametrize(
    "subject, against, words",
    [
        (AlongAnAxis, "softmax", "AlongAnAxis to be made of nothing; an object of it may be given"),
        (OfBuffers, "softmax", "to be made of nothing"),
        (Nameless(), "linear", "expected an array named weights or weight"),
        (Nameless, "linear", "expected Nameless to be made of W and beta"),
        (Updating, "linear", "backward takes a learningrate"),
    ],
)
def test_what_cannot_be_called_is_an_error_of_the_call(subject, against, words):
    with pytest.raises(TypeError, match=words):
        verify(subject, against=against)


def test_an_error_in_a_constructor_is_the_code_s():
    class Broken(Cached):
        def __init__(self):
            self.scale = undefined  # noqa: F821

    found = verify(Broken, against="softmax")
    assert found.diagnosis[0].id == "exception" and "undefined" in found.diagnosis[0].sentence


def test_a_trial_leaves_nothing_behind():
    calls = []

    class Counting(Cached):
        def forward(self, x):
            calls.append(x.shape)
            return super().forward(x)

        backward = undecorated(Cached.backward)

    from derivations.judge.passes import Passes
    from derivations.registry import operation

    Passes(Counting, operation("softmax"), "mean", "rows")
    assert not calls
