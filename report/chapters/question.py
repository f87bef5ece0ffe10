"""The question, the notation, and what the chapters show."""

from derivations.softmax import P
from derivations.softmax_cross_entropy_row import LOSS, P_MINUS_Y
from report.chapters.pieces import equation, inline
from report.document import Paragraph, Result, Section, Table

LETTERS = (
    ("$o_{i}$", "logits: the network's output before softmax"),
    ("$p_{i}$", "probabilities"),
    ("$y_{i}$", "targets, one row a probability distribution"),
    ("$c$", "the class of a row, where only one is right"),
    ("$x_{bu}, W_{uj}, \\beta_{j}$", "input, weights and bias of a linear layer"),
    ("$g$", "the upstream gradient, $\\partial L$ by the output of an operation"),
    ("$n, B, m, h$", "numbers of classes or outputs, rows of the batch, inputs, hidden units"),
    ("$\\delta_{ij}$", "1 where $i = j$, else 0"),
    ("$[x > 0]$", "1 where $x > 0$, else 0"),
)


def question():
    """Why is softmax fused into the cross-entropy loss?"""
    return Section(
        "The question",
        (
            Paragraph(
                "PyTorch's cross-entropy loss takes the logits $o$ of a network and applies softmax itself. Why are the"
                f" two fused? The loss of one row is $L = $ {inline(LOSS)} with {inline(P.symbol)} $=$"
                f" {inline(P.meaning)}. This report derives the gradients of both steps and of their combination, for"
                " every number of classes at once, and finds"
            ),
            Result("answer", "The gradient of the combination, for targets that sum to one", equation(P_MINUS_Y)),
            Paragraph(
                "It then counts what the fused and the separate backward pass cost, runs them, and holds a NumPy"
                " library whose backward passes were written by hand against the derived functions. Every formula below"
                " was produced by the derivation that it belongs to, each line of which was checked; every figure comes"
                " from this build, or from the benchmark run that is named beside it."
            ),
        ),
    )


def notation():
    """The letters, and how a derivation is read."""
    return Section(
        "Notation",
        (
            Paragraph(
                "Arrays are written entry by entry, and an index letter runs over the whole of its axis. One letter"
                " has one meaning throughout."
            ),
            Table(("letter", "meaning"), LETTERS, "Letters", "ll"),
            Paragraph(
                "A derivation is read from top to bottom. Each line follows from the one before it by the rule that"
                " stands beside it. The rules are applied by a program, and each line is compared with the one before"
                " it exactly, as rational functions of the entries and their exponentials, at every size that decides"
                " the equation; the [appendix](#proved) says which sizes these are, and why they suffice."
            ),
        ),
    )
