"""The trained network on real digits, and its gradients by every route."""

from report.chapters.pieces import plain
from report.digits import differences
from report.document import Figure, Paragraph, Section, Table
from report.figures import plt_figure


def digits_chapter(training):
    """training: from report.digits.train, or None where scikit-learn is missing."""
    if training is None:
        return Section("On real data", (Paragraph("scikit-learn, which ships the digits, was not installed."),))
    rows = []
    for found in differences(training):
        at = "{}, {}".format(*found.position)
        rows.append([found.route, *map(plain, (found.terms, found.entry)), at, _digits(found.want), _digits(found.got)])
    return Section(
        "On real data",
        (
            Paragraph(
                "The network 64 – 48 – 10 with tanh was trained on three quarters of the 1,797 handwritten digits that"
                f" scikit-learn ships, by plain gradient descent in {len(training.losses)} epochs. It names"
                f" {100 * training.accuracy:.1f} % of the {len(training.classes)} held-out digits rightly. At its"
                " logits for these digits the gradients of all routes were compared with nnlib's fused one for class"
                " indices, which subtracts nothing."
            ),
            Table(
                ("route", "in eps of terms", "in eps of entry", "row, class", "nnlib, fused", "this route"),
                rows,
                "The largest difference from nnlib's fused gradient, in units of roundoff: of the terms $p$ and $y$"
                " that are subtracted, and of the entry itself; and the entry where that is worst",
                "lrrrrr",
            ),
            Paragraph(
                "In units of the terms all routes agree to the last digits. In units of the entry they do not: the"
                " worst entries are the targets of digits about which the network is certain, where $p_{c} - 1$ has"
                " cancelled."
            ),
            Figure(
                lambda: _figure(training),
                "Loss of every epoch, and twelve of the held-out digits with the class that the network gives them",
                "A falling curve and twelve small images of digits",
                "digits",
            ),
        ),
    )


def _digits(number):
    """Ten digits, enough to see where two numbers part."""
    digits, power = f"{number:.9e}".split("e")
    return rf"${digits} \times 10^{{{int(power)}}}$"


def _figure(training):
    figure = plt_figure(7.0, 2.6)
    axes = figure.add_axes((0.09, 0.2, 0.36, 0.72))
    axes.semilogy(range(1, len(training.losses) + 1), training.losses)
    axes.set_xlabel("epoch")
    axes.set_ylabel("loss")
    guesses = training.logits.argmax(axis=1)
    for number in range(12):
        row, column = divmod(number, 6)
        small = figure.add_axes((0.5 + 0.083 * column, 0.52 - 0.46 * row, 0.072, 0.34))
        small.imshow(training.images[number], cmap="gray_r")
        small.set_axis_off()
        small.set_title(str(guesses[number]), fontsize=9)
    return figure
