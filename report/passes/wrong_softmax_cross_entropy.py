"""Softmax with cross entropy in one: gradients that are wrong."""

import numpy as np

from .forward import sigmoid, softmax
from .registry import wrong


@wrong("softmax-cce", kind="gradient", diagnosis="batch-missing",
       link="https://github.com/tensorflow/swift-apis/pull/42")
def fused_gradient_without_mean(o, y):
    """p − y belongs to the sum over the batch; the loss is the mean."""
    return softmax(o) - y


@wrong("softmax-cce", kind="gradient", diagnosis="batch-doubled",
       link="https://github.com/eriklindernoren/PyTorch-YOLOv3/pull/137")
def fused_gradient_mean_twice(o, y):
    """Divides by B here and by B again on the way out."""
    delta = (softmax(o) - y) / len(y)
    return delta / o.shape[0]


@wrong("softmax-cce", kind="gradient", diagnosis="batch-for-classes")
def fused_gradient_over_classes(o, y):
    """Divides by n where B belongs."""
    return (softmax(o) - y) / o.shape[1]


@wrong("softmax-cce", kind="gradient", diagnosis="mean-for-sum",
       link="https://github.com/victorlempitsky/Mate/issues/2")
def fused_gradient_over_all_entries(o, y):
    """Divides by the number of entries instead of the number of rows."""
    return (softmax(o) - y) / y.size


@wrong("softmax-cce", kind="gradient", diagnosis="batch-doubled", options={"reduction": "sum"})
def fused_gradient_mean_for_a_summed_loss(o, y):
    """Divides by B although the loss is the sum over the batch."""
    return (softmax(o) - y) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="factor",
       link="https://github.com/markroxor/fromscratchtoml/issues/65")
def fused_gradient_doubled(o, y):
    """Twice the gradient, as if a square had been differentiated."""
    return 2 * (softmax(o) - y) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="sign",
       link="https://github.com/deeplearning4j/deeplearning4j/issues/345")
def fused_gradient_targets_first(o, y):
    """y − p is the step downhill, not the gradient."""
    return (y - softmax(o)) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="label-one-hot")
def fused_gradient_hard_targets(o, y):
    """Subtracts one at the largest target, so soft targets are rounded to hard ones."""
    grad = softmax(o)
    grad[np.arange(len(o)), y.argmax(axis=1)] -= 1
    return grad / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="softmax-twice", link="https://github.com/jaehong31/CGES/issues/1")
def fused_gradient_softmax_twice(o, y):
    """The network already ends in a softmax and the loss applies another one."""
    return (softmax(softmax(o)) - y) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="softmax-missing")
def fused_gradient_without_softmax(o, y):
    """Subtracts the targets from the logits themselves."""
    return (o - y) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="wrong-function")
def fused_gradient_sigmoid(o, y):
    """σ(o) − y is the gradient of independent binary losses, one for each class."""
    return (sigmoid(o) - y) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="wrong-axis",
       link="https://github.com/deeplearning4j/deeplearning4j/issues/345")
def fused_gradient_softmax_over_the_batch(o, y):
    """The softmax inside runs over the samples."""
    e = np.exp(o - o.max(axis=0))
    return (e / e.sum(axis=0) - y) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="diagonal-only",
       link="https://github.com/jorgenkg/python-neural-network/pull/6")
def fused_gradient_through_the_diagonal(o, y):
    """Chains −y / p with p(1 − p) and so never leaves the diagonal of the Jacobian."""
    p = softmax(o)
    return (-y / p) * (p * (1 - p)) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="diagonal-only")
def fused_gradient_through_sigmoid_derivative(o, y):
    """Multiplies p − y by p(1 − p): softmax is differentiated a second time."""
    p = softmax(o)
    return (p - y) * p * (1 - p) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="rare-branch")
def fused_gradient_target_class_only(o, y):
    """Keeps the entries of the target classes and zeroes the others."""
    return np.where(y > 0.3, softmax(o) - y, 0) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="extra-term")
def fused_gradient_with_hidden_smoothing(o, y):
    """Smooths the targets by 0.1 in the gradient although the loss takes them as they are."""
    smooth = 0.9 * y + 0.1 / y.shape[1]
    return (softmax(o) - smooth) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="normaliser")
def fused_gradient_over_nonzero_targets(o, y):
    """Divides by the number of non-zero targets, which counts the rows for one-hot targets only."""
    return (softmax(o) - y) / np.count_nonzero(y)


@wrong("softmax-cce", kind="gradient", diagnosis="normaliser", options={"weights": "rows"},
       link="https://github.com/pytorch/pytorch/issues/40560")
def fused_gradient_over_the_weights(o, y, w):
    """Divides the weighted rows by Σ w although the loss divides by B."""
    return w[:, None] * (softmax(o) - y) / w.sum()


@wrong("softmax-cce", kind="gradient", diagnosis="missing-term", options={"weights": "rows"})
def fused_gradient_without_weights(o, y, w):
    """The loss weighs its rows and the gradient does not."""
    return (softmax(o) - y) / len(o)


@wrong("softmax-cce", kind="gradient", diagnosis="wrong-index", options={"targets": "indices"})
def fused_gradient_subtracts_columns(o, y):
    """p[:, y] -= 1 subtracts from whole columns, and only once where a label repeats."""
    grad = softmax(o)
    grad[:, y] -= 1
    return grad / len(y)


@wrong("softmax-cce", kind="gradient", diagnosis="index-add-duplicates", options={"targets": "indices"},
       link="https://github.com/HIPS/autograd/issues/39")
def fused_gradient_flat_index(o, y):
    """The flat index lacks the row offset, and a label that occurs twice is subtracted once."""
    grad = softmax(o).ravel()
    grad[y] -= 1
    return grad.reshape(o.shape) / len(y)


@wrong("softmax-cce", kind="gradient", diagnosis="wrong-index", options={"targets": "indices"})
def fused_gradient_ignores_the_labels(o, y):
    """Sets every target to the predicted class, so the labels never enter."""
    grad = softmax(o)
    grad[np.arange(len(y)), o.argmax(axis=1)] -= 1
    return grad / len(y)


@wrong("softmax-cce", kind="gradient", diagnosis="factor", options={"batched": False})
def fused_gradient_one_sample_halved(o, y):
    """Halves the gradient of one sample, as for ½(p − y)²."""
    e = np.exp(o - np.max(o))
    return 0.5 * (e / np.sum(e) - y)
