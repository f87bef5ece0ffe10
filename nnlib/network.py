"""A feedforward network: linear layers with one activation between them."""

from itertools import pairwise

import numpy as np

from nnlib import settings
from nnlib.layers import FullyConnectedLayer


class NeuralNetwork:
    """a_0 = x;  z_l = a_{l−1} W_l + β_l;  a_l = φ(z_l);  the output is the last z: the last layer stays linear.

    layers: the FullyConnectedLayers, in order. activation: φ, one object for all hidden layers, since it has no state.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), algorithms 6.3 and 6.4.
    """

    def __init__(self, input_size, output_size, hidden_sizes, activation, rng=0):
        """Sizes: positive integers, hidden_sizes a list of them. activation: a class or an object with forward and
        backward. rng: a seed or a numpy.random.Generator. Raises: TypeError, ValueError.
        """
        sizes = [input_size, *settings.sequence("NeuralNetwork", "hidden_sizes", hidden_sizes), output_size]
        self.activation = settings.activation("NeuralNetwork", activation)
        rng = np.random.default_rng(rng)
        self.layers = [FullyConnectedLayer(*pair, rng) for pair in pairwise(sizes)]

    def forward(self, x):
        """The output, shape (B, output_size), for x (B, input_size). Raises: TypeError, ValueError for other x."""
        inputs, _ = self._inputs(x)
        return self.layers[-1].forward(inputs[-1])

    def backward(self, x, grad):
        """(∂L/∂x, [∂L/∂W_1, …], [∂L/∂β_1, …]) for the input x of forward and grad = ∂L/∂output (B, output_size).

        Raises: as forward, for grad too.
        """
        inputs, hidden = self._inputs(x)
        grad, weight_grad, bias_grad = self.layers[-1].backward(inputs[-1], grad)
        weight_grads, bias_grads = [weight_grad], [bias_grad]
        for layer, a, z in reversed(list(zip(self.layers, inputs, hidden, strict=False))):
            grad, weight_grad, bias_grad = layer.backward(a, self.activation.backward(z, grad))
            weight_grads.insert(0, weight_grad)
            bias_grads.insert(0, bias_grad)
        return grad, weight_grads, bias_grads

    def _inputs(self, x):
        """The input a_{l−1} of each layer, and the input z_l of each activation, which are one fewer."""
        inputs, hidden = [x], []
        for layer in self.layers[:-1]:
            hidden.append(layer.forward(inputs[-1]))
            inputs.append(self.activation.forward(hidden[-1]))
        return inputs, hidden
