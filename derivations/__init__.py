"""Neural-network gradients derived with SymPy in index notation, checked line by line, and turned into NumPy.

`verify` judges somebody's hand-written passes against a definition; it is loaded when it is first asked for.
"""


def __getattr__(name):
    if name == "verify":
        from derivations.judge.verify import verify

        return verify
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
