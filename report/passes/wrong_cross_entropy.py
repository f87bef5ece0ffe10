"""Cross entropy on probabilities: values and gradients that are wrong."""

import numpy as np

from .registry import wrong


@wrong("cce", kind="value", diagnosis="mean-for-sum")
def cross_entropy_mean_of_all_entries(p, y):
    """np.mean over the matrix divides by B n instead of B."""
    return np.mean(-y * np.log(p))


@wrong("cce", kind="value", diagnosis="batch-missing")
def cross_entropy_sum(p, y):
    """The sum over the batch is not divided by B."""
    return -np.sum(y * np.log(p))


@wrong("cce", kind="value", diagnosis="sign", link="https://github.com/davharris/mistnet/issues/29")
def cross_entropy_without_minus(p, y):
    """Σ y log p without its minus is a negative loss."""
    return np.sum(y * np.log(p)) / len(p)


@wrong("cce", kind="value", diagnosis="label-one-hot")
def cross_entropy_of_the_likeliest_target(p, y):
    """Looks up the largest target only, so soft targets lose the rest of their mass."""
    return -np.log(p[np.arange(len(p)), y.argmax(axis=1)]).mean()


@wrong("cce", kind="value", diagnosis="wrong-function",
       link="https://github.com/eriklindernoren/ML-From-Scratch/issues/98")
def cross_entropy_binary_formula(p, y):
    """Adds (1 − y) log(1 − p), the other half of the binary formula."""
    return -np.sum(y * np.log(p) + (1 - y) * np.log1p(-p)) / len(p)


@wrong("cce", kind="value", diagnosis="clipped-value", shows="tiny-probability")
def cross_entropy_value_clipped(p, y):
    """Clips the probabilities at 1e-12, so the loss cannot rise above 27.6."""
    return -np.sum(y * np.log(np.clip(p, 1e-12, 1))) / len(p)


@wrong("cce", kind="gradient", diagnosis="batch-missing", link="https://github.com/fetchai/ledger/pull/1580")
def cross_entropy_gradient_without_mean(p, y):
    """−y / p is the gradient of the sum over the batch, not of the mean."""
    return -y / p


@wrong("cce", kind="gradient", diagnosis="batch-doubled", link="https://github.com/explosion/spaCy/issues/9904")
def cross_entropy_gradient_mean_twice(p, y):
    """Divides the targets by B and the result by B once more."""
    weights = y / len(y)
    return -(weights / p) / len(p)


@wrong("cce", kind="gradient", diagnosis="batch-for-classes", link="https://github.com/torch/nn/issues/230")
def cross_entropy_gradient_over_classes(p, y):
    """Divides by the number of classes, which shows as soon as B ≠ n."""
    return -y / p / p.shape[1]


@wrong("cce", kind="gradient", diagnosis="mean-for-sum")
def cross_entropy_gradient_over_all_entries(p, y):
    """Divides by p.size, that is by B n."""
    return -(y / p) / p.size


@wrong("cce", kind="gradient", diagnosis="sign")
def cross_entropy_gradient_without_minus(p, y):
    """y / p points uphill where the loss goes down."""
    return y / p / len(y)


@wrong("cce", kind="gradient", diagnosis="missing-term")
def cross_entropy_gradient_without_targets(p, y):
    """−1 / p in every entry: the factor y is missing."""
    return -1 / (p * len(p))


@wrong("cce", kind="gradient", diagnosis="missing-term")
def cross_entropy_gradient_without_division(p, y):
    """−y / B: the derivative of the logarithm is missing."""
    return -y / len(p)


@wrong("cce", kind="gradient", diagnosis="wrong-function")
def cross_entropy_gradient_of_the_logits(p, y):
    """p − y is the gradient with respect to the logits, not to the probabilities."""
    return (p - y) / len(p)


@wrong("cce", kind="gradient", diagnosis="wrong-function",
       link="https://github.com/eriklindernoren/ML-From-Scratch/issues/98")
def cross_entropy_gradient_binary_formula(p, y):
    """−y / p + (1 − y) / (1 − p) belongs to the binary cross entropy."""
    return (-y / p + (1 - y) / (1 - p)) / len(p)


@wrong("cce", kind="gradient", diagnosis="label-one-hot")
def cross_entropy_gradient_likeliest_target_only(p, y):
    """Fills in −1 / p at the largest target, so soft targets are treated as hard ones."""
    out = np.zeros(p.shape)
    for b in range(len(p)):
        c = np.argmax(y[b])
        out[b, c] = -1 / p[b, c] / len(p)
    return out


@wrong("cce", kind="gradient", diagnosis="epsilon-one-side")
def cross_entropy_gradient_with_epsilon(p, y):
    """Adds 1e-8 to the denominator, which the loss does not have."""
    return -y / (p + 1e-8) / len(p)


@wrong("cce", kind="gradient", diagnosis="clipped-gradient", shows="tiny-probability")
def cross_entropy_gradient_clipped_probabilities(p, y):
    """Clips the probabilities at 1e-12 and so caps the gradient where it matters most."""
    return -y / np.maximum(p, 1e-12) / len(p)


@wrong("cce", kind="gradient", diagnosis="rare-branch", shows="saturated",
       link="https://github.com/keras-team/keras/issues/9664")
def cross_entropy_gradient_zero_when_clipped(p, y):
    """Differentiates the clipping too: zero gradient for every probability within 1e-7 of 0 or 1."""
    inside = (p > 1e-7) & (p < 1 - 1e-7)
    return np.where(inside, -y / p, 0.0) / len(p)


@wrong("cce", kind="gradient", diagnosis="clipped-gradient", shows="tiny-probability")
def cross_entropy_gradient_bounded(p, y):
    """Limits every entry to ±1000 so that training does not explode."""
    return np.clip(-y / p / len(p), -1000, 1000)


@wrong("cce", kind="gradient", diagnosis="integer-buffer", shows="integer-targets",
       link="https://github.com/nu-radio/NuRadioMC/issues/1061")
def cross_entropy_gradient_into_a_buffer_like_the_targets(p, y):
    """The buffer takes its dtype from the targets, so one-hot integers truncate the gradient."""
    out = np.zeros_like(y)
    for b in range(y.shape[0]):
        for k in range(y.shape[1]):
            out[b, k] = -y[b, k] / (p[b, k] * y.shape[0])
    return out


@wrong("cce", kind="gradient", diagnosis="normaliser")
def cross_entropy_gradient_over_nonzero_targets(p, y):
    """Divides by the number of non-zero targets, which is B for one-hot rows only."""
    return -y / p / np.count_nonzero(y)


@wrong("cce", kind="gradient", diagnosis="float32-inside")
def cross_entropy_gradient_single_precision(p, y):
    """Divides in float32 and stores the result in a float64 buffer."""
    out = np.zeros(p.shape)
    out[:] = -y.astype("f4") / p.astype("f4")
    return out / len(p)


@wrong("cce", kind="gradient", diagnosis="mutates-input", shows="mutation")
def cross_entropy_gradient_scales_its_argument(p, y):
    """Builds the denominator in the probabilities themselves, which the caller may still need."""
    p *= -len(p)
    return y / p


@wrong("cce", kind="gradient", diagnosis="wrong-index", options={"targets": "indices"})
def cross_entropy_gradient_picks_columns(p, y):
    """out[:, y] writes whole columns: every row gets the labels of all the others."""
    out = np.zeros(p.shape)
    out[:, y] = -1 / p[:, y] / len(p)
    return out


@wrong("cce", kind="gradient", diagnosis="wrong-index", options={"targets": "indices"})
def cross_entropy_gradient_first_row_probabilities(p, y):
    """p[0, y] reads the probabilities of the first row for every sample."""
    out = np.zeros(p.shape)
    out[np.arange(len(y)), y] = -1 / p[0, y]
    return out / len(y)


@wrong("cce", kind="object", diagnosis="epsilon-one-side",
       link="https://github.com/tensorflow/tensorflow/pull/41595")
class CrossEntropyEpsilonInTheValue:
    """The loss is log(p + ε) and the gradient that of log p."""

    def forward(self, pred, y):
        return -np.sum(y * np.log(pred + 1e-9)) / len(pred)

    def backward(self, pred, y):
        return -y / pred / len(pred)


@wrong("cce", kind="object", diagnosis="clipped-value", shows="tiny-probability",
       link="https://github.com/tensorflow/addons/issues/693")
class CrossEntropyClippedForward:
    """The loss is clipped and its gradient is not, so they disagree for tiny probabilities."""

    def forward(self, pred, y):
        return -np.mean(np.sum(y * np.log(np.clip(pred, 1e-10, 1.0)), axis=1))

    def backward(self, pred, y):
        return -(y / pred) / pred.shape[0]


@wrong("cce", kind="object", diagnosis="batch-missing")
class CrossEntropySummedThroughout:
    """Loss and gradient are both sums over the batch: consistent with each other, and both B times too large."""

    def forward(self, pred, y):
        return -np.sum(y * np.log(pred))

    def backward(self, pred, y):
        return -y / pred
