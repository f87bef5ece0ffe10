"""A function of this package in a fresh interpreter: nothing imported, nothing cached, no memory used yet."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class ColdRunFailed(RuntimeError):
    """The fresh interpreter ended with an error; the message is the end of what it said."""


def cold(module, function, *arguments, timeout=600):
    """module.function(*arguments) in a new process, arguments and answer as JSON; None where it takes too long.

    timeout: seconds. Raises: ColdRunFailed when the process fails.
    """
    code = f"import json, sys; from {module} import {function} as run; print(json.dumps(run(*json.loads(sys.argv[1]))))"
    try:
        ended = subprocess.run(
            [sys.executable, "-c", code, json.dumps(arguments)],
            capture_output=True,
            text=True,
            timeout=timeout,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if ended.returncode:
        raise ColdRunFailed(f"{module}.{function}{arguments}: {ended.stderr.strip()[-500:]}")
    return json.loads(ended.stdout.splitlines()[-1])


def _environment():
    """This process's environment, with this package where Python finds it."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path}
