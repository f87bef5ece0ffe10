"""Blocks of rows: the same bits for every size of block and number of threads, nothing of full size but the result."""

import subprocess
import sys
import threading
import tracemalloc

import numpy as np
import pytest

from nnlib import LogSoftmax, Softmax, SoftmaxCrossEntropy, blocks
from tests.nnlib.nnlib_oracle import logits, soft_targets

SHAPE = (23, 9)
LOGITS = logits("rows_apart", np.float64, SHAPE)
UPSTREAM = logits("unit", np.float64, SHAPE, seed=8)
CLASSES = np.random.default_rng(1).integers(0, 9, 23)
MIXED = np.where(np.arange(23)[:, None] % 4, soft_targets(SHAPE, float), np.eye(9)[CLASSES])
OPTIONS = {"label_smoothing": 0.1, "class_weights": np.arange(9), "temperature": 2, "ignore_index": 3}

PASSES = {
    "classes": lambda **how: SoftmaxCrossEntropy().value_and_gradient(LOGITS, CLASSES, **how),
    "rows": lambda **how: SoftmaxCrossEntropy().value_and_gradient(LOGITS, MIXED, **how),
    "options": lambda **how: SoftmaxCrossEntropy(**OPTIONS).value_and_gradient(LOGITS, CLASSES, **how),
    "weights": lambda **how: SoftmaxCrossEntropy(class_weights=np.arange(9)).value_and_gradient(LOGITS, MIXED, **how),
    "softmax": lambda **how: (Softmax().forward(LOGITS, **how), Softmax().backward(LOGITS, UPSTREAM, **how)),
    "log_softmax": lambda **how: (LogSoftmax().forward(LOGITS, **how), LogSoftmax().backward(LOGITS, UPSTREAM, **how)),
}
each_pass = pytest.mark.parametrize("run", PASSES.values(), ids=PASSES.keys())


@each_pass
@pytest.mark.parametrize("rows", (1, 2, 5, 22))
@pytest.mark.parametrize("threads", (1, 3))
def test_every_block_size_gives_the_same_bits(run, rows, threads, monkeypatch):
    whole = run()
    monkeypatch.setattr(blocks, "SHARE_BYTES", 1)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", rows * 9 * 8)
    for expected, actual in zip(whole, run(threads=threads), strict=True):
        assert np.array_equal(expected, actual)


@pytest.mark.parametrize("classes", (300, 1111))
def test_blocks_of_wide_rows_give_the_same_bits(classes, monkeypatch):
    o, c = logits("rows_apart", np.float32, (9, classes)), np.arange(9)
    expected = SoftmaxCrossEntropy().value_and_gradient(o, c)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1)
    loss, gradient = SoftmaxCrossEntropy().value_and_gradient(o, c)
    assert loss == expected[0] and np.array_equal(gradient, expected[1])


@pytest.mark.parametrize("threads", (1, 2))
def test_wide_rows_are_worked_on_where_they_lie_with_the_same_bits(threads, monkeypatch):
    o, classes = logits("moderate", np.float32, (64, 700)), np.arange(64)
    monkeypatch.setattr(blocks, "COPIED", range(0))
    expected = SoftmaxCrossEntropy().value_and_gradient(o, classes)
    monkeypatch.undo()
    seen, exp = set(), np.exp
    monkeypatch.setattr(np, "exp", lambda *args, **how: (seen.add(np.getbufsize()), exp(*args, **how))[1])
    loss, gradient = SoftmaxCrossEntropy().value_and_gradient(o, classes, threads=threads)
    assert seen == {256} and np.getbufsize() == 8192
    assert loss == expected[0] and np.array_equal(gradient, expected[1])


def test_an_error_leaves_the_buffer_of_ufuncs_as_it_was():
    with pytest.raises(ValueError, match="NaN"):
        Softmax().forward(np.full((64, 700), np.nan))
    assert np.getbufsize() == 8192


def test_the_blocks_are_the_rows_each_once():
    for batch, rows in ((1, 1), (7, 3), (6, 3), (2, 5)):
        taken = [list(range(batch))[block] for block in blocks.row_blocks(batch, rows)]
        assert [row for block in taken for row in block] == list(range(batch))
        assert max(map(len, taken)) <= rows


def test_the_calling_thread_is_one_of_the_threads():
    together, workers = threading.Barrier(3, timeout=30), set()

    def work(block):
        together.wait()  # passes once three blocks are worked on at the same time
        workers.add(threading.get_ident())

    blocks._for_each(work, range(6), threads=3)
    assert len(workers) == 3 and threading.get_ident() in workers


@pytest.mark.parametrize("bad", (0, 6))
def test_every_block_is_worked_on_once_and_an_error_of_any_is_raised(bad):
    done = []

    def work(block):
        done.append(block)
        if block == bad:
            raise ArithmeticError(block)

    with pytest.raises(ArithmeticError):
        blocks._for_each(work, range(7), threads=2)
    assert len(set(done)) == len(done) and bad in done


def test_after_an_error_no_block_is_begun_and_none_is_still_worked_on():
    begun, working = [], set()
    together = threading.Barrier(2, timeout=30)

    def work(block):
        begun.append(block)
        if block >= 98:  # the first two, one for each thread
            together.wait()
        if block == 99:
            raise ArithmeticError(block)
        working.add(block)
        released.wait(timeout=30) if block == 98 else None
        working.discard(block)

    released = threading.Event()
    threading.Timer(0.2, released.set).start()
    with pytest.raises(ArithmeticError):
        blocks._for_each(work, range(100), threads=2)
    assert not working and len(begun) < 100


def test_threads_are_kept_for_the_next_call_and_made_anew_after_a_fork():
    blocks._for_each(lambda block: None, range(4), threads=3)
    before = set(threading.enumerate())
    blocks._for_each(lambda block: None, range(4), threads=3)
    assert set(threading.enumerate()) == before
    code = (
        "import os, warnings, numpy as np, nnlib; warnings.simplefilter('ignore')\n"
        "x = np.ones((300, 1000)); nnlib.Softmax().forward(x, threads=2); child = os.fork()\n"
        "p = nnlib.Softmax().forward(x, threads=2)\n"
        "os._exit(0 if p[0, 0] == 1e-3 else 1) if not child else exit(os.waitpid(child, 0)[1])"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize(
    ("shape", "threads", "sizes"),
    (
        ((256, 2000), 2, [131, 125]),  # 2 MB, which one thread takes as a block; a share is no less than 1 MB
        ((64, 50000), 2, [16] * 4),  # and not 20, 20, 20 and 4, of which one thread would get 40 rows
        ((64, 50000), 3, [11] * 5 + [9]),
        ((7, 10**6), 2, [1] * 7),
    ),
)
def test_threads_share_a_batch_fairly(monkeypatch, shape, threads, sizes):
    taken = []
    monkeypatch.setattr(blocks, "_for_each", lambda work, cut, threads: taken.extend(cut))
    blocks.by_row_blocks(None, np.empty(shape, np.float32), threads=threads)
    assert [cut.stop - cut.start for cut in taken] == sizes


def test_what_is_not_worth_another_thread_is_done_in_one_go():
    called = []
    blocks.by_row_blocks(called.append, np.empty((128, 1000), np.float32), threads=2)
    assert len(called) == 1


def test_an_error_in_a_thread_reaches_the_caller(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 72)
    broken = LOGITS.copy()
    broken[20, 3] = np.nan
    with pytest.raises(ValueError, match="1 NaN"):
        SoftmaxCrossEntropy().forward(broken, CLASSES, threads=2)


@pytest.mark.parametrize("y", (CLASSES, MIXED), ids=("classes", "rows"))
def test_out_is_what_is_returned(y):
    out = np.full(SHAPE, np.nan)
    value, gradient = SoftmaxCrossEntropy().value_and_gradient(LOGITS, y, out)
    assert gradient is out
    expected_value, expected = SoftmaxCrossEntropy().value_and_gradient(LOGITS, y)
    assert value == expected_value and np.array_equal(out, expected)


@pytest.mark.parametrize("y", (CLASSES, MIXED), ids=("classes", "rows"))
@pytest.mark.parametrize("loss", (SoftmaxCrossEntropy(), SoftmaxCrossEntropy(class_weights=np.arange(9))))
def test_out_may_be_the_logits_themselves(y, loss):
    o = LOGITS.copy()
    value, gradient = loss.value_and_gradient(o, y, out=o)
    expected_value, expected = loss.value_and_gradient(LOGITS, y)
    assert gradient is o and value == expected_value and np.array_equal(o, expected)


def test_activations_write_into_out():
    for activation in (Softmax(), LogSoftmax()):
        x, out = LOGITS.copy(), np.empty(SHAPE)
        assert activation.backward(x, UPSTREAM, out=out) is out and np.array_equal(
            out, activation.backward(LOGITS, UPSTREAM)
        )
        assert activation.forward(x, out=x) is x and np.array_equal(x, activation.forward(LOGITS))


@pytest.mark.parametrize(
    ("out", "error", "message"),
    (
        (np.empty((9, 23)), ValueError, "shape"),
        (np.empty(SHAPE, np.float32), TypeError, "dtype float64"),
        (np.empty(SHAPE, order="F"), ValueError, "C-contiguous"),
        ([[0.0] * 9] * 23, TypeError, "array"),
        (MIXED, ValueError, "share memory"),
    ),
)
def test_an_unsuitable_out_is_refused(out, error, message):
    with pytest.raises(error, match=f"SoftmaxCrossEntropy: out must .*{message}"):
        SoftmaxCrossEntropy().value_and_gradient(LOGITS, MIXED, out)


def test_a_read_only_out_is_refused():
    out = np.empty(SHAPE)
    out.flags.writeable = False
    with pytest.raises(ValueError, match="writeable"):
        Softmax().forward(LOGITS, out=out)


def test_out_may_not_overlap_the_logits_in_part():
    memory = np.zeros(24 * 9)
    o, out = memory[: 23 * 9].reshape(SHAPE), memory[9:].reshape(SHAPE)
    with pytest.raises(ValueError, match="share memory"):
        Softmax().forward(o, out=out)


def peak_bytes(run):
    tracemalloc.start()
    run()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("soft", (False, True), ids=("classes", "rows"))
def test_extra_memory_is_a_few_blocks(soft, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1 << 14)
    o = logits("unit", np.float32, (256, 500))
    y = soft_targets(o.shape, np.float32) if soft else o.argmax(axis=1)
    out = np.empty_like(o)
    extra = peak_bytes(lambda: SoftmaxCrossEntropy().value_and_gradient(o, y, out))
    assert extra < 4 * (1 << 14)  # what a kernel keeps of a block, at most three of them, and row sums
