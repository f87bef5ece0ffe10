"""An operation: its inputs, its definition, the derivations about it, and the NumPy functions that they give.

A definition is written for one row where rows do not meet (softmax, cross entropy, activations); `row_loss` and
`batch_loss` lift it to a batch. A loss is the mean or the sum over the batch of its value for one row.
"""

from dataclasses import dataclass

from sympy import Expr, Integer

from derivations.definition import Definition
from derivations.derivation import Derivation
from derivations.domain import REAL, Domain
from derivations.lifting import lift, lift_array, lift_definition
from derivations.notation import B, Partial, b, fresh, total
from derivations.numpy_code import Function

REDUCTIONS, TARGETS = ("mean", "sum"), ("rows", "indices")


@dataclass(frozen=True)
class Input:
    """An argument of an operation: the array, its axes the symbolic sizes, and the domain that its entries are from."""

    array: object
    domain: Domain = REAL

    @property
    def name(self):
        return str(self.array)

    @property
    def axes(self):
        return tuple(getattr(self.array, "shape", None) or ())


@dataclass(frozen=True)
class Specification:
    """What an operation is by definition: inputs, value with the letters of its axes, and the inputs to derive by.

    `outputs(kind)` are index expressions in which the derivatives still stand, so that nothing derived enters them:
    whoever evaluates them (exactly or to any number of digits) has an independent check of the derivations.
    """

    inputs: tuple[Input, ...]
    letters: tuple
    value: Expr
    by: tuple
    names: tuple[Definition, ...] = ()
    upstream: Input | None = None
    hypotheses: tuple = ()  # on the inputs, under which the derived functions equal the definition

    def outputs(self, kind):
        """((letters, expression), …) of a kind: "value", "jacobian", "vjp", "gradient", "value_and_gradient", …"""
        value = ((self.letters, self.value),)
        if kind == "value":
            return value
        gradients = tuple(self._derivative(kind, array) for array in self.by)
        return value + gradients if kind == "value_and_gradient" else gradients

    def _derivative(self, kind, array):
        taken = frozenset(self.letters)
        letters = []
        for size in array.shape:
            letters.append(fresh(size, taken | frozenset(letters)))
        slope = Partial(self.value, array[tuple(letters)])
        if kind == "vjp":
            return tuple(letters), total(self.upstream.array[self.letters] * slope, *self.letters)
        if kind in ("hessian", "hvp"):
            return self._second(kind, array)
        if kind == "jacobian":  # of each row: the entries ∂value_bi / ∂input_bj
            row = Partial(self.value, array[(self.letters[0], *letters[1:])])
            return (*self.letters, *letters[1:]), row
        return tuple(letters), slope

    def _second(self, kind, array):
        """∂²value/∂x_bi ∂x_bj, and its product with the upstream vector over j."""
        row, first = fresh(array.shape[0], ()), fresh(array.shape[1], ())
        second = fresh(array.shape[1], (first,))
        slope = Partial(Partial(self.value, array[row, first]), array[row, second])
        if kind == "hvp":
            return (row, first), total(slope * self.upstream.array[row, second], second)
        return (row, first, second), slope


@dataclass(frozen=True)
class Operation:
    """One operation of the catalogue.

    specifications: by variant of a loss ("", " sum", " indices", " sum indices"); functions: the NumPy functions by
    kind ("value", "jacobian", "vjp", "gradient", "value_and_gradient", "hessian", "hvp") with the variant behind;
    main: the derivation that is shown first.
    """

    name: str
    title: str
    specifications: dict[str, Specification]
    derivations: tuple[Derivation, ...]
    functions: dict[str, Function]
    main: Derivation

    @property
    def inputs(self):
        return self.specifications[""].inputs

    @property
    def upstream(self):
        return self.specifications[""].upstream

    def function(self, kind, reduction="mean", targets="rows"):
        """The derived NumPy function of that kind; LookupError names the kinds there are."""
        key = kind + variant(reduction, targets)
        if key not in self.functions:
            raise LookupError(f"{self.name}: there is no {key!r}; there are {', '.join(self.functions)}")
        return self.functions[key]

    def specification(self, reduction="mean", targets="rows"):
        """The definition; LookupError names the variants there are."""
        key = variant(reduction, targets)
        if key not in self.specifications:
            raise LookupError(f"{self.name}: there is no reduction {reduction!r} with targets {targets!r}")
        return self.specifications[key]


def variant(reduction="mean", targets="rows"):
    """The suffix that marks a loss's variant: "", " sum", " indices", " sum indices"; LookupError for anything else."""
    for name, given, known in (("reduction", reduction, REDUCTIONS), ("targets", targets, TARGETS)):
        if given not in known:
            raise LookupError(f"{name}: expected {' or '.join(map(repr, known))}, got {given!r}")
    return " sum" * (reduction == "sum") + " indices" * (targets == "indices")


def row_operation(name, title, inputs, output, value, derivative, upstream, names, derivations, main):
    """An operation whose rows do not meet.

    output: the letters of one row of the value; value, and derivative {kind: (letters, expression)} for one row.
    """
    lifted = tuple(Input(lift_array(x.array), x.domain) for x in inputs)
    above = Input(lift_array(upstream.array), upstream.domain)
    arrays = tuple(x.array for x in lifted)
    batch_names = tuple(lift_definition(definition) for definition in names)

    def function(kind, letters, expression):
        arguments = (*arrays, above.array) if kind == "vjp" else arrays
        return Function(f"{name}_{kind}", arguments, (((b, *letters), lift(expression)),), batch_names)

    functions = {"value": function("value", output, value)}
    functions |= {kind: function(kind, *formula) for kind, formula in derivative.items()}
    specification = Specification(lifted, (b, *output), lift(value), arrays[:1], batch_names, above)
    return Operation(name, title, {"": specification}, tuple(derivations), functions, main)


@dataclass(frozen=True)
class Loss:
    """A loss in one variant: its definition, the expression that NumPy evaluates for it, and its gradient.

    `computed` has the value of `definition`, by one of the derivations; `letters` are those of the gradient's entry.
    """

    inputs: tuple[Input, ...]
    definition: Expr
    computed: Expr
    letters: tuple
    gradient: Expr
    hypotheses: tuple = ()

    def lifted(self, scale, shared=()):
        """The loss over a batch, scale · Σ_b of this loss of one row."""
        definition, computed, gradient = (lift(x, b, shared) for x in (self.definition, self.computed, self.gradient))
        return Loss(
            tuple(Input(lift_array(x.array, shared), x.domain) for x in self.inputs),
            scale * total(definition, b),
            scale * total(computed, b),
            (b, *self.letters),
            scale * gradient,
            tuple(hypothesis.lifted() for hypothesis in self.hypotheses),
        )


def batch_loss(name, title, variants, names, derivations, main):
    """The operation of a loss over a batch; variants: {suffix: Loss}."""
    functions, specifications = {}, {}
    for suffix, loss in variants.items():
        arguments = tuple(x.array for x in loss.inputs)
        value, gradient = ((), loss.computed), (loss.letters, loss.gradient)
        kinds = {"value": (value,), "gradient": (gradient,), "value_and_gradient": (value, gradient)}
        for kind, outputs in kinds.items():
            called = f"{name}_{kind}{suffix}".replace(" ", "_")
            functions[kind + suffix] = Function(called, arguments, outputs, names)
        specifications[suffix] = Specification(
            loss.inputs, (), loss.definition, arguments[:1], names, hypotheses=loss.hypotheses
        )
    return Operation(name, title, specifications, tuple(derivations), functions, main)


def row_loss(name, title, variants, names, derivations, main):
    """The operation of a loss of one row, its mean and its sum over a batch; variants: {suffix: Loss of one row}."""
    lifted = {
        reduction + suffix: loss.lifted(scale)
        for suffix, loss in variants.items()
        for reduction, scale in (("", 1 / B), (" sum", Integer(1)))
    }
    return batch_loss(name, title, lifted, tuple(map(lift_definition, names)), derivations, main)
