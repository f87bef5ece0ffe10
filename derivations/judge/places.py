"""Which entries of a result are wrong, where that says something: a column, a label, a sign of the upstream one."""

from typing import NamedTuple

import numpy as np

from derivations.judge.explanation import Explanation
from derivations.judge.scene import ZERO_IS
from derivations.judge.shapes import at_sizes


def of_the_place(wrong, right_ones, output):
    """[Explanation, …] by the place of the entries that are wrong; wrong: the runs, the best one first."""
    scenes = [scene for scene in wrong if scene.fits(output) and scene.got[output].size > 1]
    if not scenes:
        return
    evidence = f"seen at {at_sizes(scenes[0].sizes)}"
    others = [scene for scene in right_ones if scene.fits(output)]
    if not any(x.nontrivial for x in others) and all(_zeros(scene, scene.got[output]).all() for scene in scenes):
        yield Explanation("missing-term", "the result is 0 everywhere", evidence)
        return
    elsewhere_right = any(x.nontrivial and x.sizes["B"] > 1 for x in others)
    others = [scene for scene in others if scene.sizes in [x.sizes for x in scenes]]
    masks, places = [_wrong(scene, output) for scene in scenes], [_places(scene, output) for scene in scenes]
    absent = [_places(scene, output) for scene in others]
    for place in places[0]:
        inside = [x[place].inside for x in places if place in x]
        elsewhere = any(x[place].outside.any() for x in places if place in x)
        if elsewhere and len(inside) == len(masks) and all(map(np.array_equal, masks, inside)):
            if not any(place in x and x[place].inside.any() for x in absent):
                id, words = place
                what = "0" if _all_zero(scenes, masks, output) else "wrong"
                yield Explanation(id, f"the result is {what} {words}, and right elsewhere", evidence)
                return
    if not elsewhere_right:
        yield from _in_another_order(scenes, output, evidence)


def _all_zero(scenes, masks, output):
    return all(_zeros(x, x.got[output])[mask].all() for x, mask in zip(scenes, masks, strict=False))


def _zeros(scene, array):
    return np.vectorize(_is_zero, otypes=[bool])(scene.numbers(array))


def _is_zero(number):
    return bool(abs(number) <= ZERO_IS)


def _wrong(scene, output):
    got, want = scene.got[output], scene.wanted[output]
    made = np.zeros(got.shape, bool)
    for at in np.ndindex(got.shape):
        made[at] = not scene.decided(got[at], want[at])
    return made


class _Place(NamedTuple):
    """inside, outside: which entries lie in a place, and which beside it; 0 where 0 belongs is in neither."""

    inside: np.ndarray
    outside: np.ndarray


def _places(scene, output):
    """{(id, words): _Place}"""
    found = [*_by_axes(scene, output), *_by_numbers(scene, output), *_by_labels(scene, output)]
    telling = ~(_zeros(scene, scene.got[output]) & _zeros(scene, scene.wanted[output]))
    return {(id, words): _Place(mask & telling, ~mask & telling) for id, words, mask in found}


def _by_axes(scene, output):
    shape = scene.wanted[output].shape
    if len(shape) < 2:
        return
    for axis, name in ((0, "row"), (-1, "column")):
        for place, which in ((0, "first"), (-1, "last")):
            made = np.zeros(shape, bool)
            np.moveaxis(made, axis, 0)[place] = True
            yield "wrong-index", f"in the {which} {name}", made
        made = np.ones(shape, bool)
        np.moveaxis(made, axis, 0)[0] = False
        yield "wrong-index", f"in every {name} but the first", made
    rows, columns = np.indices(shape[-2:])
    yield "missing-term", "on the diagonal", np.broadcast_to(rows == columns, shape)
    yield (
        "wrong-axis" if len(shape) == 2 else "extra-term",
        "beside the diagonal",
        np.broadcast_to(rows != columns, shape),
    )


def _by_numbers(scene, output):
    """By the sign of an input, or of the upstream gradient, at the same place."""
    upstream = scene.question.specification.upstream
    for name in scene.question.names:
        entries = scene.case.entries[name]
        if entries.dtype != object or entries.shape != scene.wanted[output].shape or not entries.ndim:
            continue
        numbers = scene.numbers(entries)
        above = upstream is not None and name == upstream.name
        yield "upstream-sign" if above else "rare-branch", f"where {name} is negative", np.array(numbers < 0, bool)
        yield "upstream-sign" if above else "rare-branch", f"where {name} is positive", np.array(numbers > 0, bool)
        yield "nan-at-kink" if name == "x" else "rare-branch", f"where {name} is 0", np.array(numbers == 0, bool)


def _by_labels(scene, output):
    labels, shape = scene.case.entries.get("c"), scene.wanted[output].shape
    if labels is None or len(shape) != 2 or len(labels) != shape[0]:
        return
    own = labels[:, None] == 1 + np.arange(shape[1])
    yield "wrong-index", "in the column of the label", own
    yield "wrong-index", "beside the column of the label", ~own
    yield "rare-branch", "in the rows with the label 0", np.broadcast_to(labels[:, None] == 1, shape)


def _in_another_order(scenes, output, evidence):
    """The right numbers of each row, or of the whole array, in other places."""
    for words, rows in (("within each row", True), ("", False)):
        pairs = [[_sorted(x, array, rows) for array in (x.got[output], x.wanted[output])] for x in scenes]
        if all(got == want for got, want in pairs) and any(_moved(scene, output) for scene in scenes):
            yield Explanation("wrong-index", f"the right numbers stand in other places {words}".strip(), evidence)
            return


def _moved(scene, output):
    """Whether an entry is another number than it should be, to the digits that are compared."""
    got, want = (scene.numbers(array).flat for array in (scene.got[output], scene.wanted[output]))
    return any(scene.written(x) != scene.written(y) for x, y in zip(got, want, strict=True))


def _sorted(scene, array, rows):
    """The numbers to thirty digits, in order."""
    numbers = scene.numbers(array)
    numbers = numbers.reshape(-1, numbers.shape[-1] if rows else numbers.size)
    return [sorted(scene.written(x) for x in row) for row in numbers]
