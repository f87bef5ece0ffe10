"""Softmax values and Jacobians that are wrong."""

import numpy as np

from .forward import softmax
from .registry import wrong


@wrong("softmax", kind="value", diagnosis="no-shift", shows="overflow",
       link="https://github.com/uTensor/uTensor/pull/176")
def softmax_without_shift(o):
    """Nothing is subtracted from the logits, so exp overflows and inf / inf is NaN."""
    e = np.exp(o)
    return e / e.sum(axis=1, keepdims=True)


@wrong("softmax", kind="value", diagnosis="global-maximum", shows="row-gap",
       link="https://github.com/manassharma07/crysx_nn/issues/7")
def softmax_global_maximum(o):
    """The maximum of the whole batch is subtracted, so a row far below it becomes 0 / 0."""
    e = np.exp(o - np.max(o))
    return e / np.sum(e, axis=1, keepdims=True)


@wrong("softmax", kind="value", diagnosis="saturated", shows="low",
       link="https://github.com/FluxML/NNlib.jl/pull/43")
def softmax_shift_starts_at_zero(o):
    """The search for the maximum starts at 0, so rows of very negative logits are not shifted and become 0 / 0."""
    out = np.zeros(o.shape)
    for b in range(o.shape[0]):
        largest = 0.0
        for k in range(o.shape[1]):
            if o[b, k] > largest:
                largest = o[b, k]
        e = np.exp(o[b] - largest)
        out[b] = e / e.sum()
    return out


@wrong("softmax", kind="value", diagnosis="saturated", shows="mask",
       link="https://github.com/pytorch/pytorch/issues/31829")
def softmax_shifted_by_the_mean(o):
    """The mean is subtracted in place of the maximum, and one masked logit of −inf makes the whole row NaN."""
    e = np.exp(o - o.mean(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@wrong("softmax", kind="value", diagnosis="nan-mask", shows="mask",
       link="https://github.com/pytorch/pytorch/issues/49724")
def softmax_masked_by_a_product(o):
    """Multiplies the shifted logits by a mask of the finite ones, and 0 · (−inf) is NaN."""
    finite = np.isfinite(o)
    e = np.exp((o - o.max(axis=1, keepdims=True)) * finite) * finite
    return e / e.sum(axis=1, keepdims=True)


@wrong("softmax", kind="value", diagnosis="wrong-axis", link="https://github.com/dpilger26/NumCpp/issues/57")
def softmax_over_the_batch(o):
    """Normalises each class over the batch instead of each row over the classes."""
    e = np.exp(o - o.max(axis=0))
    return e / e.sum(axis=0)


@wrong("softmax", kind="value", diagnosis="wrong-axis", link="https://github.com/nntrainer/nntrainer/pull/430")
def softmax_over_everything(o):
    """Divides by the sum over the whole batch, which is right for a single row only."""
    e = np.exp(o - np.max(o))
    return e / np.sum(e)


@wrong("softmax", kind="value", diagnosis="float32-inside")
def softmax_in_single_precision(o):
    """Casts the logits to float32 and hands back float64 with half of the digits."""
    o = o.astype(np.float32)
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).astype(np.float64)


@wrong("softmax", kind="value", diagnosis="mutates-input", shows="mutation",
       link="https://github.com/JuliaGPU/CUDA.jl/issues/592")
def softmax_that_shifts_its_argument(o):
    """Subtracts the maximum in place, so the caller's logits are changed."""
    o -= o.max(axis=1, keepdims=True)
    e = np.exp(o)
    return e / e.sum(axis=1, keepdims=True)


@wrong("softmax", kind="value", diagnosis="integer-buffer", shows="integer",
       link="https://github.com/numpy/numpy/issues/16578")
def softmax_into_a_buffer_like_its_input(o):
    """The result buffer has the dtype of the logits, so integer logits give zeros and ones."""
    out = np.zeros_like(o)
    for row, logits in enumerate(o):
        e = np.exp(logits - max(logits))
        out[row] = e / e.sum()
    return out


@wrong("softmax", kind="value", diagnosis="epsilon-one-side")
def softmax_with_epsilon_below(o):
    """A small constant in the denominator keeps the rows from summing to one."""
    e = np.exp(o - o.max(axis=1, keepdims=True))
    return e / (e.sum(axis=1, keepdims=True) + 1e-8)


@wrong("softmax", kind="value", diagnosis="rare-branch", shows="ties")
def softmax_hard_when_confident(o):
    """Rows that spread over more than 30 are set to a one-hot row, which is wrong where the maximum is tied."""
    p = softmax(o)
    confident = o.max(axis=1) - o.min(axis=1) > 30
    p[confident] = np.eye(o.shape[1])[o[confident].argmax(axis=1)]
    return p


@wrong("softmax", kind="value", diagnosis="softmax-twice",
       link="https://github.com/Lightning-Universe/lightning-bolts/issues/654")
def softmax_of_softmax(o):
    """Normalises probabilities once more as if they were logits."""
    return softmax(softmax(o))


@wrong("softmax", kind="value", diagnosis="wrong-function")
def softmax_straight_to_the_prediction(o):
    """Returns the hard prediction, as if the largest probability were 1 and the others 0."""
    return (o == o.max(axis=1, keepdims=True)).astype(float)


@wrong("softmax", kind="jacobian", diagnosis="diagonal-only",
       link="https://github.com/deeplearning4j/libnd4j/issues/440")
def jacobian_diagonal_only(o):
    """Leaves out every ∂p_i/∂o_j with i ≠ j, as if softmax acted entry by entry."""
    p = softmax(o)
    return np.array([np.diag(row * (1 - row)) for row in p])


@wrong("softmax", kind="jacobian", diagnosis="sign")
def jacobian_with_both_signs_turned(o):
    """p pᵀ − diag(p) is the negative of the Jacobian."""
    p = softmax(o)
    return np.stack([np.outer(row, row) - np.diag(row) for row in p])


@wrong("softmax", kind="jacobian", diagnosis="operator-swapped")
def jacobian_off_diagonal_positive(o):
    """The off-diagonal entries are +p_i p_j instead of −p_i p_j."""
    p = softmax(o)
    J = np.zeros((p.shape[0], p.shape[1], p.shape[1]))
    for b in range(p.shape[0]):
        for i in range(p.shape[1]):
            for j in range(p.shape[1]):
                if i == j:
                    J[b, i, j] = p[b, i] * (1 - p[b, i])
                else:
                    J[b, i, j] = p[b, i] * p[b, j]
    return J


@wrong("softmax", kind="jacobian", diagnosis="aliases-output")
def jacobian_one_matrix_for_all_rows(o):
    """The list holds the same matrix again and again, so every row gets the Jacobian of the last one."""
    p = softmax(o)
    J = np.zeros((p.shape[1], p.shape[1]))
    jacobians = []
    for row in p:
        J[:] = np.diag(row) - np.outer(row, row)
        jacobians.append(J)
    return np.array(jacobians)


@wrong("softmax", kind="jacobian", diagnosis="missing-term")
def jacobian_delta_forgotten(o):
    """−p_i p_j everywhere: the term p_i δ_ij is missing on the diagonal."""
    p = softmax(o)
    return -p[:, :, None] * p[:, None, :]


@wrong("softmax", kind="jacobian", diagnosis="unstable")
def jacobian_by_finite_differences(o):
    """Central differences with a step of 1e-6 keep ten digits at best."""
    h = 1e-6
    columns = []
    for j in range(o.shape[1]):
        step = np.zeros(o.shape)
        step[:, j] = h
        columns.append((softmax(o + step) - softmax(o - step)) / (2 * h))
    return np.stack(columns, axis=2)
