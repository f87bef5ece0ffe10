"""Softmax, cross entropy, and their combination three ways."""

from derivations import confident, cross_entropy, softmax, softmax_cross_entropy
from derivations import softmax_cross_entropy_direct as direct
from derivations import softmax_cross_entropy_row as row
from report.chapters.pieces import chain, equation, inline
from report.document import CodeBlock, Paragraph, Result, Section


def softmax_chapter():
    return Section(
        "Softmax",
        (
            Paragraph(
                "Softmax divides by a sum in which every logit occurs, so that every probability depends on every"
                " logit. The quotient rule gives its Jacobian, a full $n \\times n$ matrix."
            ),
            chain(softmax.JACOBIAN, "The Jacobian of softmax"),
            Paragraph(
                "Backpropagation never needs that matrix, only its product with an upstream gradient $g$, the VJP. The"
                " δ sifts one term out of the sum, and $n$ multiplications are left of $n^{2}$."
            ),
            chain(softmax.VJP, "The VJP of softmax"),
            Paragraph(
                "The same number added to all logits changes nothing, which is why the largest may be subtracted:"
            ),
            chain(softmax.SHIFT, "Shift invariance"),
            CodeBlock(
                softmax.SOFTMAX.functions["vjp"].source.rstrip(),
                "The VJP as NumPy, generated from its last line; $s = -\\max_{k} o_{k}$",
                "python",
            ),
        ),
    )


def cross_entropy_chapter():
    return Section(
        "Cross entropy",
        (
            Paragraph("As a function of the probabilities alone, the loss is a sum of logarithms."),
            chain(cross_entropy.GRADIENT, "The gradient by the probabilities"),
            Paragraph("If one class $c$ is right and $y$ is one-hot, one term is left: categorical cross entropy."),
            chain(cross_entropy.CLASS_LOSS, "Categorical cross entropy"),
            chain(cross_entropy.CLASS_GRADIENT, "Its gradient"),
        ),
    )


def combination_chapter():
    return Section(
        "The combination",
        (
            Paragraph("*By the chain rule*, through both gradients found so far. The division by $p$ cancels."),
            chain(row.P_MINUS_Y, "The combined gradient, by the chain rule"),
            Paragraph(
                "The last step is the only one that needs an assumption. Without it the gradient is"
                f" {inline(row.CHAIN.claim)}."
            ),
            Paragraph("*Straight from the logits*, since the logarithm undoes the exponential:"),
            chain(direct.EXPANDED, "The loss as a function of the logits"),
            chain(direct.DIRECT, "The combined gradient, straight from the logits"),
            Paragraph("*For one class* $c$, where the target needs no array at all:"),
            chain(direct.CLASS, "The combined gradient for one class"),
            Paragraph("All three meet: for one-hot targets, the gradient for any targets is the one for a class."),
            chain(direct.MEET, "Any targets, of which one class is right"),
            Paragraph("*Over a batch*, a row's loss depends on the logits of that row alone:"),
            chain(softmax_cross_entropy.MEAN, "The mean over a batch"),
            Result("sum", "The sum over a batch", equation(softmax_cross_entropy.SUM)),
            Paragraph(
                "*Without cancellation.* Once the model is confident, $p_{c}$ is close to 1, and the subtraction in"
                f" {inline(confident.TARGET_GRADIENT.claim)} leaves few digits or none. Two identities keep them all:"
            ),
            chain(confident.CLASS_LOSS, "The loss of one class, every digit kept"),
            chain(confident.TARGET_GRADIENT, "The target's gradient, every digit kept"),
            CodeBlock(
                softmax_cross_entropy.SOFTMAX_CCE.functions["gradient"].source.rstrip(),
                "The fused gradient as NumPy, generated from its last line",
                "python",
            ),
        ),
    )
