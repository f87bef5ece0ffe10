"""The arguments of an operation's function in a situation, from the domains of its inputs."""

import numpy as np

from derivations.judge.draws import rows_that_sum_to_one


def drawn(function, specification, situation, rng, dtype=np.float64, fixed=None):
    """The arguments of the function as arrays of that float type, by the names of its arguments.

    fixed: {name: value} of the inputs that are given.
    """
    sizes = {"B": situation.rows, "n": situation.columns, "m": max(1, situation.columns - 1), "h": 2}
    if situation.rows == situation.columns:
        sizes |= {"m": situation.columns, "h": situation.columns}
    for item in specification.inputs:  # what is given has its own sizes
        if item.name in (fixed or {}):
            sizes |= zip(map(str, item.axes), np.shape(fixed[item.name]), strict=True)
    return _Draw(function, specification, situation, rng, sizes, dtype, fixed or {}).arguments()


class _Draw:
    def __init__(self, function, specification, situation, rng, sizes, dtype, fixed):
        self._function, self._situation, self._rng, self._sizes, self._dtype = function, situation, rng, sizes, dtype
        self._inputs = {x.name: x for x in specification.inputs}
        self._by = {str(array.label) for array in specification.by}
        self._fixed = fixed

    def arguments(self):
        names = [str(getattr(x, "label", x)) for x in self._function.arguments]
        made = {}
        for name, argument in zip(names, self._function.arguments, strict=True):
            shape = tuple(self._sizes[str(size)] for size in getattr(argument, "shape", None) or ())
            made[name] = self._array(name, shape)
        self._keep_finite(made)
        arrange = self._situation.arranged or (lambda x: x)
        typed = [self._typed(made[name]) for name in names]
        return [arrange(x) if x.ndim else x for x in typed]

    def _typed(self, array):
        array = np.asarray(array)
        if array.dtype.kind in "iu":
            return array
        return array.astype(self._dtype)

    def _array(self, name, shape):
        if name in self._fixed:
            return np.asarray(self._fixed[name])
        if name not in self._inputs:
            return self._situation.upstream(self._rng, shape)
        domain = self._inputs[name].domain.name
        if domain == "simplex" and name in self._by:
            return self._situation.probabilities(self._rng, shape)
        if domain == "log simplex":
            with np.errstate(divide="ignore"):
                return np.log(self._situation.probabilities(self._rng, shape))
        if domain == "simplex":
            return self._targets(shape)
        if domain == "classes":
            rows = np.arange(shape[0])
            most = self._sizes["n"]
            return rows % most if self._situation.targets == "one-hot" else self._rng.integers(0, most, shape)
        if domain in ("positive", "unit", "keep"):
            return self._inputs[name].domain.draw(self._rng, shape, self._sizes["n"])
        chosen = name in self._by and len(shape) == 2
        return (self._situation.entries if chosen else self._situation.others)(self._rng, shape)

    def _targets(self, shape):
        if self._situation.targets == "soft":
            return rows_that_sum_to_one(self._rng, shape)
        y = np.eye(shape[1])[np.arange(shape[0]) % shape[1]]
        return y.astype(int) if self._situation.targets == "integer" else y

    def _keep_finite(self, made):
        """Where a logit is −∞, the target is 0: elsewhere the loss is infinite."""
        scores = next((made[name] for name in ("o", "ell") if name in made and np.isinf(made[name]).any()), None)
        if scores is None:
            return
        if "y" in made:
            y = np.where(np.isinf(scores), 0, made["y"])
            made["y"] = y / y.sum(axis=1, keepdims=True)
        if "c" in made:
            made["c"] = np.where(np.isinf(scores), -1, np.arange(scores.shape[1])).max(axis=1)
