"""Mean squared error, the mean of ½(p − y)²: values and gradients that are wrong."""

import numpy as np

from .registry import wrong


@wrong("mse", kind="value", diagnosis="factor", link="https://github.com/davisking/dlib/issues/1169")
def squared_error_without_half(p, y):
    """The ½ is missing."""
    return np.mean((p - y) ** 2)


@wrong("mse", kind="value", diagnosis="normaliser")
def squared_error_mean_over_rows(p, y):
    """Sums over the columns and averages over the rows only."""
    return 0.5 * np.sum((p - y) ** 2) / len(p)


@wrong("mse", kind="value", diagnosis="wrong-function")
def squared_error_with_root(p, y):
    """The root mean squared error is another loss."""
    return np.sqrt(np.mean((p - y) ** 2))


@wrong("mse", kind="value", diagnosis="wrong-function")
def absolute_error(p, y):
    """Averages |p − y|."""
    return np.abs(p - y).mean()


@wrong("mse", kind="gradient", diagnosis="factor", link="https://github.com/patrickloeber/MLfromscratch/issues/18")
def squared_error_gradient_doubled(p, y):
    """The 2 of the power rule stays although the ½ cancels it."""
    return 2 * (p - y) / p.size


@wrong("mse", kind="gradient", diagnosis="factor")
def squared_error_gradient_halved(p, y):
    """The ½ stays although the power rule cancels it."""
    return 0.5 * (p - y) / p.size


@wrong("mse", kind="gradient", diagnosis="batch-missing", link="https://github.com/davisking/dlib/issues/1169")
def squared_error_gradient_without_mean(p, y):
    """p − y without the 1 / (B m) of the mean."""
    return p - y


@wrong("mse", kind="gradient", diagnosis="normaliser")
def squared_error_gradient_over_rows(p, y):
    """Divides by the rows only, which is right for a single column."""
    return (p - y) / len(p)


@wrong("mse", kind="gradient", diagnosis="batch-doubled")
def squared_error_gradient_mean_twice(p, y):
    """Divides by the number of entries and by the number of rows as well."""
    return (p - y) / p.size / len(p)


@wrong("mse", kind="gradient", diagnosis="batch-for-classes")
def squared_error_gradient_over_columns(p, y):
    """Divides by the number of columns only."""
    return (p - y) / p.shape[1]


@wrong("mse", kind="gradient", diagnosis="sign")
def squared_error_gradient_target_first(p, y):
    """y − p is the direction of descent."""
    return (y - p) / y.size


@wrong("mse", kind="gradient", diagnosis="mean-for-sum")
def squared_error_gradient_averaged(p, y):
    """Every entry gets the mean error instead of its own."""
    return np.full(p.shape, np.mean(p - y)) / p.size


@wrong("mse", kind="gradient", diagnosis="wrong-axis", link="https://github.com/pytorch/pytorch/issues/19699")
def squared_error_gradient_pairs(p, y):
    """Flattening the targets alone pairs every prediction with every target."""
    return (p.reshape(-1, 1) - y.ravel()).mean(axis=1).reshape(p.shape) / p.size


@wrong("mse", kind="gradient", diagnosis="float32-inside")
def squared_error_gradient_single_precision(p, y):
    """Stores the error in a float32 buffer."""
    error = np.zeros(p.shape, dtype=np.float32)
    error[:] = p - y
    return error.astype(float) / p.size


@wrong("mse", kind="gradient", diagnosis="mutates-input", shows="mutation")
def squared_error_gradient_in_place(p, y):
    """Subtracts the targets from the predictions in place."""
    p -= y
    return p / p.size


@wrong("mse", kind="gradient", diagnosis="integer-buffer", shows="integer")
def squared_error_gradient_into_a_buffer_like_its_input(p, y):
    """Integer predictions make an integer buffer."""
    grad = np.zeros_like(p)
    for b in range(p.shape[0]):
        for j in range(p.shape[1]):
            grad[b, j] = (p[b, j] - y[b, j]) / p.size
    return grad


@wrong("mse", kind="gradient", diagnosis="clipped-gradient", shows="wide")
def squared_error_gradient_of_huber(p, y):
    """Limits the error to ±10: the gradient of Huber's loss."""
    return np.clip(p - y, -10, 10) / p.size


@wrong("mse", kind="gradient", diagnosis="extra-term")
def squared_error_gradient_scales_with_prediction(p, y):
    """Multiplies by p once more, as if p were squared before the difference."""
    return (p - y) * p / p.size


@wrong("mse", kind="object", diagnosis="factor")
class SquaredErrorWithoutHalfThroughout:
    """Neither the loss nor its gradient knows the ½: they agree with each other, and both are twice too large."""

    def forward(self, pred, y):
        return np.mean((pred - y) ** 2)

    def backward(self, pred, y):
        return 2 * (pred - y) / pred.size


@wrong("mse", kind="object", diagnosis="factor")
class SquaredErrorHalfInTheValueOnly:
    """The value has the ½, the gradient is differentiated as if it had not."""

    def forward(self, pred, y):
        return 0.5 * np.mean((pred - y) ** 2)

    def backward(self, pred, y):
        return 2 * (pred - y) / pred.size
