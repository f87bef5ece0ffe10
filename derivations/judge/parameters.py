"""Where an object keeps its arrays: weights and bias under the usual names, and their gradients after backward."""

import copy

from derivations.execution.packages import package

SPELLINGS = {
    "x": ("x", "input", "inputs"),
    "o": ("o", "logits", "x", "z", "input", "inputs"),
    "W": ("weights", "weight", "w", "kernel"),
    "beta": ("bias", "biases", "b", "beta"),
}
ALL = ("weights", "params", "parameters")  # lists of the parameters in their order
GRADIENTS = ("grads", "grad", "gradients", "gradient")
VALUES = ("value", "loss")


def spelled(name):
    """The usual names of an input, without case and underscores."""
    return SPELLINGS.get(name, (_plain(name),))


def is_spelled(word, name):
    return _plain(word) in spelled(name)


def _plain(word):
    return str(word).lower().replace("_", "")


def places(made):
    """{path: value} of an object: (attribute,), and (attribute, key) of what is in its dicts and lists."""
    slots = [name for kind in type(made).__mro__ for name in _tuple(vars(kind).get("__slots__", ()))]
    found = {}
    for name in [x for x in (*getattr(made, "__dict__", {}), *slots) if hasattr(made, x)]:
        value = getattr(made, name)
        found[name,] = value
        if isinstance(value, dict | list):
            entries = value.items() if isinstance(value, dict) else enumerate(value)
            found.update(((name, key), entry) for key, entry in entries)
    return found


def _tuple(names):
    return (names,) if isinstance(names, str) else tuple(names)


def put(made, values):
    """The object with {name: array} in the places of these parameters. Raises: TypeError where there is none."""
    for number, (name, value) in enumerate(values.items()):
        found = places(made)
        path = _place(found, name, number, value.ndim)
        if path is None:
            usual = " or ".join(spelled(name))
            raise TypeError(f"expected an array named {usual} on {type(made).__name__}, found none")
        for other, held in found.items():
            if other == path or (held is not None and held is found[path]):
                _put(made, other, value)
    return made


def _place(found, name, number, axes):
    """The path of a parameter: an array of as many axes; else one of other axes, or None that waits for one."""
    named = [path for word in spelled(name) for path in found if _plain(path[-1]) == word]
    listed = [path for path in found if _plain(path[0]) in ALL and path[1:] == (number,)]
    right = [path for path in (*named, *listed) if getattr(found[path], "ndim", None) == axes]
    others = [path for path in named if found[path] is None or hasattr(found[path], "ndim")]
    return next(iter((*right, *others)), None)


def _put(made, path, value):
    name, *key = path
    if key:  # in a copy: other objects may have the same list
        held, value = value, copy.copy(getattr(made, name))
        value[key[0]] = held
    try:
        setattr(made, name, value)
    except AttributeError:  # a frozen dataclass
        object.__setattr__(made, name, value)


def holds(made, arrays):
    """Whether the object holds these very numbers, or their transposes, somewhere."""
    held = [x for x in places(made).values() if hasattr(x, "ndim")]
    return all(any(_same(x, array) or _same(x, array.T) for x in held) for array in arrays)


def _same(first, second):
    return first.shape == second.shape and bool((first == second).all())


def kept_gradients(made, names):
    """[array, …]: the gradients that the object keeps of these parameters, or None where one is missing."""
    kept = {path: x for path, x in places(made).items() if hasattr(x, "ndim")}
    found = []
    for number, name in enumerate(names):
        path = next((path for path in kept if _is_gradient(path, name, number)), None)
        if path is None:
            return None
        found.append(kept[path].copy())  # the next backward writes there
    return found


def _is_gradient(path, name, number):
    if path[1:] and _plain(path[0]) in GRADIENTS and (path[1] == number or is_spelled(path[1], name)):
        return True
    return _names_a_gradient(path[-1], name)


def _names_a_gradient(word, name):
    """Whether a word is dW, grad_W, W_grad, … of the input's name."""
    before, after = ("d", "g", "grad", "gradient"), ("grad", "gradient")
    return _plain(word) in {
        *(a + s for a in before for s in spelled(name)),
        *(s + a for a in after for s in spelled(name)),
    }


def answering(function, kind, names, outputs):
    """The function, a dict that it returns as its values in the order of the outputs: of the first inputs by name."""
    wanted = names[: outputs - kind.startswith("value")]

    def call(*arguments):
        return in_order(function(*arguments), wanted, kind.startswith("value"))

    call.__module__ = package(function)  # it stands for somebody's code
    return call


def in_order(result, names, value=False):
    """A dict's values: those that its keys name, in the order of the inputs; else as they come. Others as they are."""
    if not isinstance(result, dict):
        return result
    keys = [next((key for key in result if _plain(key) in VALUES), None)] if value else []
    keys += [next((key for key in result if _is_of(key, name, len(names) == 1)), None) for name in names]
    found = tuple(result.values()) if None in keys else tuple(result[key] for key in keys)
    return found[0] if len(found) == 1 else found


def _is_of(key, name, alone):
    """Whether a key is the input, or its gradient; alone: of the only input, which need not be named."""
    return is_spelled(key, name) or _names_a_gradient(key, name) or (alone and _plain(key) in GRADIENTS)
