"""A directory of submissions judged, on all cores or a cluster, into files that a second run goes on from.

    grade.grade(directory, asked, out, executor) -> [Graded, …]     what `gradproof grade` does

`submissions` finds them, `job` judges one wherever an executor runs it, `results` keeps what came of it and knows
whether it still holds, `tables` writes the table and Gradescope's files.
"""
