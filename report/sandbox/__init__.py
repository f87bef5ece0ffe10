"""Somebody's code judged in a process of its own, with limits; nothing of it is imported here.

    judging.judged(target, options, limits) -> Outcome     what `gradproof verify` does

The way of a judgement: `target` finds and reads the file, `worker` starts a process (`process`, which shuts itself in
with `confinement`), that process loads the code (`loading`) and runs the judge (`judge_role`); its verdict comes back
as JSON and is checked (`received`). An accepted verdict is then cross-examined (`examination`): a second process, which
knows neither the truth nor the judge (`answer_role`), answers on arrays that nobody could foresee.
"""

import os

from report.failure import CommandFailed

if os.name != "posix":
    raise CommandFailed("judging a file needs Linux or macOS, for its limits; derivations.verify works everywhere")
