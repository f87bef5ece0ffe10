"""The linear layer: values and backward passes that are wrong."""

import numpy as np

from .registry import wrong


@wrong("linear", kind="value", diagnosis="missing-term")
def linear_without_bias(x, W, b):
    """The bias is forgotten."""
    return x @ W


@wrong("linear", kind="value", diagnosis="operator-swapped")
def linear_bias_inside_the_product(x, W, b):
    """Adds the bias to the weights, so it is multiplied by the inputs."""
    return x @ (W + b)


@wrong("linear", kind="value", diagnosis="transpose")
def linear_weights_reshaped(x, W, b):
    """Expects weights of shape (outputs, inputs) and reshapes instead of transposing."""
    return x @ W.reshape(W.shape[1], W.shape[0]).T + b


@wrong("linear", kind="vjp", diagnosis="bias-not-summed", link="https://github.com/mlpack/mlpack/pull/3679")
def linear_backward_bias_not_summed(x, W, b, g):
    """The bias gradient keeps the batch axis, which is right for a single row only."""
    return g @ W.T, x.T @ g, g.copy()


@wrong("linear", kind="vjp", diagnosis="bias-averaged", link="https://github.com/kvfrans/notes/issues/5")
def linear_backward_bias_averaged(x, W, b, g):
    """Averages the bias gradient over the batch; the 1 / B is already in the upstream gradient."""
    return g @ W.T, x.T @ g, np.mean(g, axis=0)


@wrong("linear", kind="vjp", diagnosis="bias-summed-over-all",
       link="https://github.com/rasbt/stat453-deep-learning-ss21/issues/5")
def linear_backward_bias_summed_over_everything(x, W, b, g):
    """Sums over the outputs as well, so all biases get the same gradient."""
    return g @ W.T, x.T @ g, np.full(b.shape, np.sum(g))


@wrong("linear", kind="vjp", diagnosis="wrong-axis", link="https://github.com/deeplearning4j/deeplearning4j/pull/364")
def linear_backward_bias_over_outputs(x, W, b, g):
    """Sums over the outputs and keeps the batch."""
    return g @ W.T, x.T @ g, g.sum(axis=1)


@wrong("linear", kind="vjp", diagnosis="wrong-shape")
def linear_backward_bias_as_a_row(x, W, b, g):
    """keepdims leaves a (1, outputs) gradient for a bias of shape (outputs,), and b -= gb fails."""
    return g @ W.T, x.T @ g, g.sum(axis=0, keepdims=True)


@wrong("linear", kind="vjp", diagnosis="rare-branch", shows="one-row",
       link="https://github.com/deeplearning4j/deeplearning4j/pull/364")
def linear_backward_no_bias_gradient_for_one_row(x, W, b, g):
    """Bias gradients are computed only for batches of more than one row."""
    gb = np.zeros(b.shape)
    if len(g) > 1:
        gb = g.sum(axis=0)
    return g @ W.T, x.T @ g, gb


@wrong("linear", kind="vjp", diagnosis="transpose")
def linear_backward_weights_transposed(x, W, b, g):
    """gᵀ x has the shape of Wᵀ."""
    return g @ W.T, g.T @ x, g.sum(axis=0)


@wrong("linear", kind="vjp", diagnosis="transpose")
def linear_backward_weights_reshaped(x, W, b, g):
    """Mends the shape of gᵀ x with reshape, which orders the entries wrongly."""
    return g @ W.T, (g.T @ x).reshape(W.shape), g.sum(axis=0)


@wrong("linear", kind="vjp", diagnosis="transpose")
def linear_backward_square_only(x, W, b, g):
    """g W instead of g Wᵀ: an error for most shapes, silently wrong for a square layer."""
    return g @ W, x.T @ g, g.sum(axis=0)


@wrong("linear", kind="vjp", diagnosis="mean-for-sum", link="https://github.com/andersbll/nnet/issues/4")
def linear_backward_weights_averaged(x, W, b, g):
    """Divides the parameter gradients by the batch size a second time."""
    return g @ W.T, x.T @ g / len(x), g.sum(axis=0) / len(x)


@wrong("linear", kind="vjp", diagnosis="upstream-ignored")
def linear_backward_bias_counts_rows(x, W, b, g):
    """The bias gets a gradient of B, as if the upstream gradient were all ones."""
    return g @ W.T, x.T @ g, np.ones(b.shape) * len(g)


@wrong("linear", kind="vjp", diagnosis="upstream-ignored")
def linear_backward_as_if_summed(x, W, b, g):
    """The derivative of the sum of the outputs: right for g = 1 only."""
    ones = np.ones(g.shape)
    return ones @ W.T, x.T @ ones, ones.sum(axis=0)


@wrong("linear", kind="vjp", diagnosis="wrong-axis")
def linear_backward_einsum_two_batches(x, W, b, g):
    """The einsum sums x and g over the batch independently, which agrees for one row only."""
    return np.einsum("bo,io->bi", g, W), np.einsum("bi,co->io", x, g), np.einsum("bo->o", g)


@wrong("linear", kind="vjp", diagnosis="missing-term")
def linear_backward_last_row_only(x, W, b, g):
    """The loop assigns where it should add, so only the last sample counts."""
    gx, gW, gb = np.zeros(x.shape), np.zeros(W.shape), np.zeros(b.shape)
    for row in range(len(x)):
        gx[row] = W @ g[row]
        gW = np.outer(x[row], g[row])
        gb = gb + g[row]
    return gx, gW, gb


@wrong("linear", kind="vjp", diagnosis="index-add-duplicates",
       link="https://github.com/HIPS/autograd/issues/39")
def linear_backward_sparse_inputs(x, W, b, g):
    """gW[inputs] += … adds once for each input, however many samples use it."""
    rows, inputs = np.nonzero(x)
    gW = np.zeros(W.shape)
    gW[inputs] += x[rows, inputs][:, None] * g[rows]
    return g @ W.T, gW, g.sum(axis=0)


@wrong("linear", kind="vjp", diagnosis="extra-term")
def linear_backward_with_weight_decay(x, W, b, g):
    """Adds weight decay, a term of a loss that nobody asked for."""
    return g @ W.T, x.T @ g + 1e-4 * W, g.sum(axis=0)


@wrong("linear", kind="vjp", diagnosis="clipped-gradient", shows="large-upstream")
def linear_backward_clipped(x, W, b, g):
    """Clips the weight gradient to ±10 inside the layer."""
    return g @ W.T, np.clip(x.T @ g, -10, 10), g.sum(axis=0)


@wrong("linear", kind="vjp", diagnosis="sign")
def linear_backward_descends(x, W, b, g):
    """Returns the parameter gradients with a minus, ready to be added."""
    return g @ W.T, -x.T @ g, -g.sum(axis=0)


@wrong("linear", kind="vjp", diagnosis="mutates-upstream", shows="mutation")
def linear_backward_consumes_upstream(x, W, b, g):
    """Sums the bias gradient into the first row of the upstream array."""
    gx, gW = g @ W.T, x.T @ g
    for row in range(1, len(g)):
        g[0] += g[row]
    return gx, gW, g[0].copy()


@wrong("linear", kind="vjp", diagnosis="integer-buffer", shows="integer")
def linear_backward_into_buffers_like_the_parameters(x, W, b, g):
    """Weights given as integers make integer buffers, which drop every fraction."""
    gW, gb = np.zeros_like(W), np.zeros_like(b)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            gW[i, j] = sum(x[:, i] * g[:, j])
    for j in range(W.shape[1]):
        gb[j] = sum(g[:, j])
    return g @ W.T, gW, gb


@wrong("linear", kind="vjp", diagnosis="float32-inside")
def linear_backward_single_precision_product(x, W, b, g):
    """Multiplies in float32 for speed and adds the results in float64."""
    gW = np.zeros(W.shape)
    for row in range(len(x)):
        gW += np.outer(x[row].astype(np.float32), g[row].astype(np.float32))
    return g @ W.T, gW, g.sum(axis=0)


@wrong("linear", kind="vjp", diagnosis="transpose", options={"batched": False},
       link="https://github.com/harvard-edge/cs249r_book/pull/1781")
def linear_backward_one_sample_transposes_a_vector(x, W, b, g):
    """x.T of a vector is the vector itself: the weight gradient is a broadcast product, not an outer one."""
    return W @ g, np.resize(x.T, W.shape) * g, g.copy()


@wrong("linear", kind="object", diagnosis="stateful", shows="state",
       link="https://github.com/karpathy/micrograd/pull/102")
class LinearAccumulates:
    """The gradients are added to those of earlier calls and never reset."""

    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias
        self.grad_W, self.grad_b = np.zeros(weights.shape), np.zeros(bias.shape)

    def forward(self, x):
        return x @ self.weights + self.bias

    def backward(self, x, grad):
        self.grad_W = self.grad_W + x.T @ grad
        self.grad_b = self.grad_b + grad.sum(axis=0)
        return grad @ self.weights.T, self.grad_W, self.grad_b


@wrong("linear", kind="object", diagnosis="aliases-output", shows="state")
class LinearReturnsItsBuffer:
    """Writes into its own gradient buffer and returns the buffer, so the next call changes the last result."""

    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias
        self.grad_W = np.empty(weights.shape)

    def forward(self, x):
        return x @ self.weights + self.bias

    def backward(self, x, grad):
        np.matmul(x.T, grad, out=self.grad_W)
        return grad @ self.weights.T, self.grad_W, grad.sum(axis=0)


@wrong("linear", kind="object", diagnosis="stateful", shows="state")
class LinearRemembersItsInput:
    """Multiplies by the input of the last forward call, not by the one that is passed."""

    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias

    def forward(self, x):
        self.x = x
        return np.dot(x, self.weights) + self.bias

    def backward(self, x, grad):
        return np.dot(grad, self.weights.T), np.dot(self.x.T, grad), np.sum(grad, axis=0)
