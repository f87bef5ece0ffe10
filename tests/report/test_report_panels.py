"""Plots of several panels: no name falls on another, nothing leaves the figure, and lines can be told apart in grey."""

from itertools import combinations

import pytest

pytest.importorskip("matplotlib")

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from report.figures import Panel, log_log, panels

SIZES = (1, 10, 1000, 100000)
NAMES = ("separate, Jacobians", "nnlib, out=", "PyTorch", "JAX", "numba", "floor")


def series(number):
    return {name: (SIZES, [1e-6 * size * (1 + place) for size in SIZES]) for place, name in enumerate(NAMES[:number])}


DRAWINGS = {
    "three": lambda: panels([Panel(name, "classes n", series(3)) for name in ("operations", "bytes", "seconds")]),
    "two": lambda: panels([Panel("seconds", "classes n", series(6)), Panel("seconds", "rows B", series(5))]),
    "one": lambda: panels([Panel("seconds", "classes n", series(2))]),
    "log_log": lambda: log_log(series(3), "classes n", "operations"),
}


def texts(figure):
    """[(words, box in pixels)] of every text that is seen."""
    FigureCanvasAgg(figure).draw()
    beyond = [label for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) for label in labels_beyond(axis)]
    found = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    # An annotation's own extent would have its arrow in it.
    return [(text.get_text(), Text.get_window_extent(text)) for text in found if text not in beyond]


def labels_beyond(axis):
    """Matplotlib keeps labels of ticks beyond the ends of an axis, which it never draws."""
    low, high = axis.get_view_interval()
    ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    return [label for tick in ticks if not low <= tick.get_loc() <= high for label in (tick.label1, tick.label2)]


@pytest.mark.parametrize("name", DRAWINGS)
def test_names_and_numbers_overlap_nowhere_and_stay_inside(name):
    figure = DRAWINGS[name]()
    found = texts(figure)
    assert len(found) > 6
    for (one, first), (two, second) in combinations(found, 2):
        assert not first.overlaps(second), (one, two)
    width, height = figure.get_size_inches() * figure.dpi
    for words, box in found:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, words


def test_a_name_looks_the_same_in_every_panel_and_like_no_other_in_grey():
    full, last = dict(list(series(6).items())), dict(list(series(6).items())[3:])
    figure = panels([Panel("a", "n", full), Panel("b", "n", last)])
    looks = [[(line.get_marker(), str(line._unscaled_dash_pattern)) for line in axes.lines] for axes in figure.axes]
    assert looks[1] == looks[0][3:]
    assert len({marker for marker, _ in looks[0]}) == len({dashes for _, dashes in looks[0]}) == len(full)
    colours = [line.get_color() for line in figure.axes[0].lines]
    assert len(set(colours)) == len(full)
