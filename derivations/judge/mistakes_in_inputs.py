"""The right formula of other inputs: an upstream gradient taken for 1, targets rounded, a sign turned."""

from dataclasses import replace

import numpy as np
from sympy import Symbol

from derivations.judge.candidate import Mistake, right
from derivations.judge.edits import UPSTREAM
from derivations.judge.scene import scalars
from derivations.notation import B, array, n
from derivations.printing import text

TOP = array("top", B, n)  # 1 at the largest logit of each row


def with_pseudo_inputs(scene):
    """The right formula, with entries for what edits may put in an input's place."""
    formula, entries = right(scene.question), {}
    upstream = scene.question.specification.upstream
    if upstream is not None and upstream.name in scene.case.entries:
        given = scene.case.entries[upstream.name]
        made = {name: given.copy() for name in UPSTREAM}
        for position in np.ndindex(given.shape):
            sign = np.sign(scene.number(given[position]))
            made["±1"][position] = scalars(int(sign))[()]
            if sign < 0:
                made["|g|"][position], made["g+"][position] = -given[position], scalars(0)[()]
        entries.update(made)
    logits = scene.case.entries.get("o")
    if logits is not None:
        entries[str(TOP)] = _one_hot(scene, logits)
    classes = scene.case.entries.get("c")
    if classes is not None:
        rows, count = len(classes), scene.sizes["n"]
        entries["hit"] = scalars([int(k + 1 in classes) for k in range(count)])
        entries["flat"] = scalars([[int(r * count + k + 1 in classes) for k in range(count)] for r in range(rows)])
    return replace(formula, entries=tuple(entries.items()))


def of_the_inputs(scene, formula):
    """The right formula of other inputs: the upstream gradient taken for 1, targets rounded to one-hot rows, …"""
    for found in (_of_the_upstream, _of_the_targets, _of_the_classes, _of_the_parameters, _of_what_it_is_taken_by):
        for id, words, changed in found(scene, dict(formula.entries)):
            yield _mistake(formula, id, words, changed)


def _mistake(formula, id, words, changed):
    """The formula of other inputs; changed: {name: array}."""
    return Mistake(id, words, replace(formula, entries=(*formula.entries, *changed.items())))


def _by(scene):
    """The name of the input that the derivative is taken by."""
    return str(scene.question.specification.by[0].label)


def _of_the_upstream(scene, signs):
    entries, by, upstream = scene.case.entries, _by(scene), scene.question.specification.upstream
    if upstream is None or upstream.name not in entries:
        return
    name, g = upstream.name, entries[upstream.name]
    yield from _cut_off(scene, name, g)
    yield "upstream-ignored", "the upstream gradient is ignored, as if it were 1", {name: _all(g, 1)}
    yield "upstream-sign", "the sign of the upstream gradient is lost", {name: signs["|g|"]}
    yield "upstream-sign", "negative upstream gradients are dropped", {name: signs["g+"]}
    yield "upstream-clipped", "only the sign of the upstream gradient is used", {name: signs["±1"]}
    if g.shape == entries[by].shape:
        yield "wrong-array", f"{by} and {name} are exchanged", {by: g, name: entries[by]}
        yield "derivative-at-upstream", "the derivative is taken at the upstream gradient", {by: g}
        yield "extra-term", f"the Jacobian is applied twice to {name}", {name: scene.wanted[0]}
    for place, which in ((0, "first"), (-1, "last")) if g.ndim == 2 else ():
        yield "missing-term", f"the {which} column of {name} is left out", {name: _without(g, place)}


def _of_the_targets(scene, _):
    entries, by = scene.case.entries, _by(scene)
    if "y" not in entries:
        return
    y = entries["y"]
    if y.shape == entries[by].shape:
        yield "wrong-array", f"the arguments {by} and y are exchanged", {by: y, "y": entries[by]}
        mean = sum(y.flat) * scalars(y.size)[()] ** -1
        yield "wrong-axis", "every entry is paired with every target", {"y": _filled(y, mean)}
        rows = sum(y) * scalars(len(y))[()] ** -1
        yield "mean-for-sum", "the mean of y over the batch stands for y", {"y": np.broadcast_to(rows, y.shape)}
    if scene.question.specification.inputs[1].domain.name == "simplex":
        yield "label-one-hot", "soft targets are rounded to the largest one", {"y": _one_hot(scene, y)}


def _of_the_classes(scene, _):
    entries, given = scene.case.entries, scene.case.entries[_by(scene)]
    if "c" not in entries:
        return
    c = entries["c"]
    if given.ndim == 2 and len(given) == len(c):
        yield "wrong-index", "the predicted class stands for the label", {"c": _largest(scene, given) + 1}
        yield "wrong-index", "every row gets the label of the first", {"c": 0 * c + c[0]}
    if scene.sizes["n"] > 1:
        for step in (1, -1):
            yield "wrong-index", "the labels are off by one", {"c": (c - 1 + step) % scene.sizes["n"] + 1}


def _of_the_parameters(scene, _):
    for item in scene.question.specification.inputs:
        if item.domain.name not in ("positive", "unit", "keep") or item.name in scene.question.fixed:
            continue
        name, given = text(Symbol(item.name)), scene.case.entries[item.name]
        for number in (0, 1):
            yield "missing-term", f"{name} is ignored, as if it were {number}", {item.name: _all(given, number)}
        if item.domain.name != "positive":
            rest = np.asarray(scalars(1) - given, dtype=object)
            yield "wrong-array", f"1 − {name} stands for {name}", {item.name: rest}


def of_the_powers(scene, formula):
    """The right formula of 1/ω, and of ω², for a positive ω."""
    for item in scene.question.specification.inputs:
        if item.domain.name == "positive" and item.name not in scene.question.fixed:
            name, given = text(Symbol(item.name)), scene.case.entries[item.name]
            for id, words, power in (("wrong-array", f"1/{name}", -1), ("extra-term", f"{name}^2", 2)):
                changed = {item.name: np.asarray(given**power, dtype=object)}
                yield _mistake(formula, id, f"{words} stands for {name}", changed)


def _of_what_it_is_taken_by(scene, _):
    entries, by = scene.case.entries, _by(scene)
    if "o" in entries and entries["o"].ndim == 2:
        o = entries["o"]
        words = "the largest entry of each column is subtracted, and not that of each row"
        yield "wrong-axis", words, {"o": o - o[scene.numbers(o).argmax(axis=0), np.arange(o.shape[1])]}
    if entries[by].ndim == 2:
        order = scene.numbers(entries[by]).argsort(axis=1)
        yield "wrong-index", f"each row of {by} is sorted", {by: np.take_along_axis(entries[by], order, axis=1)}
    yield from _cut_off(scene, by, entries[by])
    yield "sign", f"the sign of {by} is turned", {by: -entries[by]}
    two = scalars(2)[()]
    for factor, words in (
        (two, f"{by} is doubled"),
        (two**-1, f"{by} is halved"),
        (two.log(), f"powers of 2 stand for the exponentials: {by} is multiplied by log 2"),
    ):
        yield "factor", words, {by: entries[by] * factor}


def _cut_off(scene, name, array):
    """The mistake of whole numbers in an array's place, for code that runs on floats: exact numbers have no int()."""
    if scene.trace is None:
        whole = [int(scene.number(entry)) for entry in array.flat]
        yield "integer-buffer", f"the fractions of {name} are cut off", {name: scalars(whole).reshape(array.shape)}


def _without(array, column):
    made = array.copy()
    made[:, column] = scalars(0)[()]
    return made


def _filled(like, entry):
    made = like.copy()
    made[...] = entry
    return made


def _all(like, number):
    return scalars(np.full(like.shape, number, int))


def _largest(scene, scores):
    """The 0-based position of the largest entry of each row."""
    return scene.numbers(scores).argmax(axis=1)


def _one_hot(scene, targets):
    return scalars(np.eye(targets.shape[1], dtype=int)[_largest(scene, targets)])
