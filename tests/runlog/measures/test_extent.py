from collections.abc import Callable

import numpy as np
import pytest

from advise.runlog.measures.extent import elapsed, extent, ran_out_of_patience, steps_per_epoch
from advise.runlog.series.record import Curve

Make = Callable[..., Curve]

# As in kb/measures.yaml.
GIVEN = {"done": 0.995, "rows": 5, "near": 0.9}


def test_the_longest_curve_tells_how_far_the_run_is(curve: Make) -> None:
    train, dev = curve(np.ones(95), every=10), curve(np.ones(10), role="dev.loss", every=100)
    found = extent(train=train, dev=dev, budget=1000, **GIVEN)
    assert (found["steps"].value, found["finished"].value) == (1000, True)
    assert extent(train=train, budget=1000, **GIVEN)["finished"].value is False
    assert "finished" not in extent(train=train, **GIVEN)
    assert not extent(**GIVEN)


@pytest.mark.parametrize(("rows", "finished"), [(12, True), (11, False), (4, False)])
def test_the_last_row_may_lie_a_logging_interval_before_the_end(curve: Make, rows: int, finished: bool) -> None:
    assert extent(train=curve(np.ones(rows), every=10), budget=125 if rows > 4 else 45, **GIVEN)["finished"].value is finished


def test_epochs_give_the_steps_of_one(curve: Make) -> None:
    epochs = curve([0.5, 1, 1.5, 2], role="epoch", every=50)
    found = extent(train=curve(np.ones(4), every=50), epochs=epochs, planned=2, **GIVEN)
    assert (found["epochs"].value, found["steps_per_epoch"].value, found["finished"].value) == (2, 100, True)


def test_epochs_are_as_long_as_their_steps(curve: Make) -> None:
    assert steps_per_epoch(curve([0.5, 1, 1.5, 2], role="epoch", every=50)) == 100
    assert steps_per_epoch(curve(np.arange(30), role="epoch")) == 1
    assert steps_per_epoch(None) is None


def test_epochs_from_zero_with_a_row_each_are_one_more(curve: Make) -> None:
    train = curve(np.ones(30))
    found = extent(train=train, epochs=curve(np.arange(30), role="epoch"), planned=30, **GIVEN)
    assert (found["epochs"].value, found["finished"].value) == (30, True)
    assert extent(train=train, epochs=curve(np.arange(1, 31), role="epoch"), planned=30, **GIVEN)["epochs"].value == 30
    within = curve(np.repeat(np.arange(3), 10), role="epoch")
    assert extent(train=train, epochs=within, planned=3, **GIVEN)["finished"].value is False


@pytest.mark.parametrize(("patience", "stopped"), [(3, True), (2, False), (4, False)])
def test_early_stopping_ends_a_run_exactly_one_patience_after_its_best(curve: Make, patience: int, stopped: bool) -> None:
    metric = curve([0.1, 0.5, 0.9, 0.8, 0.8, 0.8], role="dev.metric", direction="up", every=100)
    assert ("stopped" in ran_out_of_patience(metric, patience=patience, budget=5000, done=0.9)) is stopped


def test_the_loss_may_have_been_watched(curve: Make) -> None:
    metric = curve([0.1, 0.5, 0.6, 0.7], role="dev.metric", direction="up")
    loss = curve([3, 1, 2, 2], role="dev.loss")
    assert ran_out_of_patience(metric, loss=loss, patience=2, budget=100, done=0.9)["stopped"].value is True


def test_a_run_that_used_its_budget_was_not_stopped(curve: Make) -> None:
    metric = curve([0.1, 0.9, 0.8, 0.8], role="dev.metric", direction="up")
    assert not ran_out_of_patience(metric, patience=2, budget=4, done=0.9)


def test_elapsed_is_the_last_time(curve: Make) -> None:
    assert elapsed(curve([1, 5, 60]))["seconds"].value == 60
    assert not elapsed(curve([1, float("nan")]))


def test_an_epoch_is_as_long_as_from_one_beginning_to_the_next(curve: Make) -> None:
    epochs = curve(np.arange(400) // 20, role="epoch", every=10)
    assert steps_per_epoch(epochs) == pytest.approx(200)
    assert extent(train=curve(np.ones(400), every=10), epochs=epochs, **GIVEN)["steps_per_epoch"].value == pytest.approx(200)
