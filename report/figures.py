"""Plots in one style, as SVG for the page and as PDF for LaTeX. Matplotlib is imported only when a plot is drawn."""

import io
from dataclasses import dataclass

STYLE = {
    "font.family": "serif",
    "font.size": 10,
    "mathtext.fontset": "cm",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "lines.linewidth": 1.6,
    "lines.markersize": 4,
    "svg.fonttype": "path",
    "svg.hashsalt": "gradproof",
    "figure.dpi": 100,
}
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#000000")  # Okabe and Ito, safe for colour blindness
MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES = (
    "-",
    (0, (6, 1.5)),
    (0, (4, 1.5, 1, 1.5)),
    (0, (2, 1)),
    (0, (8, 2, 1, 2, 1, 2)),
    (0, (1, 1.2)),
)  # for grey print


def plt_figure(width=6.4, height=3.6):
    """An empty figure in the style, without a window."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(STYLE):
        return Figure(figsize=(width, height))


def log_log(series, xlabel, ylabel, width=6.4, height=3.6):
    """{name: (x, y)} as lines on double logarithmic axes, each named at its end."""
    from matplotlib import rc_context

    with rc_context(STYLE):
        figure = plt_figure(width, height)
        axes = figure.add_axes((0.12, 0.15, 0.64, 0.8))
        ends = []
        for number, (name, (x, y)) in enumerate(series.items()):
            colour = COLOURS[number % len(COLOURS)]
            axes.loglog(x, y, color=colour, marker=MARKERS[number % len(MARKERS)])
            ends.append((y[-1], x[-1], name, colour))
        axes.set_xlabel(xlabel)
        axes.set_ylabel(ylabel)
        axes.autoscale_view()
        _name_ends(axes, ends)
    return figure


def _name_ends(axes, ends):
    """The names at the right margin, at the height where their lines end, at least one line of text apart."""
    apart, last = 0.07, -1.0
    for y, x, name, colour in sorted(ends):
        height = axes.transAxes.inverted().transform(axes.transData.transform((x, y)))[1]
        last = max(height, last + apart)
        axes.annotate(name, (x, y), (1.03, last), "data", "axes fraction", color=colour, va="center",
                      arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.5, "alpha": 0.6})  # fmt: skip


@dataclass(frozen=True)
class Panel:
    """One plot of several: its title, the name of its x, and {name: (x, y)}."""

    title: str
    xlabel: str
    series: dict


def panels(plots, width=6.4, height=2.7, columns=3):
    """Double logarithmic plots side by side under one legend, so that no name can fall on a line or on another name.

    A name has the same colour, marker and dashes in every panel; columns: of the legend.
    """
    from matplotlib import rc_context

    names = list(dict.fromkeys(name for plot in plots for name in plot.series))
    rows = -(-len(names) // columns)
    with rc_context(STYLE):
        figure = plt_figure(width, height + 0.2 * rows)
        top = 1 - (0.2 * rows + 0.45) / (height + 0.2 * rows)
        all_axes = figure.subplots(1, len(plots))
        figure.subplots_adjust(left=0.075, right=0.985, bottom=0.5 / height, top=top, wspace=0.36)
        handles = {}
        for plot, axes in zip(plots, all_axes if len(plots) > 1 else [all_axes], strict=True):
            handles |= _panel(axes, plot, names)
        figure.legend([handles[name] for name in names], names, loc="upper center", ncols=columns, frameon=False,
                      handlelength=3.2, columnspacing=1.6)  # fmt: skip
    return figure


def _panel(axes, plot, names):
    """{name: its line}, drawn into the axes."""
    lines = {}
    for name, (x, y) in plot.series.items():
        look = names.index(name)
        lines[name], = axes.loglog(x, y, color=COLOURS[look % len(COLOURS)], marker=MARKERS[look % len(MARKERS)],
                                   linestyle=DASHES[look % len(DASHES)])  # fmt: skip
    axes.set_title(plot.title, loc="left", fontsize="medium")
    axes.set_xlabel(plot.xlabel)
    return lines


def svg(figure):
    """The figure as SVG text, the same for the same figure."""
    return _saved(figure, "svg", {"Date": None, "Creator": None}).decode()


def pdf(figure):
    """The figure as the bytes of a PDF."""
    return _saved(figure, "pdf", {"CreationDate": None, "Creator": None, "Producer": None})


def _saved(figure, form, metadata):
    from matplotlib import rc_context

    file = io.BytesIO()
    with rc_context(STYLE):
        figure.savefig(file, format=form, metadata=metadata)
    return file.getvalue()
