"""Functions of NumPy, math and of Python on arrays, one case each: (the arrays that it takes, a function of them)."""

import math

import numpy as np

from tests.derivations.execution import exact_procedures as procedures

CASES = {
    # operators
    "arithmetic": ("xv", lambda x, v: (x + v, x - v, x * v, x / v, -x, +x)),
    "arithmetic again": ("xv", lambda x, v: (abs(x), 1 - x, 2 * x, 1 / x, x + 1, x / 3)),
    "numbers": ("v", lambda v: (v[0] + 1, 1 - v[0], v[0] / v[1], 2 / v[0], -v[0], abs(v[0]), np.float64(2) * v[1])),
    "powers": ("px", lambda p, x: (x**2, x**-1, p**0.5, p**-0.5, p**x, 2**x, np.power(p, 3), np.float_power(x, 2))),
    "powers of numbers": ("p", lambda p: (p[0, 0] ** 2, p[0, 0] ** 1.25, 2 ** p[0, 0], p[0, 0] ** p[0, 1])),
    "masks": ("xv", lambda x, v: (x > v, (x > 0) & (x < 1), ~(x >= 0), x[0, 0] > 0, (x > 0) * 2.0, (x > 0) * x)),
    "in place": ("xy", lambda x, y: procedures.in_place(x.copy(), y)),
    "matmul": ("xmv", lambda x, m, v: (x @ m, x @ v, v @ m, v @ v, np.matmul(x, m), np.ones((2, 2)) @ x)),
    "matmul in stacks": ("tx", lambda t, x: (t @ x, t[:, None] @ x, t.transpose(0, 2, 1) @ t)),
    # reductions
    "sum": ("xt", lambda x, t: (x.sum(), x.sum(axis=0), np.sum(x, axis=-1, keepdims=True), t.sum(axis=(0, 2)))),
    "sum with": ("x", lambda x: (x.sum(where=x > 0), np.sum(x, initial=5))),
    "sum with again": ("x", lambda x: (np.sum(x, axis=1, where=[[True], [False]]),)),
    "prod": ("x", lambda x: (x.prod(), np.prod(x, axis=1), np.multiply.reduce(x, axis=0))),
    "max": ("xt", lambda x, t: (x.max(), np.max(x, axis=1), x.max(axis=1, keepdims=True), t.max(axis=(1, 2)))),
    "min": ("x", lambda x: (x.min(), np.amin(x, axis=0), np.amax(x, axis=1))),
    "min again": ("x", lambda x: (np.max(x, initial=9), np.ptp(x, axis=1))),
    "max where": ("x", lambda x: np.max(x, axis=1, initial=-np.inf, where=x > 0)),
    "mean": ("xt", lambda x, t: (x.mean(), np.mean(x, axis=0), x.mean(axis=1, keepdims=True), t.mean(axis=(0, 1)))),
    "var": ("x", lambda x: (x.var(), np.var(x, axis=1, ddof=1), x.std(axis=0), np.std(x, axis=1, keepdims=True))),
    "average": ("xp", lambda x, p: (np.average(x, axis=1, weights=p), np.average(x))),
    "any, all": ("x", lambda x: ((x > 0).any(), np.all(x > 0, axis=1), np.any(x))),
    "any, all again": ("x", lambda x: (x.all(axis=0), np.count_nonzero(x))),
    "argmax": ("x", lambda x: (x.argmax(), np.argmax(x, axis=1), x.argmin(axis=0), np.argsort(x, axis=1))),
    "sort": ("xv", lambda x, v: (np.sort(x, axis=1), sorted(v), np.sort(v)[::-1])),
    "cumsum": ("x", lambda x: (x.cumsum(), np.cumsum(x, axis=1))),
    "cumsum again": ("x", lambda x: (np.cumprod(x, axis=0), np.add.accumulate(x, axis=1))),
    "running maximum": ("x", lambda x: np.maximum.accumulate(x, axis=1)),
    "ufunc.reduce": (
        "x",
        lambda x: (np.add.reduce(x), np.maximum.reduce(x, axis=1, keepdims=True), np.logaddexp.reduce(x)),
    ),
    # products
    "dot": ("xmvw", lambda x, m, v, w: (x.dot(m), np.dot(x, v), v.dot(w))),
    "dot again": ("xmvw", lambda x, m, v, w: (np.dot(2, v), np.vdot(x, x), np.inner(v, w))),
    "outer": ("vw", lambda v, w: (np.outer(v, w), np.multiply.outer(v, w), np.subtract.outer(v, w), np.kron(v, w))),
    "einsum": (
        "xytv",
        lambda x, y, t, v: (
            np.einsum("ij,ij->i", x, y),
            np.einsum("ij,kj", x, y),
            np.einsum("bij,bi->bj", t, x),
            np.einsum("i,j->ij", v, v, optimize=True),
            np.einsum("ij->", x),
        ),
    ),
    "tensordot": (
        "xyt",
        lambda x, y, t: (np.tensordot(x, y, axes=(1, 1)), np.tensordot(x, t, 2), np.tensordot(x, y, 0)),
    ),
    "trace": ("xm", lambda x, m: (np.trace(x @ m), (x @ m).trace(), np.diagonal(x), np.diag(x @ m))),
    "norm": (
        "xv",
        lambda x, v: (np.linalg.norm(x), np.linalg.norm(v), np.linalg.norm(x, axis=1), np.linalg.norm(v, 1)),
    ),
    # making arrays
    "zeros": ("x", lambda x: procedures.filled(np.zeros(x.shape), x)),
    "empty": ("x", lambda x: procedures.filled(np.empty((2, 3)), x)),
    "ones": ("x", lambda x: (procedures.filled(np.ones_like(x), x), np.ones(3) / 3 * x, np.full((2, 3), 0.1) * x)),
    "full": (
        "x",
        lambda x: (procedures.filled(np.full((2, 3), -np.inf), x), np.full(2, x[0, 0]), np.full_like(x, x[1, 1])),
    ),
    "eye": ("v", lambda v: (np.eye(3) * v, np.identity(3) - v, np.eye(3)[[0, 2]] @ v, np.eye(2, 3, k=1) * v)),
    "diag": ("vx", lambda v, x: (np.diag(v), np.diag(v, 1), np.diagflat(v), np.diagflat(v[None]), np.diag(x.T @ x))),
    "array": ("v", lambda v: (np.array(v), np.array([v, v]))),
    "array again": ("v", lambda v: (np.array([v[0], 1.0]), np.array([[v[0], 2], [3, v[1]]]))),
    "asarray": (
        "x",
        lambda x: (np.asarray(x), np.asarray(x, dtype=float), np.ascontiguousarray(x.T), np.array(x, ndmin=3)),
    ),
    "likes": (
        "x",
        lambda x: (np.zeros_like(x), np.ones_like(x[0]), np.zeros_like(x, shape=(4,)), np.full_like(x, 0.5)),
    ),
    "arange": ("v", lambda v: (np.arange(3) * v, np.arange(3.0) - v, np.linspace(0, 1, 3) * v)),
    "copies": ("x", lambda x: (x.copy(), np.copy(x), x.astype(float), x.astype(np.float64, copy=False))),
    "numbers of arrays": ("v", lambda v: (np.float64(v[0]), float(v[1]), float(v.sum()), v[2].item(), v.tolist())),
    # shapes
    "reshape": (
        "x",
        lambda x: (x.reshape(3, 2), x.ravel(), x.flatten(), x.T, np.transpose(x), x.reshape(-1, 1), x[..., None]),
    ),
    "axes": (
        "t",
        lambda t: (t.swapaxes(0, 2), np.moveaxis(t, 0, 1), np.expand_dims(t, 1), t[:1].squeeze(0), np.squeeze(t[:1])),
    ),
    "broadcast": ("xv", lambda x, v: (np.broadcast_to(v, (2, 3)), *np.broadcast_arrays(x, v), np.atleast_2d(v))),
    "joining": (
        "xyv",
        lambda x, y, v: (np.concatenate([x, y]), np.stack([x, y], axis=1), np.vstack([x, v]), np.hstack([x, y])),
    ),
    "joining with floats": (
        "xv",
        lambda x, v: (np.hstack([x, np.ones((2, 1))]), np.column_stack([v, v]), np.append(v, 1.0)),
    ),
    "dividing": ("x", lambda x: (*np.split(x, 3, axis=1), *np.array_split(x, 2), *np.hsplit(x, 3))),
    "repeating": (
        "v",
        lambda v: (np.tile(v, (2, 1)), np.repeat(v, 2), np.roll(v, 1), np.flip(v), v[::-1], np.fliplr(v[None])),
    ),
    "triangles": ("x", lambda x: (np.triu(x), np.tril(x, -1), np.tri(2, 3) * x)),
    "deleting": (
        "x",
        lambda x: (np.delete(x, 1, axis=1), np.delete(x, [0], axis=0), np.pad(x, 1), np.insert(x[0], 1, 5.0)),
    ),
    "facts": ("x", lambda x: (np.shape(x)[0], np.ndim(x), np.size(x), len(x), x.ndim, x.size, x.itemsize, x.nbytes)),
    # choosing
    "where": (
        "xy",
        lambda x, y: (
            np.where(x > 0, x, 0.0),
            np.where(x > y, 1.0, y),
            np.where(x > 0)[0],
            np.where(x[0, 0] > 0, 1, x),
        ),
    ),
    "clip": ("x", lambda x: (np.clip(x, -0.5, 0.5), x.clip(0, None), np.clip(x, None, 0), np.clip(x[0, 0], 0, 1))),
    "nan_to_num": ("x", lambda x: (np.nan_to_num(x), np.nan_to_num(np.where(x > 0, x, -np.inf), neginf=0))),
    "ufunc where": ("xp", lambda x, p: np.divide(x, p, out=np.zeros(x.shape), where=x > 0)),
    "isclose": ("xy", lambda x, y: (np.isclose(x, y), np.allclose(x, x), np.allclose(x, y), np.array_equal(x, x))),
    # indices
    "index": ("xt", lambda x, t: (x[0], x[0, 1], x[:, 1], x[1, ::-1], x[..., 0], t[:, :, 1], x[-1, -1], x[None])),
    "fancy index": (
        "x",
        lambda x: (x[[0, 1], [2, 0]], x[:, [0, 0]], x[x > 0], x[np.arange(2), np.array([1, 2])], x.take(1, axis=1)),
    ),
    "assignment": ("xv", lambda x, v: procedures.assigned(x.copy(), v)),
    "ufunc.at": ("xv", lambda x, v: procedures.added_at(x.copy(), v)),
    "along axis": ("x", lambda x: procedures.along_axis(x.copy())),
    "apply_along_axis": (
        "x",
        lambda x: (
            np.apply_along_axis(lambda r: r / r.sum(), 1, x),
            np.apply_along_axis(np.sum, 0, x),
        ),
    ),
    "vectorize": ("x", lambda x: (np.vectorize(lambda a: a * a + 1)(x), np.vectorize(math.exp)(x).sum(axis=1))),
    "iteration": (
        "x",
        lambda x: (
            [r.sum() for r in x],
            sum(x[0]),
            max(x[0]),
            min(x[1]),
            [a for a in x.flat],
            [*x[0]],
        ),
    ),
    "ndenumerate": ("x", lambda x: [k + a for (_, k), a in np.ndenumerate(x)]),
    "copyto": ("xy", lambda x, y: procedures.copied(x.copy(), y)),
    "lists of numbers": (
        "v",
        lambda v: (np.max([v[0], v[1]]), np.mean([v[0], 1.0]), np.sum([[v[0]], [v[1]]], axis=0), np.exp([v[0], v[2]])),
    ),
    "lists of arrays": ("xv", lambda x, v: (np.sum([x, x], axis=0), np.mean([v, v * 2]), np.max(list(x), axis=1))),
    # Python's own
    "math": ("p", lambda p: procedures.mathematics(p[0, 0], p[0, 1])),
    "math of numbers": (
        "p",
        lambda p: (math.floor(2.5) * p, math.exp(1.0) * p[0, 0], math.gcd(4, 6) * p, math.inf > p[0, 0]),
    ),
    "zero axes": (
        "s",
        lambda s: (s + 1, np.exp(s), np.square(s).sum(), s.reshape(1), np.array([s, s]), s.shape, s.ndim),
    ),
    "dtype": (
        "x",
        lambda x: (
            np.finfo(x.dtype).eps,
            np.zeros(x.shape, x.dtype) + x,
            x.dtype.itemsize,
            np.result_type(x, 1).itemsize,
        ),
    ),
    "types": (
        "x",
        lambda x: (np.can_cast(x, np.float64), np.iscomplexobj(x), np.isrealobj(x), isinstance(x[0, 0], float)),
    ),
    "integers": ("x", lambda x: procedures.integers(x, np.arange(3))),
    "constants": (
        "x",
        lambda x: (np.pi * x, np.e * x, math.sqrt(2) * x, np.log(2) * x, x / np.sqrt(2 / np.pi), x * (1 / 3)),
    ),
}
