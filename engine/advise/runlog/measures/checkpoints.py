"""Which of the saved checkpoints is the best, and whether the best evaluation was saved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from advise.runlog.measures.extremum import never_changes, place_of_best
from advise.runlog.measures.noise import finite
from advise.runlog.measures.reading import Reading, Readings
from advise.runlog.measures.trend import sign_of
from advise.runlog.saved import tolerance
from advise.runlog.series.record import Curve, Saved
from advise.text import Value


def saved(checkpoints: Sequence[Saved], metric: Curve | None = None, *, direction: str | None = None) -> Readings:
    """What was saved: how many, the last, and the best by the evaluations around it.

    Between two evaluations a checkpoint is taken to be worth what lies between them. One whose name tells no place counts as the best evaluation
    where the trainer calls it the best.

    Args:
        checkpoints: Along the axis of the run, at least one.
        metric: The dev metric; NaN and infinities are no evaluations.
        direction: `maximize` or `minimize`, as a person states it; by default what the metric's name says.
    """

    def about(item: Saved, value: Value) -> Reading:
        return Reading(value, item.path, 0, 0, len(checkpoints))

    found: dict[str, Reading] = {"count": about(checkpoints[0], len(checkpoints))}
    newest = max(checkpoints, key=lambda item: item.written)
    if newest.written > 0:
        found["written"] = about(newest, f"{datetime.fromtimestamp(newest.written, UTC):%Y-%m-%d %H:%M} UTC")
    at_places = [item for item in checkpoints if math.isfinite(item.at)]
    last = max(at_places, key=lambda item: item.at, default=next((item for item in checkpoints if item.is_last), None))
    if last is not None:
        found |= _described("last", last, len(checkpoints))
    return found | _best(checkpoints, at_places, metric, direction)


def _best(checkpoints: Sequence[Saved], at_places: Sequence[Saved], metric: Curve | None, direction: str | None) -> dict[str, Reading]:
    sign = 0 if metric is None else sign_of(metric, direction)
    whole = None if metric is None or not sign else finite(metric)
    if whole is None or not len(whole) or never_changes(whole.values):
        return {}
    place = place_of_best(sign * whole.values)
    interval = float(np.median(np.diff(whole.steps))) if len(whole) > 1 else 1.0
    near = tolerance(interval)
    count = len(checkpoints)
    kept = [item for item in at_places if abs(item.at - whole.steps[place]) <= near]
    called = [item for item in checkpoints if item.is_best and math.isnan(item.at)]
    if kept or called:
        # Of several with one place the one that the trainer calls the best.
        best = max(kept, key=lambda item: (-abs(item.at - whole.steps[place]), item.is_best)) if kept else called[0]
        found = _described("best", best, count)
        return {**found, "keeps": Reading(True, best.path, 0, 0, count), "metric": Reading(float(whole.values[place]), best.path, 0, 0, count)}
    within = [item for item in at_places if whole.steps[0] - near <= item.at <= whole.steps[-1] + interval]
    if not within:
        return {}
    worth = sign * np.interp([item.at for item in within], whole.steps, whole.values)
    chosen = place_of_best(worth)
    best = within[chosen]
    found = _described("best", best, count)
    return {**found, "keeps": Reading(False, best.path, 0, 0, count), "metric": Reading(float(sign * worth[chosen]), best.path, 0, 0, count)}


def _described(which: str, item: Saved, count: int) -> dict[str, Reading]:
    values: dict[str, Value | None] = {"name": item.name, "step": item.step, "epoch": item.epoch}
    return {f"{which}_{key}": Reading(value, item.path, 0, 0, count) for key, value in values.items() if value is not None}
