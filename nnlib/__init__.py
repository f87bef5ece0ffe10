"""nnlib: neural-network modules in NumPy, each with its backward pass written by hand.

Reading order: layers, activations and their row_kernels, losses, network; then softmax_cross_entropy and the
cross_entropy_kernels it drives through blocks; linear_softmax_cross_entropy last. checks holds every validation of an
argument.
"""

from nnlib.activations import LogSoftmax, ReLU, Sigmoid, Softmax, Tanh
from nnlib.layers import FullyConnectedLayer
from nnlib.linear_softmax_cross_entropy import LinearSoftmaxCrossEntropy
from nnlib.losses import CategoricalCrossEntropy, MeanSquaredError, NegativeLogLikelihood
from nnlib.network import NeuralNetwork
from nnlib.softmax_cross_entropy import SoftmaxCrossEntropy

__all__ = [
    "CategoricalCrossEntropy",
    "FullyConnectedLayer",
    "LinearSoftmaxCrossEntropy",
    "LogSoftmax",
    "MeanSquaredError",
    "NegativeLogLikelihood",
    "NeuralNetwork",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "SoftmaxCrossEntropy",
    "Tanh",
]
