"""What a module may be made with: sizes, an activation, the options of a loss. Arrays are the business of `checks`.

A function returns the setting, and raises TypeError for a wrong type, ValueError for a wrong value. Messages name the
operation, what it expected and what it received.
"""

import numpy as np


def size(operation, name, number):
    """A positive integer."""
    if isinstance(number, bool) or not isinstance(number, (int, np.integer)):
        raise TypeError(f"{operation}: {name} must be a positive integer, got {number!r}")
    if number < 1:
        raise ValueError(f"{operation}: {name} must be a positive integer, got {number}")
    return int(number)


def sequence(operation, name, numbers):
    """Something to iterate over, that is not a string."""
    if isinstance(numbers, str) or not hasattr(numbers, "__iter__"):
        raise TypeError(f"{operation}: {name} must be a list, got {numbers!r}")
    return numbers


def activation(operation, activation):
    """An object with forward and backward, made from the class where a class is given."""
    if isinstance(activation, type):
        activation = activation()
    for method in ("forward", "backward"):
        if not callable(getattr(activation, method, None)):
            raise TypeError(f"{operation}: activation must have a method {method}, got {activation!r}")
    return activation


def reduction(operation, reduction):
    """The word mean, or sum."""
    if reduction not in ("mean", "sum"):
        raise ValueError(f'{operation}: reduction must be "mean" or "sum", got {reduction!r}')
    return reduction


def number(operation, name, value, low, high, closed):
    """A real number with low < value < high, or low ≤ value < high where closed."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{operation}: {name} must be a number, got {value!r}")
    if not (low <= value < high and (closed or low < value)):
        raise ValueError(f"{operation}: {name} must lie in {'[' if closed else '('}{low}, {high}), got {value}")
    return float(value)


def ignore_index(operation, index):
    """An integer, or None."""
    if index is not None and (isinstance(index, bool) or not isinstance(index, (int, np.integer))):
        raise TypeError(f"{operation}: ignore_index must be an integer or None, got {index!r}")
    return index


def instance(operation, name, value, cls):
    """An object of the class."""
    if not isinstance(value, cls):
        raise TypeError(f"{operation}: {name} must be a {cls.__name__}, got {value!r}")
    return value


def no_class_weights(operation, weights):
    """Raises: ValueError where weights are given."""
    if weights is not None:
        raise ValueError(f"{operation}: with class_weights the Hessian depends on y; it is given without them only")
