import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from advise.runlog.measures.gap import gap, loss_gap, loss_scale, modes, split_errors
from advise.runlog.series.record import Curve

Make = Callable[..., Curve]
GAP = {"last": 3, "negligible": 0.005}
SCALE = {"fewest": 3, "spread": 0.15, "least": 2}


def test_the_gap_is_positive_where_training_is_better(curve: Make) -> None:
    train, dev = curve(np.full(30, 0.9), role="train.metric", direction="up"), curve(np.full(30, 0.75), role="dev.metric", direction="up")
    found = gap(train, dev, **GAP)
    assert found["last"].value == pytest.approx(0.2)
    assert found["trend"].value == "stable"
    errors = gap(curve(np.full(30, 0.1), role="train.metric"), curve(np.full(30, 0.25), role="dev.metric"), **GAP)
    assert errors["last"].value == pytest.approx(0.6)


def test_a_gap_that_opens_is_growing(curve: Make) -> None:
    noise = np.random.default_rng(0).normal(0, 0.003, 40)
    train = curve(np.linspace(0.5, 0.99, 40), role="train.metric", direction="up")
    found = gap(train, curve(np.full(40, 0.6) + noise, role="dev.metric", direction="up"), **GAP)
    assert found["trend"].value == "growing"
    assert float(str(found["early"].value)) < float(str(found["middle"].value)) < float(str(found["last"].value))


def test_metrics_of_opposite_directions_have_no_gap(curve: Make) -> None:
    assert not gap(curve(np.ones(9), direction="down"), curve(np.ones(9), direction="up"), **GAP)


def test_a_loss_summed_over_eight_micro_batches_is_a_steady_factor(curve: Make) -> None:
    dev = np.exp(-np.linspace(0, 2, 40))
    noise = 1 + 0.02 * np.random.default_rng(0).normal(size=40)
    reading = loss_scale(curve(8 * dev * noise), curve(dev, role="dev.loss"), **SCALE)["factor"]
    assert reading.value == pytest.approx(8, rel=0.05)


def test_a_factor_that_moves_or_is_small_is_none(curve: Make) -> None:
    dev = curve(np.full(40, 1.0), role="dev.loss")
    assert not loss_scale(curve(np.linspace(8, 2, 40)), dev, **SCALE)
    assert not loss_scale(curve(np.full(40, 1.3)), dev, **SCALE)
    assert not loss_scale(curve(np.full(40, -8.0)), dev, **SCALE)


def test_the_same_data_in_evaluation_mode(curve: Make) -> None:
    evaluated = curve([3, 2, 1, 1, 1, 1], role="train.loss_eval_mode")
    dev = curve([3, 2, 1, 1, 1, 1], role="dev.loss")
    assert modes(curve([3, 2, 1, 0.2, 0.2, 0.2]), evaluated, dev, last=3)["evaluated"].value == 1
    assert not modes(evaluated, evaluated, dev, last=3)


def accuracy(values: Sequence[float], quantity: str = "accuracy") -> Curve:
    count = len(values)
    steps = np.arange(1, count + 1, dtype=np.float64)
    return Curve("role", "acc", "log", "", steps, np.array(values, dtype=np.float64), np.arange(1, count + 1), "up", quantity)


def errors(held_out: Curve, dev: Curve, train: Curve | None = None) -> dict[str, object]:
    found = split_errors(held_out, dev, train=train, quantity="accuracy", last=3)
    return {name: pytest.approx(reading.value) for name, reading in found.items()}


def test_errors_by_split_are_what_the_last_accuracies_lack() -> None:
    train, held_out, dev = accuracy([0.5, 0.9, 0.9, 0.9]), accuracy([0.4, 0.8, 0.9, 0.7]), accuracy([0.3, 0.6, 0.6, 0.6])
    assert errors(held_out, dev, train) == {"held_out": 0.2, "dev": 0.4, "train": 0.1}
    assert errors(held_out, dev) == {"held_out": 0.2, "dev": 0.4}


def test_what_is_no_accuracy_has_no_errors() -> None:
    good = accuracy([0.5, 0.6, 0.7])
    assert not errors(accuracy([0.5, 0.6, 0.7], "f1"), good)
    assert not errors(good, accuracy([50, 60, 70]))
    assert not errors(good, accuracy([0.5, math.nan, 0.7]))
    assert errors(good, good, accuracy([0.5, 0.6])).keys() == {"held_out", "dev"}


def test_a_gap_that_is_there_at_once_is_told_from_one_that_opens(curve: Make) -> None:
    fall = np.exp(-np.linspace(0, 2, 60))
    train = curve(fall)
    there = loss_gap(train, curve(2 * fall[4::5], every=5, role="dev.loss"), fewest=6)
    assert there["early"].value == pytest.approx(2, rel=0.15)
    assert there["late"].value == pytest.approx(2, rel=0.15)
    opened = loss_gap(train, curve(np.maximum(fall[4::5], 0.4), every=5, role="dev.loss"), fewest=6)
    assert float(str(opened["early"].value)) < 1.1 < 2 < float(str(opened["late"].value))


def test_a_gap_of_losses_takes_positive_losses_and_evaluations_enough(curve: Make) -> None:
    dev = curve(np.full(12, 1.0), role="dev.loss")
    assert not loss_gap(curve(np.full(12, -1.0)), dev, fewest=6)
    assert not loss_gap(curve(np.full(12, 1.0)), curve(np.full(5, 1.0), role="dev.loss"), fewest=6)
    assert loss_gap(curve(np.full(12, 1.0)), dev, fewest=6)["late"].value == 1
