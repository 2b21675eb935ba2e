"""Time: the loader's share of a step, slow steps, throughput against its peak, memory that grows."""

from __future__ import annotations

import numpy as np

from advise.runlog.arrays import Floats
from advise.runlog.measures.noise import finite
from advise.runlog.measures.reading import Reading, Readings, over
from advise.runlog.measures.uncertainty import Error
from advise.runlog.series.record import Curve

_FEWEST = 20
# A time since the start rises from row to row, but where a clock was set back or rows stand in another order.
_NEARLY_ALL = 0.98


def loader_share(loading: Curve, step: Curve, *, late: float, fewest: int) -> Readings:
    """The share of the time of training that is spent waiting for data.

    A sum over a sum: where workers deliver in bursts, most steps wait for nothing and a few for all of them.

    Args:
        loading: Seconds of a step spent on fetching its batch.
        step: Seconds of the whole step.
        late: Which share of the values, from the end.
        fewest: How many values it takes.
    """
    waits, whole = finite(loading), finite(step)
    if min(len(waits), len(whole)) < fewest or _adds_up(whole) or _adds_up(waits):
        return {}
    start = len(waits) - round(late * len(waits))
    waiting, total = _mean_of_late(waits, late), _mean_of_late(whole, late)
    # A step that is shorter than its waiting does not hold it: the two are logged apart.
    whole_step = total if total >= waiting else total + waiting
    if whole_step <= 0 or waiting < 0:
        return {}
    return {"share": over(waits, waiting / whole_step, start).within(_error_of_share(waits, whole, late, waiting / whole_step))}


def _error_of_share(waits: Curve, whole: Curve, late: float, share: float) -> Error | None:
    """The standard error of a ratio of means (Cochran 1977, section 6.4); None where waits and steps were logged at different places."""
    count = round(late * len(waits))
    if len(waits) != len(whole) or count < 2:
        return None
    waiting, steps = waits.values[-count:], whole.values[-count:]
    away = waiting - share * np.maximum(steps, waiting)
    return Error(float(np.std(away, ddof=1) / np.mean(steps) / np.sqrt(count)), count - 1)


def _mean_of_late(curve: Curve, late: float) -> float:
    return float(np.mean(curve.values[len(curve) - round(late * len(curve)) :]))


def step_times(curve: Curve, *, last: int, deviations: float) -> Readings:
    """The time of a step, and how many steps took far longer.

    Args:
        curve: Seconds a step.
        last: How many values make the present.
        deviations: How many standard deviations a slow step lies above the mean.
    """
    whole = finite(curve)
    if len(whole) < _FEWEST or _adds_up(whole):
        return {}
    start = max(0, len(whole) - last)
    values = whole.values[1:]
    slow = int(np.sum(values > np.mean(values) + deviations * np.std(values)))
    found: dict[str, Reading] = {"time": over(whole, float(np.median(whole.values[start:])), start)}
    found["slow"] = over(whole, slow)
    return found


def lasting_pace(curve: Curve, *, window: int) -> Readings:
    """The shortest time of a step that a run has held for a window.

    Args:
        curve: Seconds a step.
        window: How many values make a level.
    """
    whole = finite(curve)
    if len(whole) < 2 * window or _adds_up(whole):
        return {}
    levels = _levels(whole, window)
    return {"best": over(whole, float(np.min(levels)))} if np.min(levels) > 0 else {}


def _levels(curve: Curve, window: int) -> Floats:
    """The medians of windows, the last of which ends with the curve."""
    count = len(curve) // window
    levels: Floats = np.median(curve.values[len(curve) - count * window :].reshape(count, window), axis=1)
    return levels


def _adds_up(curve: Curve) -> bool:
    """Whether a time is that since the start, which some trainers call by the name of a step's."""
    rises = np.diff(curve.values) >= 0
    return bool(np.mean(rises) >= _NEARLY_ALL) and bool(curve.values[-1] > curve.values[0])


def throughput(curve: Curve, *, window: int) -> Readings:
    """The present throughput and the highest over a window of the same length.

    Args:
        curve: Samples, tokens or steps a second.
        window: How many values make a level.
    """
    whole = finite(curve)
    if len(whole) < 2 * window:
        return {}
    levels = _levels(whole, window)
    return {"now": over(whole, float(levels[-1]), len(whole) - window), "peak": over(whole, float(np.max(levels)))}


def memory_growth(curve: Curve, *, early: float) -> Readings:
    """By which share memory has grown since the beginning.

    Args:
        curve: Memory in any unit.
        early: At which share of the values the beginning ends.
    """
    whole = finite(curve)
    if len(whole) < _FEWEST:
        return {}
    start = max(1, round(early * len(whole)))
    before, now = float(np.median(whole.values[start : 2 * start])), float(np.median(whole.values[-start:]))
    return {"share": over(whole, (now - before) / before, start)} if before > 0 else {}
