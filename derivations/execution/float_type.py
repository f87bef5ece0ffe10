"""`float`, np.float64 and np.float32 as the subject sees them: float(x) leaves an exact number exact."""

import numpy as np

from derivations.execution.dtypes import cast, is_exact, note_narrowing
from derivations.execution.exact_scalar import ExactScalar


class FloatType:
    """Stands for a type of floats: called, asked isinstance, and given to NumPy as a dtype."""

    def __init__(self, real):
        self.real, self.dtype = real, np.dtype(real)

    def __call__(self, *args, **options):
        if not args or not is_exact(args[0]):
            return self.real(*args, **options)
        value = args[0].item() if self.real is float else args[0]
        if not isinstance(value, ExactScalar):
            return cast(value, self.dtype)
        note_narrowing(value, self.dtype)
        return ExactScalar(value.node, None if self.real is float else self.dtype)

    def __instancecheck__(self, value):
        if not isinstance(value, ExactScalar):
            return isinstance(value, self.real)
        if value.dtype is None:
            return self.real is float
        return value.dtype == self.dtype  # also for float: float64 is a subclass of it, float32 is not

    def __subclasscheck__(self, kind):
        return issubclass(kind, self.real)

    def __getattr__(self, name):
        return getattr(self.real, name)

    def __or__(self, other):
        return (self, other)

    def __ror__(self, other):
        return (other, self)

    def __eq__(self, other):
        return other is self or other == self.real

    def __hash__(self):
        return hash(self.real)

    def __repr__(self):
        return repr(self.real)
