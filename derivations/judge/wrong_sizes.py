"""Sizes at which alone a result is wrong: one row, one class, two classes, as many rows as classes."""

from derivations.judge.explanation import Explanation
from derivations.judge.shapes import at_sizes

AT = (
    ("wrong where there is one row and one class", lambda B, n: B == n == 1),
    ("wrong for a batch of one row, and right for more", lambda B, n: B == 1),
    ("wrong for n = 1, and right for larger n", lambda n, **_: n == 1),
    ("wrong for n = 2, and right for other n", lambda n, **_: n == 2),
    ("wrong where B = n, and right elsewhere", lambda B, n: B == n),
)


def of_the_sizes(wrong, right_ones):
    """The Explanation by what the sizes of all runs that are wrong have in common, and no other size has."""
    for words, holds in AT:
        others = [x for x in right_ones if not _at(holds, x)]
        if all(_at(holds, x) for x in wrong) and any(x.nontrivial and _as_many(x, wrong) for x in others):
            if not any(_at(holds, x) and _tells(x) for x in right_ones):
                yield Explanation("rare-branch", f"the result is {words}", f"seen at {at_sizes(wrong[0].sizes)}")
                return


def _as_many(scene, wrong):
    """Whether a run has several rows, if any has that is wrong: with one row, axes that are confused do not show."""
    return scene.sizes["B"] > 1 or all(x.sizes["B"] == 1 for x in wrong)


def _at(holds, scene):
    return holds(B=scene.sizes.get("B", 0), n=scene.sizes.get("n", 0))


def _tells(scene):
    """Whether a run has more than one row or class: of one entry much is right by chance."""
    return scene.nontrivial and scene.sizes["B"] * scene.sizes.get("n", 2) > 1
