"""The error of a command that cannot do what was asked of it."""


class CommandFailed(Exception):
    """The message names the operation, what was expected and what came; it is shown without a traceback."""
