"""Linear, sigmoid, linear, mean squared error: gradients that are wrong."""

import numpy as np

from .forward import sigmoid
from .registry import wrong


def run(x, W1, b1, W2, b2, y):
    """Hidden activation s and the upstream gradient d2 = (p − y) / B of the output layer."""
    s = sigmoid(x @ W1 + b1)
    return s, (s @ W2 + b2 - y) / y.size


@wrong("network", kind="gradient", diagnosis="missing-term",
       link="https://github.com/Bot-Academy/NeuralNetworkFromScratch/pull/3")
def network_without_sigmoid_derivative(x, W1, b1, W2, b2, y):
    """The derivative of the hidden activation is left out."""
    s, d2 = run(x, W1, b1, W2, b2, y)
    d1 = d2 @ W2.T
    return d1 @ W1.T, x.T @ d1, d1.sum(axis=0), s.T @ d2, d2.sum(axis=0)


@wrong("network", kind="gradient", diagnosis="derivative-at-output",
       link="https://github.com/benoitfragit/libBrain/issues/78")
def network_sigmoid_derivative_at_the_activation(x, W1, b1, W2, b2, y):
    """σ′ gets the activation where it expects the weighted sum."""
    def sigmoid_prime(z):
        return sigmoid(z) * (1 - sigmoid(z))

    s, d2 = run(x, W1, b1, W2, b2, y)
    d1 = (d2 @ W2.T) * sigmoid_prime(s)
    return d1 @ W1.T, x.T @ d1, d1.sum(axis=0), s.T @ d2, d2.sum(axis=0)


@wrong("network", kind="gradient", diagnosis="activation-missing",
       link="https://github.com/maziarraissi/backprop/issues/1")
def network_weights_from_pre_activations(x, W1, b1, W2, b2, y):
    """The output weights are multiplied by the pre-activations instead of the activations."""
    z = x @ W1 + b1
    s, d2 = run(x, W1, b1, W2, b2, y)
    d1 = (d2 @ W2.T) * s * (1 - s)
    return d1 @ W1.T, x.T @ d1, d1.sum(axis=0), z.T @ d2, d2.sum(axis=0)


@wrong("network", kind="gradient", diagnosis="mutates-input",
       link="https://github.com/joelgrus/data-science-from-scratch/issues/31")
def network_updates_before_it_is_done(x, W1, b1, W2, b2, y):
    """Takes the step on the output weights first and sends the error back through the new ones."""
    s, d2 = run(x, W1, b1, W2, b2, y)
    gW2 = s.T @ d2
    W2 -= 0.1 * gW2
    d1 = (d2 @ W2.T) * s * (1 - s)
    return d1 @ W1.T, x.T @ d1, d1.sum(axis=0), gW2, d2.sum(axis=0)


@wrong("network", kind="gradient", diagnosis="extra-term",
       link="https://github.com/mnielsen/neural-networks-and-deep-learning/pull/77")
def network_sigmoid_at_the_output(x, W1, b1, W2, b2, y):
    """The last layer is linear, but its error is multiplied by p(1 − p)."""
    s = sigmoid(x @ W1 + b1)
    p = s @ W2 + b2
    d2 = (p - y) * p * (1 - p) / y.size
    d1 = (d2 @ W2.T) * s * (1 - s)
    return d1 @ W1.T, x.T @ d1, d1.sum(axis=0), s.T @ d2, d2.sum(axis=0)


@wrong("network", kind="gradient", diagnosis="batch-missing")
def network_without_mean(x, W1, b1, W2, b2, y):
    """The mean over the batch is forgotten everywhere."""
    s, d2 = run(x, W1, b1, W2, b2, y)
    d2 = d2 * y.size
    d1 = (d2 @ W2.T) * s * (1 - s)
    return d1 @ W1.T, x.T @ d1, d1.sum(axis=0), s.T @ d2, d2.sum(axis=0)


@wrong("network", kind="gradient", diagnosis="factor",
       link="https://github.com/bighuang624/Andrew-Ng-Deep-Learning-notes/issues/10")
def network_output_weights_doubled(x, W1, b1, W2, b2, y):
    """A stray factor 2 in one of the five gradients."""
    s, d2 = run(x, W1, b1, W2, b2, y)
    d1 = (d2 @ W2.T) * s * (1 - s)
    return d1 @ W1.T, x.T @ d1, d1.sum(axis=0), 2 * s.T @ d2, d2.sum(axis=0)


@wrong("network", kind="gradient", diagnosis="bias-not-summed")
def network_hidden_bias_not_summed(x, W1, b1, W2, b2, y):
    """The hidden bias gradient keeps the batch axis."""
    s, d2 = run(x, W1, b1, W2, b2, y)
    d1 = (d2 @ W2.T) * s * (1 - s)
    return d1 @ W1.T, x.T @ d1, d1, s.T @ d2, d2.sum(axis=0)


@wrong("network", kind="gradient", diagnosis="bias-averaged")
def network_biases_averaged(x, W1, b1, W2, b2, y):
    """Both bias gradients are averaged over a batch whose mean has been taken already."""
    s, d2 = run(x, W1, b1, W2, b2, y)
    d1 = (d2 @ W2.T) * s * (1 - s)
    return d1 @ W1.T, x.T @ d1, d1.mean(axis=0), s.T @ d2, d2.mean(axis=0)


@wrong("network", kind="gradient", diagnosis="bias-summed-over-all")
def network_hidden_bias_summed_over_units(x, W1, b1, W2, b2, y):
    """All hidden units share the sum of their bias gradients."""
    s, d2 = run(x, W1, b1, W2, b2, y)
    d1 = (d2 @ W2.T) * s * (1 - s)
    return d1 @ W1.T, x.T @ d1, np.full(b1.shape, d1.sum()), s.T @ d2, d2.sum(axis=0)


@wrong("network", kind="gradient", diagnosis="missing-term")
def network_input_gradient_stops_early(x, W1, b1, W2, b2, y):
    """The gradient of the input is that of the hidden layer: W1 is not applied."""
    s, d2 = run(x, W1, b1, W2, b2, y)
    d1 = (d2 @ W2.T) * s * (1 - s)
    return d1, x.T @ d1, d1.sum(axis=0), s.T @ d2, d2.sum(axis=0)


@wrong("network", kind="gradient", diagnosis="wrong-axis")
def network_hidden_units_share_one_error(x, W1, b1, W2, b2, y):
    """The error is sent back through the sum of the output weights, so all hidden units get the same one."""
    s, d2 = run(x, W1, b1, W2, b2, y)
    d1 = d2 * W2.sum() * s * (1 - s)
    return d1 @ W1.T, x.T @ d1, d1.sum(axis=0), s.T @ d2, d2.sum(axis=0)


@wrong("network", kind="gradient", diagnosis="transpose")
def network_square_hidden_layer_only(x, W1, b1, W2, b2, y):
    """W1 in place of its transpose passes for two inputs and two hidden units and for nothing else."""
    s, d2 = run(x, W1, b1, W2, b2, y)
    d1 = (d2 @ W2.T) * s * (1 - s)
    return d1 @ W1, x.T @ d1, d1.sum(axis=0), s.T @ d2, d2.sum(axis=0)


@wrong("network", kind="gradient", diagnosis="missing-term")
def network_keeps_the_last_sample(x, W1, b1, W2, b2, y):
    """Samples are handled one by one and each overwrites the gradients of the one before."""
    gx = np.zeros(x.shape)
    for i in range(len(x)):
        s = 1 / (1 + np.exp(-(x[i] @ W1 + b1)))
        d2 = (s @ W2 + b2 - y[i]) / y.size
        d1 = (W2 @ d2) * s * (1 - s)
        gx[i] = W1 @ d1
        gW1, gb1, gW2, gb2 = np.outer(x[i], d1), d1, np.outer(s, d2), d2
    return gx, gW1, gb1, gW2, gb2


@wrong("network", kind="gradient", diagnosis="integer-buffer", shows="integer")
def network_into_buffers_like_the_weights(x, W1, b1, W2, b2, y):
    """Starting weights given as integers make integer gradient buffers."""
    s, d2 = run(x, W1, b1, W2, b2, y)
    d1 = (d2 @ W2.T) * s * (1 - s)
    grads = [np.empty_like(W1), np.empty_like(b1), np.empty_like(W2), np.empty_like(b2)]
    grads[0][:], grads[1][:] = x.T @ d1, d1.sum(axis=0)
    grads[2][:], grads[3][:] = s.T @ d2, d2.sum(axis=0)
    return (d1 @ W1.T, *grads)


@wrong("network", kind="gradient", diagnosis="saturated", shows="overflow")
def network_with_exponential_derivative(x, W1, b1, W2, b2, y):
    """Writes σ′ as exp(−z) / (1 + exp(−z))², which is NaN for large negative z."""
    s, d2 = run(x, W1, b1, W2, b2, y)
    e = np.exp(-(x @ W1 + b1))
    d1 = (d2 @ W2.T) * e / (1 + e) ** 2
    return d1 @ W1.T, x.T @ d1, d1.sum(axis=0), s.T @ d2, d2.sum(axis=0)


@wrong("network", kind="gradient", diagnosis="wrong-function")
def network_hidden_derivative_of_tanh(x, W1, b1, W2, b2, y):
    """The hidden layer is a sigmoid and its derivative that of tanh."""
    s, d2 = run(x, W1, b1, W2, b2, y)
    d1 = (d2 @ W2.T) * (1 - s ** 2)
    return d1 @ W1.T, x.T @ d1, d1.sum(axis=0), s.T @ d2, d2.sum(axis=0)
