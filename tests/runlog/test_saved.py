"""Where checkpoints stand on the axis of a run: what their numbers count is told by the evaluations."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from advise.runlog.places.checkpoints import Checkpoint
from advise.runlog.saved import placed
from advise.runlog.series.record import Axis, Curve, RunLog


def curve(role: str, steps: Sequence[float], values: Sequence[float]) -> Curve:
    return Curve(role, role, "log", "", np.array(steps, float), np.array(values, float), np.arange(1, len(steps) + 1))


def log(axis: Axis, evaluated: Sequence[float], epochs: Mapping[float, float] | None = None) -> RunLog:
    curves = {"dev.metric": (curve("dev.metric", evaluated, [0.0] * len(evaluated)),)}
    if epochs:
        curves["epoch"] = (curve("epoch", list(epochs), list(epochs.values())),)
    return RunLog(axis, curves)


def saved(unit: str, *numbers: int) -> list[Checkpoint]:
    return [Checkpoint(f"run/{number}", str(number), {unit: number}, is_best=False, is_last=False, written=0.0) for number in numbers]


def places(checkpoints: Sequence[Checkpoint], run: RunLog) -> list[float]:
    return [item.at for item in placed(checkpoints, run)]


def test_steps() -> None:
    assert places(saved("step", 500, 1000), log("step", range(100, 1101, 100))) == [500, 1000]


@pytest.mark.parametrize(
    ("evaluated", "numbers", "expected"),
    [
        (range(1, 11), (2, 10), [2, 10]),  # both from 1
        (range(10), (1, 10), [0, 9]),  # names from 1, the log from 0
        (range(1, 11), (0, 9), [1, 10]),  # names from 0, the log from 1
        (range(1, 11), (5, 7), [5, 7]),  # nothing speaks of a difference
    ],
)
def test_epochs_are_counted_from_0_or_1(evaluated: range, numbers: tuple[int, ...], expected: list[float]) -> None:
    assert places(saved("epoch", *numbers), log("epoch", evaluated)) == expected


def test_epochs_along_steps_are_those_at_which_they_end() -> None:
    rows = {float(step): float(step // 100) for step in range(0, 1000, 50)}
    found = placed(saved("epoch", 3), log("step", range(50, 1000, 100), rows))
    assert (found[0].at, found[0].step, found[0].epoch) == (350, 350, 3)


def test_parts_of_epochs_along_steps() -> None:
    rows = {float(step): step / 100 for step in range(10, 1001, 10)}
    assert places(saved("epoch", 3), log("step", range(100, 1001, 100), rows)) == [300]


def test_a_bare_number_counts_what_the_evaluations_do() -> None:
    rows = {float(step): step / 100 for step in range(10, 1001, 10)}
    assert places(saved("count", 2, 5), log("step", range(100, 1001, 100), rows)) == [200, 500]
    assert places(saved("count", 200, 500), log("step", range(100, 1001, 100), rows)) == [200, 500]
    assert places(saved("count", 2, 5), log("epoch", range(1, 11))) == [2, 5]


def test_a_bare_number_between_evaluations_is_a_step() -> None:
    assert places(saved("count", 250, 450), log("step", range(100, 1001, 100))) == [250, 450]


def test_what_cannot_be_placed() -> None:
    assert math.isnan(places(saved("step", 500), log("epoch", range(1, 11)))[0])
    assert math.isnan(places(saved("epoch", 3), log("step", range(100, 1001, 100)))[0])


def test_what_lies_behind_the_log_belongs_to_something_else() -> None:
    assert places(saved("step", 900, 1050, 5000), log("step", range(100, 1001, 100))) == [900, 1050]


def test_a_run_without_rows() -> None:
    found = placed(saved("count", 5), RunLog("record", {}))
    assert math.isnan(found[0].at)
