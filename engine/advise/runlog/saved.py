"""Where on the axis of a run its checkpoints were saved.

A name counts steps, epochs, or does not say which; and counts of epochs begin at 0 or at 1, not always as those of the log do. What is meant is told
by the evaluations: trainers save when they have evaluated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from advise.runlog.arrays import Floats
from advise.runlog.places.checkpoints import Checkpoint
from advise.runlog.series.record import Curve, RunLog, Saved

_EPOCH = "epoch"
_SHIFTS = (0, -1, 1)
# How near to an evaluation what was saved with it lies, as a share of the interval between evaluations.
NEAR = 0.05

Place = Callable[[float], float]


def placed(checkpoints: Sequence[Checkpoint], log: RunLog) -> tuple[Saved, ...]:
    """The checkpoints along the axis of the run; those behind its last row belong to something else and are left out.

    Args:
        checkpoints: What was found.
        log: The run.
    """
    if not checkpoints:
        return ()
    rows = _rows(log)
    epochs = log.curve(_EPOCH)
    place_of_epoch = _place_of_epoch(log, epochs)
    shift = _shift([item.numbers[_EPOCH] for item in checkpoints if _EPOCH in item.numbers], place_of_epoch, rows)
    unit, count_shift = _unit_of_counts([item.numbers["count"] for item in checkpoints if "count" in item.numbers], log, place_of_epoch, rows)
    found = []
    for item in checkpoints:
        step, epoch = item.numbers.get("step"), item.numbers.get(_EPOCH)
        moved = shift
        if "count" in item.numbers:
            step, epoch = (item.numbers["count"], None) if unit == "step" else (None, item.numbers["count"] if unit == _EPOCH else None)
            moved = count_shift
        at = float(step) if step is not None and log.axis == "step" else math.nan
        if math.isnan(at) and epoch is not None:
            at = place_of_epoch(epoch + moved)
        if not _is_behind(at, rows):
            found.append(_saved(item, at, step, None if epoch is None else float(epoch + moved), log, epochs))
    return tuple(found)


def _saved(item: Checkpoint, at: float, step: int | None, epoch: float | None, log: RunLog, epochs: Curve | None) -> Saved:
    if step is None and log.axis == "step" and math.isfinite(at):
        step = round(at)
    if epoch is None and log.axis == _EPOCH and math.isfinite(at):
        epoch = at
    if epoch is None and epochs is not None and len(epochs) and math.isfinite(at):
        epoch = float(np.interp(at, epochs.steps, epochs.values))
    return Saved(item.path, item.name, at, step, epoch, item.is_best, item.is_last, item.written)


def _rows(log: RunLog) -> Floats:
    """Where something was evaluated; where nothing was, every row."""
    evaluated = [curve.steps for role in sorted(log.curves) if role.startswith("dev.") for curve in log.curves[role]]
    every = [curve.steps for curves in log.curves.values() for curve in curves]
    chosen = evaluated or every
    return np.unique(np.concatenate(chosen)) if chosen else np.empty(0)


def _is_behind(at: float, rows: Floats) -> bool:
    """Whether a place lies more than an interval behind the last row."""
    if not len(rows) or math.isnan(at):
        return False
    interval = float(np.median(np.diff(rows))) if len(rows) > 1 else max(1.0, abs(float(rows[-1])))
    return bool(at > rows[-1] + interval)


def _place_of_epoch(log: RunLog, epochs: Curve | None) -> Place:
    """Where on the axis an epoch ends; NaN where that is not logged."""
    if log.axis == _EPOCH:
        return float
    if epochs is None or not len(epochs):
        return lambda epoch: math.nan
    finite = np.isfinite(epochs.values)
    steps, values = epochs.steps[finite], epochs.values[finite]
    whole = bool(np.all(values == np.round(values)))

    def end(epoch: float) -> float:
        if not len(values) or epoch > values.max() or epoch < values.min():
            return math.nan
        if whole:
            return float(steps[np.flatnonzero(values <= epoch)[-1]])
        return float(np.interp(epoch, values, steps)) if np.all(np.diff(values) >= 0) else math.nan

    return end


def _hits(places: Sequence[float], rows: Floats) -> int:
    """How many places are those of evaluations."""
    if not len(rows):
        return 0
    interval = float(np.median(np.diff(rows))) if len(rows) > 1 else 1.0
    return sum(1 for place in places if math.isfinite(place) and float(np.min(np.abs(rows - place))) <= tolerance(interval))


def tolerance(interval: float) -> float:
    """How far from an evaluation what was saved with it may stand: next to it, since the one may count from 0 and the other from 1.

    Args:
        interval: Between evaluations, along the axis.
    """
    return max(NEAR * interval, 1.0 if interval >= 4 else 0.0)


def _shift(numbers: Sequence[int], place: Place, rows: Floats) -> int:
    """By how much the epochs in names differ from those of the log: by what makes the most of them ends of epochs that were evaluated."""
    return max(_SHIFTS, key=lambda shift: (_hits([place(number + shift) for number in numbers], rows), -_SHIFTS.index(shift)))


def _unit_of_counts(numbers: Sequence[int], log: RunLog, place: Place, rows: Floats) -> tuple[str | None, int]:
    """What numbers count that do not say it, and by how much they differ if it is epochs; None where neither fits."""
    if not numbers or not len(rows):
        return None, 0
    shift = _shift(numbers, place, rows)
    as_epochs = [place(number + shift) for number in numbers]
    as_steps = [float(number) for number in numbers] if log.axis == "step" else []
    by_hits = {"step": _hits(as_steps, rows), _EPOCH: _hits(as_epochs, rows)}
    best = max(by_hits, key=lambda unit: by_hits[unit])
    if by_hits[best]:
        return best, shift
    # Saved between evaluations: what lies within the log.
    inside = [place for place in as_steps if rows[0] <= place <= rows[-1]]
    return ("step", 0) if as_steps and len(inside) == len(numbers) else (None, 0)
