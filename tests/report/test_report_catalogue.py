"""Every operation has its row, every public class of nnlib too, and the two sides of each row compute the same."""

import numpy as np
import pytest

import nnlib
from derivations.registry import operations
from report.agreement import DTYPES, SHAPES, agreement
from report.catalogue import ROWS, Row, row

KINDS = [(one, kind) for one in ROWS for kind in one.calls]


def name(value):
    return value.name if isinstance(value, Row) else str(value)


def test_every_operation_has_one_row():
    assert sorted(one.name for one in ROWS) == sorted(operations())


def test_every_public_class_is_in_a_row():
    assert {module.__name__ for one in ROWS for module in one.classes} == set(nnlib.__all__)


def test_every_derived_function_but_the_jacobians_has_its_call():
    for one in ROWS:
        lacking = {kind for kind in one.operation.functions if kind not in one.calls}
        allowed = {"jacobian"} if "jacobian" in one.operation.functions else set()
        allowed |= {
            kind for kind in lacking if kind.endswith(" sum") and one.name in ("label-smoothing", "temperature")
        }
        assert lacking == allowed, one.name


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: np.dtype(dtype).name)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize(("one", "kind"), KINDS, ids=name)
def test_derived_function_and_nnlib_agree_within_rounding(one, kind, shape, dtype):
    found = agreement(one, kind, *shape, dtype, seed=sum(shape))
    assert found.share <= 1, found


def test_a_wrong_backward_pass_is_seen():
    right = row("softmax")
    wrong = Row("softmax", right.classes, {"vjp": lambda o, g: right.calls["vjp"](o, g) * (1 + 1e-12)})
    assert agreement(wrong, "vjp", 3, 4, np.float64).share > 1


def test_nan_is_no_agreement():
    right = row("linear").calls["vjp"]

    def without_weights(*arrays):
        gx, gw, gb = right(*arrays)
        return gx, np.full_like(gw, np.nan), gb

    wrong = Row("linear", row("linear").classes, {"vjp": without_weights})
    assert agreement(wrong, "vjp", 3, 4, np.float64).share > 1


def test_a_result_of_another_shape_or_type_is_named():
    right = row("softmax")
    wrong = Row("softmax", right.classes, {"vjp": lambda o, g: right.calls["vjp"](o, g).astype(np.float64)})
    with pytest.raises(ValueError, match="softmax, vjp.*float64"):
        agreement(wrong, "vjp", 3, 4, np.float32)


def test_unknown_row_lists_the_names():
    with pytest.raises(LookupError, match="'nope'.*softmax-cce"):
        row("nope")
