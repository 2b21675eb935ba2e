"""Which saved checkpoint is the best, and whether the best evaluation was saved."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from advise.runlog.measures.checkpoints import saved
from advise.runlog.series.record import Curve, Saved


def metric(values: Sequence[float], every: int = 100) -> Curve:
    count = len(values)
    steps = np.arange(1, count + 1) * float(every)
    return Curve("dev.metric", "acc", "log", "", steps, np.array(values, float), np.arange(1, count + 1), direction="up")


def at(place: float, name: str = "", *, best: bool = False, last: bool = False, written: float = 0.0) -> Saved:
    return Saved(f"run/{name or place}", name or str(place), place, None if math.isnan(place) else round(place), None, best, last, written)


def told(checkpoints: Sequence[Saved], curve: Curve | None = None, direction: str | None = None) -> dict[str, object]:
    return {name: reading.value for name, reading in saved(checkpoints, curve, direction=direction).items()}


RISES = metric([0.1, 0.5, 0.9, 0.7, 0.6])


def test_the_best_evaluation_was_saved() -> None:
    found = told([at(200), at(300), at(500)], RISES)
    assert (found["best_step"], found["keeps"], found["metric"], found["last_step"]) == (300, True, 0.9, 500)


def test_next_to_the_evaluation_is_at_it() -> None:
    assert told([at(301)], RISES)["keeps"] is True


def test_the_best_evaluation_was_not_saved() -> None:
    found = told([at(200), at(400)], RISES)
    assert (found["best_step"], found["keeps"], found["metric"]) == (400, False, 0.7)


def test_between_evaluations() -> None:
    found = told([at(250), at(500)], RISES)
    assert (found["best_step"], found["keeps"]) == (250, False)
    assert math.isclose(float(str(found["metric"])), 0.7)


def test_what_the_trainer_calls_the_best_and_no_number_places() -> None:
    found = told([at(math.nan, "best.pt", best=True), at(500)], RISES)
    assert (found["best_name"], found["keeps"]) == ("best.pt", True)
    assert "best_step" not in found


def test_a_number_goes_before_a_word() -> None:
    assert told([at(math.nan, "best.pt", best=True), at(300)], RISES)["best_step"] == 300


def test_less_may_be_better() -> None:
    falls = metric([5, 3, 1, 2, 4])
    unknown = Curve("dev.metric", "score", "log", "", falls.steps, falls.values, falls.lines)
    assert told([at(300), at(500)], unknown, "minimize")["best_step"] == 300


def test_nothing_is_best_where_that_cannot_be_told() -> None:
    assert "best_name" not in told([at(300)])
    assert "best_name" not in told([at(300)], metric([0.5, 0.5, 0.5]))
    assert "best_name" not in told([at(300)], metric([math.nan] * 3))
    unknown = Curve("dev.metric", "score", "log", "", RISES.steps, RISES.values, RISES.lines)
    assert "best_name" not in told([at(300)], unknown)


def test_counts_and_dates() -> None:
    found = told([at(math.nan, "last.pt", last=True, written=1e9), at(math.nan, "x.pt", written=2e9)])
    assert (found["count"], found["last_name"], found["written"]) == (2, "last.pt", "2033-05-18 03:33 UTC")
