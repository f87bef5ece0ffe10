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
    """The right formula of other inputs: the upstream gradient taken for 1, targets rounded to one-hot rows."""
    entries = scene.case.entries
    upstream = scene.question.specification.upstream
    by = str(scene.question.specification.by[0].label)

    def of(id, words, **changed):
        return Mistake(id, words, replace(formula, entries=(*formula.entries, *changed.items())))

    if upstream is not None and upstream.name in entries:
        name, g = upstream.name, entries[upstream.name]
        signs = dict(formula.entries)
        yield of("upstream-ignored", "the upstream gradient is ignored, as if it were 1", **{name: _all(g, 1)})
        yield of("upstream-sign", "the sign of the upstream gradient is lost", **{name: signs["|g|"]})
        yield of("upstream-sign", "negative upstream gradients are dropped", **{name: signs["g+"]})
        yield of("upstream-clipped", "only the sign of the upstream gradient is used", **{name: signs["±1"]})
        if g.shape == entries[by].shape:
            yield of("wrong-array", f"{by} and {name} are exchanged", **{by: g, name: entries[by]})
            yield of("derivative-at-upstream", "the derivative is taken at the upstream gradient", **{by: g})
    if "y" in entries and entries["y"].shape == entries[by].shape:
        exchanged = {by: entries["y"], "y": entries[by]}
        yield of("wrong-array", f"the arguments {by} and y are exchanged", **exchanged)
        mean = sum(entries["y"].flat) * scalars(entries["y"].size)[()] ** -1
        yield of("wrong-axis", "every entry is paired with every target", y=_filled(entries["y"], mean))
    if "y" in entries and scene.question.specification.inputs[1].domain.name == "simplex":
        yield of("label-one-hot", "soft targets are rounded to the largest one", y=_one_hot(scene, entries["y"]))
    if "c" in entries and entries[by].ndim == 2 and len(entries[by]) == len(entries["c"]):
        yield of("wrong-index", "the predicted class stands for the label", c=_largest(scene, entries[by]) + 1)
        yield of("wrong-index", "every row gets the label of the first", c=0 * entries["c"] + entries["c"][0])
    if "c" in entries and scene.sizes["n"] > 1:
        for step in (1, -1):
            yield of("wrong-index", "the labels are off by one", c=(entries["c"] - 1 + step) % scene.sizes["n"] + 1)
    for item in scene.question.specification.inputs:
        if item.domain.name in ("positive", "unit", "keep") and item.name not in scene.question.fixed:
            for number in (0, 1):
                words = f"{text(Symbol(item.name))} is ignored, as if it were {number}"
                yield of("missing-term", words, **{item.name: _all(entries[item.name], number)})
            if item.domain.name in ("unit", "keep"):
                name = text(Symbol(item.name))
                words = f"1 − {name} stands for {name}"
                yield of("wrong-array", words, **{item.name: np.asarray(scalars(1) - entries[item.name], dtype=object)})
    if "o" in entries and entries["o"].ndim == 2:
        o = entries["o"]
        words = "the largest entry of each column is subtracted, and not that of each row"
        yield of("wrong-axis", words, o=o - o[scene.numbers(o).argmax(axis=0), np.arange(o.shape[1])])
    yield of("sign", f"the sign of {by} is turned", **{by: -entries[by]})
    two = scalars(2)[()]
    for factor, words in (
        (two, f"{by} is doubled"),
        (two**-1, f"{by} is halved"),
        (two.log(), f"powers of 2 stand for the exponentials: {by} is multiplied by log 2"),
    ):
        yield of("factor", words, **{by: entries[by] * factor})


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
