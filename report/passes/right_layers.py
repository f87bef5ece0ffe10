"""Linear layer, mean squared error and the small network, right in many styles."""

import numpy as np

from .forward import sigmoid
from .registry import right


@right("linear", kind="value", style="textbook")
def linear_textbook(x, W, b):
    """x W + b."""
    return x @ W + b


@right("linear", kind="value", style="einsum")
def linear_einsum(x, W, b):
    """The product by einsum, the bias by broadcasting."""
    return np.einsum("bi,io->bo", x, W) + b[None, :]


@right("linear", kind="value", style="column vectors")
def linear_column_vectors(x, W, b):
    """(Wᵀ xᵀ + b)ᵀ, as in books that write samples as columns."""
    return (W.T @ x.T + b[:, None]).T


@right("linear", kind="vjp", style="textbook")
def linear_backward_textbook(x, W, b, g):
    """g Wᵀ, xᵀ g and the sum of g over the batch."""
    return g @ W.T, x.T @ g, g.sum(axis=0)


@right("linear", kind="vjp", style="einsum")
def linear_backward_einsum(x, W, b, g):
    """Three einsums, one for each gradient."""
    return np.einsum("bo,io->bi", g, W), np.einsum("bi,bo->io", x, g), np.einsum("bo->o", g)


@right("linear", kind="vjp", style="tensordot")
def linear_backward_tensordot(x, W, b, g):
    """Contractions named by their axes."""
    return np.tensordot(g, W, axes=(1, 1)), np.tensordot(x, g, axes=(0, 0)), np.add.reduce(g, axis=0)


@right("linear", kind="vjp", style="loop")
def linear_backward_outer_products(x, W, b, g):
    """Adds one outer product for each sample to its own zeros."""
    gx, gW, gb = np.zeros(x.shape), np.zeros(W.shape), np.zeros(b.shape)
    for row in range(len(x)):
        gx[row] = W @ g[row]
        gW += np.outer(x[row], g[row])
        gb += g[row]
    return gx, gW, gb


@right("linear", kind="vjp", style="loop over entries")
def linear_backward_all_loops(x, W, b, g):
    """Three nested loops and no matrix product."""
    gx, gW, gb = np.zeros(x.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for row in range(x.shape[0]):
        for j in range(W.shape[1]):
            gb[j] += g[row, j]
            for i in range(W.shape[0]):
                gx[row, i] += g[row, j] * W[i, j]
                gW[i, j] += x[row, i] * g[row, j]
    return gx, gW, gb


@right("linear", kind="vjp", style="augmented input")
def linear_backward_augmented(x, W, b, g):
    """The bias is the weight of a constant input 1, and one product gives both gradients."""
    augmented = np.hstack([x, np.ones((len(x), 1))])
    both = augmented.T @ g
    return g @ np.transpose(W), both[:-1], both[-1]


@right("linear", kind="vjp", style="transposed product")
def linear_backward_transposed_products(x, W, b, g):
    """(gᵀ x)ᵀ and (W gᵀ)ᵀ, with the batch sum as a product with ones."""
    return (W @ g.T).T, (g.T @ x).T, np.ones(len(g)) @ g


@right("linear", kind="vjp", style="one sample", options={"batched": False})
def linear_backward_one_sample(x, W, b, g):
    """W g, the outer product and g itself."""
    return W @ g, np.outer(x, g), g.copy()


@right("linear", kind="object", style="class")
class FullyConnectedLayer:
    """Holds its parameters and nothing else."""

    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias

    def forward(self, x):
        return x @ self.weights + self.bias

    def backward(self, x, grad):
        return grad @ self.weights.T, x.T @ grad, grad.sum(axis=0)


@right("linear", kind="object", style="cached forward", options={"cached": True})
class LinearWithCachedInput:
    """Remembers its input, as most tutorials do."""

    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias

    def forward(self, x):
        self.x = x
        return np.dot(x, self.weights) + self.bias

    def backward(self, grad):
        return np.dot(grad, self.weights.T), np.dot(self.x.T, grad), np.sum(grad, axis=0)


@right("mse", kind="value", style="textbook")
def squared_error_textbook(p, y):
    """The mean of ½(p − y)²."""
    return np.mean(0.5 * (p - y) ** 2)


@right("mse", kind="value", style="vdot")
def squared_error_by_vdot(p, y):
    """The squared length of the difference over twice its size."""
    difference = (p - y).ravel()
    return difference @ difference / (2 * difference.size)


@right("mse", kind="gradient", style="textbook")
def squared_error_gradient_textbook(p, y):
    """(p − y) over the number of entries."""
    return (p - y) / p.size


@right("mse", kind="gradient", style="factors kept")
def squared_error_gradient_factors_kept(p, y):
    """½ · 2 · (p − y), divided by rows and columns one after the other."""
    return 0.5 * 2 * (p - y) / p.shape[0] / p.shape[1]


@right("mse", kind="gradient", style="loop")
def squared_error_gradient_loops(p, y):
    """Entry by entry into a float buffer."""
    grad = np.zeros(p.shape)
    for index, value in np.ndenumerate(p):
        grad[index] = (value - y[index]) * (1 / p.size)
    return grad


@right("mse", kind="gradient", style="sum", options={"reduction": "sum"})
def squared_error_gradient_of_the_sum(p, y):
    """p − y, because the loss is the sum."""
    return p - y


@right("mse", kind="object", style="class")
class MeanSquaredError:
    """Both halves of the loss, nothing remembered."""

    def forward(self, pred, y):
        return ((pred - y) ** 2).mean() / 2

    def backward(self, pred, y):
        return -(y - pred) / y.size


@right("network", kind="gradient", style="textbook")
def network_textbook(x, W1, b1, W2, b2, y):
    """Forward, then backwards layer by layer."""
    s = sigmoid(x @ W1 + b1)
    d2 = (s @ W2 + b2 - y) / y.size
    d1 = (d2 @ W2.T) * s * (1 - s)
    return d1 @ W1.T, x.T @ d1, d1.sum(axis=0), s.T @ d2, d2.sum(axis=0)


@right("network", kind="gradient", style="einsum")
def network_einsum(x, W1, b1, W2, b2, y):
    """Every product by einsum."""
    s = sigmoid(np.einsum("bi,ih->bh", x, W1) + b1)
    d2 = (np.einsum("bh,ho->bo", s, W2) + b2 - y) / y.size
    d1 = np.einsum("bo,ho,bh->bh", d2, W2, s * (1 - s))
    return (np.einsum("bh,ih->bi", d1, W1), np.einsum("bi,bh->ih", x, d1), np.einsum("bh->h", d1),
            np.einsum("bh,bo->ho", s, d2), np.einsum("bo->o", d2))


@right("network", kind="gradient", style="loop over samples")
def network_sample_by_sample(x, W1, b1, W2, b2, y):
    """Handles one sample after another and adds up the gradients."""
    gx = np.zeros(x.shape)
    gW1, gb1, gW2, gb2 = (np.zeros(a.shape) for a in (W1, b1, W2, b2))
    for i in range(len(x)):
        s = 1 / (1 + np.exp(-(x[i] @ W1 + b1)))
        d2 = (s @ W2 + b2 - y[i]) / y.size
        d1 = (W2 @ d2) * s * (1 - s)
        gx[i] = W1 @ d1
        gW1 += np.outer(x[i], d1)
        gb1 += d1
        gW2 += np.outer(s, d2)
        gb2 += d2
    return gx, gW1, gb1, gW2, gb2


@right("network", kind="gradient", style="explicit Jacobian")
def network_jacobian_of_the_hidden_layer(x, W1, b1, W2, b2, y):
    """Sends each error through the diagonal Jacobian matrix of the sigmoid."""
    s = sigmoid(x @ W1 + b1)
    d2 = (s @ W2 + b2 - y) / y.size
    d1 = np.stack([np.diag(row * (1 - row)) @ (W2 @ error) for row, error in zip(s, d2, strict=True)])
    return np.dot(d1, W1.T), np.dot(x.T, d1), d1.sum(0), np.dot(s.T, d2), d2.sum(0)


@right("network", kind="gradient", style="composed layers")
def network_composed_of_layers(x, W1, b1, W2, b2, y):
    """Chains the layers' own backward passes."""
    hidden, output = FullyConnectedLayer(W1, b1), FullyConnectedLayer(W2, b2)
    z = hidden.forward(x)
    s = sigmoid(z)
    grad = MeanSquaredError().backward(output.forward(s), y)
    grad, gW2, gb2 = output.backward(s, grad)
    grad, gW1, gb1 = hidden.backward(x, grad * s * (1 - s))
    return grad, gW1, gb1, gW2, gb2
