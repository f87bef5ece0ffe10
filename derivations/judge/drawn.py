"""The arguments of an operation's function in a situation, from the domains of its inputs."""

import numpy as np

from derivations.judge.draws import rows_that_sum_to_one


def drawn(function, specification, situation, rng, dtype=np.float64, fixed=None):
    """The arguments of the function as arrays of that float type, by the names of its arguments.

    fixed: {name: value} of the inputs that are given.
    """
    sizes = _sizes(specification, situation, fixed)
    return _Draw(function, specification, situation, rng, sizes, dtype, fixed or {}).arguments()


def draws(specification, names, fixed=()):
    """Which of the draws of a situation the arguments of those names come from."""
    return {_source(specification, name) for name in names if name not in fixed}


def _source(specification, name):
    """The draw of a situation that an argument comes from, "" for none."""
    item = next((x for x in specification.inputs if x.name == name), None)
    if item is None:
        return "upstream"
    domain, by = item.domain.name, item.array in specification.by
    if domain in ("positive", "unit"):
        return "parameter"
    if domain in ("simplex", "log simplex", "classes"):
        return "probabilities" if domain == "log simplex" or (by and domain == "simplex") else "targets"
    if domain == "keep":
        return ""
    return "entries" if by and len(item.axes) == 2 else "others"


def _sizes(specification, situation, fixed):
    sizes = {"B": situation.rows, "n": situation.columns, "m": max(1, situation.columns - 1), "h": 2}
    if situation.rows == situation.columns:
        sizes |= {"m": situation.columns, "h": situation.columns}
    for item in specification.inputs:  # what is given has its own sizes
        if item.name in (fixed or {}):
            sizes |= zip(map(str, item.axes), np.shape(fixed[item.name]), strict=True)
    return sizes


class _Draw:
    def __init__(self, function, specification, situation, rng, sizes, dtype, fixed):
        self._function, self._situation, self._rng, self._sizes, self._dtype = function, situation, rng, sizes, dtype
        self._specification = specification
        self._domains = {x.name: x.domain for x in specification.inputs}
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
        source, domain = _source(self._specification, name), self._domains.get(name)
        if source == "targets":
            return self._classes(shape) if domain.name == "classes" else self._targets(shape)
        draw = getattr(self._situation, source, None)
        if draw is None:
            return domain.draw(self._rng, shape, self._sizes["n"])
        made = draw(self._rng, shape)
        with np.errstate(divide="ignore"):
            return np.log(made) if domain is not None and domain.name == "log simplex" else made

    def _classes(self, shape):
        most = self._sizes["n"]
        one_each = self._situation.targets == "one-hot"
        return np.arange(shape[0]) % most if one_each else self._rng.integers(0, most, shape)

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
