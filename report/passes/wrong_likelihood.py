"""Negative log-likelihood on log-probabilities: values and gradients that are wrong."""

import numpy as np

from .registry import wrong


@wrong("nll", kind="value", diagnosis="mean-for-sum")
def likelihood_mean_of_all_entries(lp, y):
    """Averages over the classes as well as over the batch."""
    return -np.where(y > 0, y * lp, 0).mean()


@wrong("nll", kind="value", diagnosis="sign")
def likelihood_not_negated(lp, y):
    """Returns the log-likelihood instead of its negative."""
    return np.where(y > 0, y * lp, 0).sum() / len(lp)


@wrong("nll", kind="value", diagnosis="wrong-index", options={"targets": "indices"})
def likelihood_of_all_pairs(lp, y):
    """lp[:, y] pairs every row with every label and averages over the pairs."""
    return -lp[:, y].mean()


@wrong("nll", kind="gradient", diagnosis="batch-missing")
def likelihood_gradient_without_mean(lp, y):
    """−y lacks the 1 / B of the mean."""
    return -1.0 * y


@wrong("nll", kind="gradient", diagnosis="delta-over-p")
def likelihood_gradient_divides(lp, y):
    """Divides by the log-probabilities as if they were probabilities."""
    return -y / lp / len(lp)


@wrong("nll", kind="gradient", diagnosis="wrong-function")
def likelihood_gradient_of_the_logits(lp, y):
    """exp(lp) − y goes through log-softmax as well."""
    return (np.exp(lp) - y) / len(lp)


@wrong("nll", kind="gradient", diagnosis="index-add-duplicates", options={"targets": "indices"},
       link="https://github.com/pytorch/pytorch/issues/1528")
def likelihood_gradient_flat_index(lp, y):
    """Indexes the flat array by label alone, so the first row collects everything and repeated labels count once."""
    grad = np.zeros(lp.size)
    grad[y] += -1 / len(y)
    return grad.reshape(lp.shape)


@wrong("nll", kind="gradient", diagnosis="normaliser", options={"targets": "indices", "weights": "rows"},
       link="https://github.com/pytorch/pytorch/issues/65329")
def likelihood_gradient_over_the_weights(lp, y, w):
    """Divides by Σ w where the loss divides by B."""
    grad = np.zeros(lp.shape)
    grad[np.arange(len(y)), y] = -w / w.sum()
    return grad


@wrong("nll", kind="gradient", diagnosis="batch-doubled", options={"reduction": "sum"})
def likelihood_gradient_mean_for_a_summed_loss(lp, y):
    """Divides by B although the loss is the sum over the batch."""
    return -y / lp.shape[0]
