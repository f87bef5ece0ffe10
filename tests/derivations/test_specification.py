"""What is lambdified equals the definition, exactly, for every operation, kind and variant."""

from itertools import product

import pytest
from sympy import Integer

from derivations.lifting import lift
from derivations.normal_form import NormalForm
from derivations.notation import B, Partial, a, array, b, c, delta, free_indices, h, i, j, k, m, n, total
from derivations.operation import variant
from derivations.proof import World
from derivations.registry import operation, operations

OPERATIONS = operations()
SIZES = [dict(zip((B, n, m, h), sizes, strict=True)) for sizes in ((1, 1, 1, 1), (2, 3, 2, 2), (3, 2, 1, 2))]
FUNCTIONS = [(name, key) for name, found in OPERATIONS.items() for key in found.functions]


def world_of(specification, sizes):
    """Unknowns for the inputs under the hypotheses, and classes that are neither all different nor all the same."""
    classes = {(row,): 1 + (row - 1) % 2 * (sizes[n] - 1) for row in range(1, sizes[B] + 1)}
    return World(sizes, {}, specification.names, specification.hypotheses, {"c": classes})


def numbered(letters, sizes):
    """Every choice of numbers for the letters."""
    for numbers in product(*(range(1, sizes[letter.size] + 1) for letter in letters)):
        yield dict(zip(letters, numbers, strict=True))


@pytest.mark.parametrize(("name", "key"), FUNCTIONS)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_every_entry_of_every_function_is_that_of_the_definition(name, key, sizes):
    kind, space, suffix = key.partition(" ")
    specification, function = OPERATIONS[name].specifications[space + suffix], OPERATIONS[name].functions[key]
    world, form = world_of(specification, sizes), NormalForm()
    for (letters, defined), (own, derived) in zip(specification.outputs(kind), function.outputs, strict=True):
        assert [letter.size for letter in letters] == [letter.size for letter in own]
        for place in numbered(letters, sizes):
            here = dict(zip(own, place.values(), strict=True))
            assert form.zero(world.value(defined, place) - world.value(derived, here)), place


def test_an_error_in_a_derived_function_would_be_noticed():
    softmax, form = OPERATIONS["softmax"], NormalForm()
    world = world_of(softmax.specifications[""], SIZES[1])
    ((letters, defined),) = softmax.specifications[""].outputs("vjp")
    ((own, derived),) = softmax.functions["vjp"].outputs
    place = dict.fromkeys(letters, 2)
    here = dict.fromkeys(own, 2)
    assert form.zero(world.value(defined, place) - world.value(derived, here))
    assert not form.zero(world.value(defined, place) - world.value(derived, dict.fromkeys(own, 1)))


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_numpy_computes_for_a_name_has_the_value_of_its_meaning(name):
    for specification in OPERATIONS[name].specifications.values():
        world, form = world_of(specification, SIZES[1]), NormalForm()
        for definition in (x for x in specification.names if x.computed is not None):
            if definition.because is None:  # shifted logits: one number, whatever it is, is added to the whole row
                assert definition.letters[-1] not in free_indices(definition.meaning - definition.computed)
            else:
                for place in numbered(definition.letters, SIZES[1]):
                    assert form.zero(world.value(definition.meaning, place) - world.value(definition.computed, place))


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_complete(name):
    found = OPERATIONS[name]
    assert found.name == name and found.title and found.main in found.derivations
    assert "" in found.specifications and found.inputs == found.specifications[""].inputs
    assert {key.partition(" ")[1] + key.partition(" ")[2] for key in found.functions} == set(found.specifications)
    for key, function in found.functions.items():
        specification = found.specifications[key.partition(" ")[1] + key.partition(" ")[2]]
        known = {x.name for x in specification.inputs} | {specification.upstream and specification.upstream.name}
        assert {str(argument) for argument in function.arguments} <= known


def test_names_of_functions_are_unique():
    names = [function.name for found in OPERATIONS.values() for function in found.functions.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("reduction", "targets", "suffix"),
    [
        ("mean", "rows", ""),
        ("sum", "rows", " sum"),
        ("mean", "indices", " indices"),
        ("sum", "indices", " sum indices"),
    ],
)
def test_variants_have_their_suffix(reduction, targets, suffix):
    loss = operation("softmax-cce")
    assert variant(reduction, targets) == suffix
    assert loss.function("gradient", reduction, targets) is loss.functions["gradient" + suffix]
    assert loss.specification(reduction, targets) is loss.specifications[suffix]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: operation("softmix"),
        lambda: operation("softmax").function("hessian"),
        lambda: operation("mse").specification(targets="indices"),
    ],
)
def test_what_there_is_not_is_answered_with_what_there_is(ask):
    with pytest.raises(LookupError, match="softmax|vjp|mse"):
        ask()


o, y, W = array("o", n), array("y", n), array("W", n)
oB, yB, classes = array("o", B, n), array("y", B, n), array("c", B, integer=True)


@pytest.mark.parametrize(
    ("row", "batch"),
    [
        (o[i], oB[b, i]),
        (total(o[k] * y[i], k), total(oB[b, k] * yB[b, i], k)),
        (o[c] * delta(j, c), oB[b, classes[b]] * delta(j, classes[b])),
        (Partial(o[i], o[j]), Partial(oB[b, i], oB[b, j])),
        (o[i] * W[i], oB[b, i] * W[i]),
        (Integer(2), Integer(2)),
    ],
)
def test_lifting_gives_every_array_that_is_not_shared_a_row(row, batch):
    assert lift(row, b, shared=("W",)) == batch


def test_lifting_to_another_row():
    assert lift(o[c], a) == oB[a, classes[a]]
