"""What somebody's functions say that they take."""

import inspect

from derivations.judge.parameters import is_spelled


def signature_of(subject, name):
    """The signature of a method as an object's, or None where there is none."""
    try:
        found = inspect.signature(getattr(subject, name))
    except (TypeError, ValueError):
        return None
    plain = not isinstance(inspect.getattr_static(subject, name), staticmethod | classmethod)
    if not (isinstance(subject, type) and plain):
        return found
    accepted = list(found.parameters.values())
    itself = bool(accepted) and accepted[0].kind is not accepted[0].VAR_POSITIONAL
    return found.replace(parameters=accepted[itself:])


def required(signature):
    """The parameters without a default."""
    parameters = [] if signature is None else signature.parameters.values()
    return [x for x in parameters if x.default is x.empty and x.kind not in (x.VAR_POSITIONAL, x.VAR_KEYWORD)]


def word_for(signature, name):
    """The parameter of a constructor that is spelled like that input, or None."""
    parameters = () if signature is None else signature.parameters
    return next((word for word in parameters if is_spelled(word, name)), None)


def takes(signature, arguments):
    try:
        return signature is None or signature.bind(*arguments) is not None
    except TypeError:
        return False
