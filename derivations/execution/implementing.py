"""The table of NumPy's functions that have an exact form of their own."""

IMPLEMENTED = {}


def implements(*functions):
    """A decorator: the exact form of these functions of NumPy."""

    def decorate(function):
        IMPLEMENTED.update(dict.fromkeys(functions, function))
        return function

    return decorate
