"""How far a run has come."""

from __future__ import annotations

import numpy as np

from advise.runlog.measures.reading import Reading, Readings, over
from advise.runlog.measures.trend import sign_of
from advise.runlog.series.record import Curve

_FEWEST_BEGINNINGS = 3


def extent(
    train: Curve | None = None,
    dev: Curve | None = None,
    metric: Curve | None = None,
    epochs: Curve | None = None,
    *,
    budget: float | None = None,
    planned: float | None = None,
    done: float,
    rows: int,
    near: float,
) -> Readings:
    """The steps and epochs done.

    Args:
        train: The training loss.
        dev: The dev loss.
        metric: The dev metric.
        epochs: The epoch along the steps.
        budget: The planned steps.
        planned: The planned epochs.
        done: From which share of the budget on a run counts as finished.
        rows: How many rows tell the interval between them.
        near: From which share of the budget on a row can be the last one.
    """
    curves = [curve for curve in (train, dev, metric) if curve is not None]
    if not curves:
        return {}
    longest = max(curves, key=lambda curve: float(curve.steps[-1]))
    steps = float(longest.steps[-1])
    found: dict[str, Reading] = {"steps": over(longest, round(steps), len(longest) - 1)}
    if budget:
        found["finished"] = over(longest, steps >= done * budget or _is_last_row(longest, budget, rows, near), len(longest) - 1)
    if epochs is not None and len(epochs):
        epoch = _done(epochs)
        found["epochs"] = over(epochs, epoch, len(epochs) - 1)
        length = _between_epochs(epochs) or (steps / epoch if epoch > 1 else None)
        if length:
            found["steps_per_epoch"] = over(epochs, length)
        if planned and not budget:
            found["finished"] = over(epochs, epoch >= done * planned, len(epochs) - 1)
    return found


def _is_last_row(curve: Curve, budget: float, rows: int, near: float) -> bool:
    """Whether the next row would come after the end: a run of 125 steps that logs every tenth has its last row at step 120."""
    if len(curve) < rows:
        return False
    last = float(curve.steps[-1])
    return last + float(np.median(np.diff(curve.steps))) > budget and last >= near * budget


def steps_per_epoch(epochs: Curve | None) -> float | None:
    """How many steps an epoch has; None where that cannot be told.

    Args:
        epochs: The epoch along the steps.
    """
    if epochs is None or not len(epochs):
        return None
    between = _between_epochs(epochs)
    if between is not None:
        return between
    done, steps = _done(epochs), float(epochs.steps[-1])
    return steps / done if done > 0 and steps > 0 else None


def _between_epochs(epochs: Curve) -> float | None:
    """The steps from the first row of an epoch to that of the next, where whole epochs are counted and several rows lie in each."""
    values, steps = epochs.values, epochs.steps
    if np.any(values != np.floor(values)):
        return None
    begins = np.flatnonzero(np.diff(values)) + 1
    if len(begins) < _FEWEST_BEGINNINGS or len(values) < 2 * len(begins):
        return None
    lengths = np.diff(steps[begins]) / np.diff(values[begins])
    middle = float(np.median(lengths))
    return middle if middle > 0 else None


def _done(epochs: Curve) -> float:
    return float(np.max(epochs.values)) + (1 if _from_zero_at_the_end(epochs) else 0)


def _from_zero_at_the_end(epochs: Curve) -> bool:
    """Whether each epoch has one row, which is written when it ends, and the first is called 0: Keras writes so."""
    return len(epochs) > 1 and bool(np.array_equal(epochs.values, np.arange(len(epochs))))


def ran_out_of_patience(
    curve: Curve, *, loss: Curve | None = None, direction: str | None = None, patience: float, budget: float, done: float
) -> Readings:
    """Whether early stopping ended the run: it ends short of its budget, exactly as many evaluations after a best one as the patience is long.

    Args:
        curve: The dev metric.
        loss: The dev loss, which may be what was watched.
        direction: `maximize` or `minimize`, as a person states it; by default what the metric's name says.
        patience: How many evaluations without a new best are waited for.
        budget: The planned steps or epochs.
        done: Up to which share of the budget a run was cut short.
    """
    sign = sign_of(curve, direction)
    if not sign or patience < 1 or curve.steps[-1] > done * budget:
        return {}
    # A trainer waits for a better value, so that of equal ones the first counts.
    watched = [sign * curve.values, *([] if loss is None else [-loss.values])]
    since = [len(values) - 1 - int(np.argmax(np.where(np.isfinite(values), values, -np.inf))) for values in watched]
    return {"stopped": over(curve, True, len(curve) - 1)} if round(patience) in since else {}


def elapsed(curve: Curve) -> Readings:
    """The seconds since the start, where they are logged.

    Args:
        curve: Seconds since the start.
    """
    return {"seconds": over(curve, float(curve.values[-1]), len(curve) - 1)} if len(curve) and np.isfinite(curve.values[-1]) else {}
