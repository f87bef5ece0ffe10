"""The forward and backward of an object, or of the objects that a class makes, as calls of an operation's own.

How they want to be called is found out once, from names and signatures, and where these do not say it by a trial on two
rows, whose traces are wiped out.
"""

import copy
import inspect
from functools import partial

import numpy as np

from derivations.execution.cannot_trace import in_words
from derivations.execution.subject import Subject
from derivations.judge.calling import silently
from derivations.judge.claims import Claim
from derivations.judge.parameters import holds, in_order, kept_gradients, put
from derivations.judge.signatures import required, signature_of, takes, word_for

ROWS, OTHERS = 2, {"n": 3, "m": 4}  # of the trial
RATES = ("learningrate", "lr", "eta", "alpha", "rate")
TARGETS = ("y", "t", "target", "targets", "label", "labels", "ytrue", "truth")


class Passes:
    """An object that is given is used as it is; a class makes a fresh one for each call.

    A layer's parameters are handed to its class, or set as attributes where the class takes their sizes, or nothing;
    inputs that are fixed are its own. What backward returns of several gradients is completed by those that the object
    keeps as dW, grad_W, ….

    Raises TypeError for what has no forward and backward, or cannot be given its parameters.
    """

    def __init__(self, subject, operation, reduction, targets, fixed=()):
        for name in ("forward", "backward"):
            if not callable(getattr(subject, name, None)):
                raise TypeError(f"{operation.name}: expected an object with forward and backward, got {subject!r}")
        self.subject = subject
        names = [x.name for x in operation.specification(reduction, targets).inputs]
        self._fixed = [names.index(name) for name in fixed]
        self.names = [name for name in names if name not in fixed]
        self.gradient = operation.upstream is None
        self.kind = "gradient" if self.gradient else "vjp"
        self.parameters = self.names[1:] if not self.gradient else []
        outputs = len(operation.specification(reduction, targets).outputs(self.kind))
        self._by = names[:outputs]
        memory = Subject(subject).memory()
        try:
            arguments = _sample(operation.function(self.kind, reduction, targets).arguments)
            self._make = self._way(operation.name, arguments)
            self._form = self._of_backward(operation.name, arguments)
        finally:
            memory.restore()
        self.cached = self._form is not _everything

    def claims(self):
        """[Claim, Claim]: the value, and the gradient or VJP."""
        return [
            Claim("value", partial(_asked, self.subject, self.value), self.subject, passes=self),
            Claim(self.kind, partial(_asked, self.subject, self.backward), self.subject, passes=self),
        ]

    def made(self, arguments):
        """An object with the parameters that are among the arguments."""
        return self._make(dict(zip(self.parameters, self._taken(arguments)[1:], strict=False)))

    def value(self, *arguments):
        return in_order(self.forward(self.made(arguments), arguments), (), value=True)

    def backward(self, *arguments):
        made = self.made(arguments)
        self.forward(made, arguments)
        return self.gradients(made, arguments)

    def forward(self, made, arguments):
        """made.forward of the inputs among the arguments."""
        return made.forward(*self._taken(arguments)) if self.gradient else made.forward(arguments[0])

    def _taken(self, arguments):
        """The arguments but those that are fixed."""
        return [x for k, x in enumerate(arguments) if k not in self._fixed]

    def gradients(self, made, arguments):
        """made.backward of the arguments, or of what forward did not see, with the gradients that made keeps."""
        taken = self._taken(arguments)
        result = made.backward(*self._form(taken if self.gradient else [arguments[0], arguments[-1]]))
        if self.parameters and not isinstance(result, tuple | list | dict | None):
            kept = kept_gradients(made, self.parameters)
            return result if kept is None else (result, *kept)
        return in_order(result, self._by)

    # how an object is made

    def _way(self, operation, arguments):
        """{name: parameter} -> an object: the way that goes furthest with the arguments, the first of equals."""
        ways = self._ways()
        if ways and not self.parameters:
            return ways[0]
        tried = [(self._steps(way, arguments), way) for way in ways]
        best = max((steps for (steps, _), _ in tried), default=0)
        if not best:
            errors = dict.fromkeys(in_words(error) for (_, error), _ in tried)
            raise TypeError(f"{operation}: {self._cannot_be_made('; '.join(errors))}")
        return next(way for (steps, _), way in tried if steps == best)

    def _cannot_be_made(self, errors):
        if not isinstance(self.subject, type):
            return errors.removeprefix("TypeError: ")
        of = f"{' and '.join(self.parameters)}, of their sizes, or of nothing" if self.parameters else "nothing"
        why = f" ({errors})" if errors else ""
        return f"expected {self.subject.__name__} to be made of {of}{why}; an object of it may be given instead"

    def _ways(self):
        subject = self.subject
        if not isinstance(subject, type):
            return [lambda given: put(copy.copy(subject), given) if given else subject]
        try:
            signature = inspect.signature(subject)
        except (TypeError, ValueError):  # of a class in C
            signature = None
        if not self.parameters:
            return [lambda _: subject()] if takes(signature, ()) else []
        words = {name: word_for(signature, name) for name in self.parameters}
        ways = []
        if None not in words.values():
            ways.append(lambda given: subject(**{words[name]: x for name, x in given.items()}))
        if takes(signature, self.parameters):
            ways.append(lambda given: subject(*given.values()))
        keywords = [x.name for x in required(signature) if x.kind is x.KEYWORD_ONLY]
        if len(keywords) == 2:
            ways.append(lambda given: put(subject(**dict(zip(keywords, _sizes(given), strict=True))), given))
        if takes(signature, ("inputs", "outputs")):
            ways.append(lambda given: put(subject(*_sizes(given)), given))
        return [*ways, lambda given: put(subject(), given)] if takes(signature, ()) else ways

    def _steps(self, way, arguments):
        """How far it goes, 0 to 3: an object, which holds the parameters, and whose forward runs; the Exception."""
        given = dict(zip(self.parameters, self._taken(arguments)[1:], strict=False))
        steps = 0
        try:
            made = silently(way, {name: x.copy() for name, x in given.items()})
            steps = 1 + holds(made, given.values())
            silently(self.forward, made, [x.copy() for x in arguments])
        except Exception as error:
            return steps, error
        return steps + 1, None

    # how backward is called

    def _of_backward(self, operation, arguments):
        """[input, …, upstream], or those of a loss -> what backward is called with."""
        signature = signature_of(self.subject, "backward")
        if signature is None or any(x.kind is x.VAR_POSITIONAL for x in signature.parameters.values()):
            return self._tried(arguments)
        words = [x.name.lower().replace("_", "") for x in required(signature)]
        if not self.gradient and words[1:] and words[-1] in RATES:
            if self.parameters:
                raise TypeError(
                    f"{operation}: backward takes a {words[-1]} and changes {' and '.join(self.parameters)}; "
                    "expected one that gives their gradients"
                )
            return _upstream_and_rate
        if len(words) >= (len(self.names) if self.gradient else 2):
            return _everything
        if self.gradient and words:
            return _targets if words[0] in TARGETS else _one
        return _nothing if self.gradient else _upstream

    def _tried(self, arguments):
        """The form that a backward without a telling signature takes."""
        for form in (_nothing if self.gradient else _upstream, _everything):
            self._form = form
            try:
                silently(self.backward, *(x.copy() for x in arguments))
                return form
            except Exception:  # somebody's code: any error says that it does not take these
                continue
        return _everything


def _everything(given):
    return given


def _nothing(_):
    return []


def _one(_):
    return [1.0]


def _upstream(given):
    return given[-1:]


def _targets(given):
    return given[1:2]


def _upstream_and_rate(given):
    return [given[-1], 0.0]


def _asked(subject, method, *arguments):
    """method(*arguments); whoever looks for a stranger's code in a partial finds the subject."""
    return method(*arguments)


def _sample(arguments):
    """An array for each argument: rows that sum to one, or classes, which have no axis but the batch."""
    found = []
    for axes in ([str(size) for size in getattr(x, "shape", None) or ()] for x in arguments):
        shape = [ROWS if size == "B" else OTHERS.get(size, 5) for size in axes]
        entries = 1.0 + np.arange(np.prod(shape, dtype=int)).reshape(shape)
        found.append(
            np.ones(shape, int) if axes == ["B"] else entries / entries.sum(axis=-1, keepdims=True) if axes else entries
        )
    return found


def _sizes(given):
    """(inputs, outputs) of the weights, the first parameter."""
    return next(iter(given.values())).shape
