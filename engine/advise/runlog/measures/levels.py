"""Where a loss started, where it is, and where it was lowest."""

from __future__ import annotations

import math

import numpy as np

from advise.runlog.measures.extremum import level_after, luck, never_changes, place_of_best
from advise.runlog.measures.noise import finite, scatter_of
from advise.runlog.measures.reading import Reading, Readings, over
from advise.runlog.measures.trend import blocks
from advise.runlog.measures.uncertainty import Error, Noise, difference_error, late_noise, mean_error, noise_of, share_error
from advise.runlog.series.record import Curve

_BLOCKS = 20
_FEWEST = 5
# Of a value further off than so many standard deviations noise is no explanation: the loss fell between two rows.
_BEYOND = 4


def training_loss(curve: Curve, *, late: float) -> Readings:
    """Where a training loss began, its present level and its lowest.

    One value of a noisy loss is no base: of a log that has many, it began at the median of the first few.

    Args:
        curve: The loss of mini-batches.
        late: Which share of the values, from the end, makes the present level.
    """
    whole = finite(curve)
    if not len(whole):
        return {}
    count = max(1, round(late * len(whole)))
    with np.errstate(over="ignore"):
        found: dict[str, Reading] = {
            "initial": first_level(whole),
            "now": over(whole, float(np.mean(whole.values[-count:])), len(whole) - count),
            "lowest": over(whole, float(np.min(blocks(whole.values, _BLOCKS)))),
        }
    return found


def first_level(curve: Curve) -> Reading:
    """The level at which a curve begins: the median of its first few values, where there are many and the first is one of them; else the first.

    Args:
        curve: Finite, not empty.
    """
    count = min(_FEWEST, max(1, len(curve) // _BLOCKS))
    first, level = float(curve.values[0]), float(np.median(curve.values[:count]))
    is_one_of_them = abs(first - level) <= _BEYOND * scatter_of(curve)
    return over(curve, level, 0, count) if is_one_of_them else over(curve, first, 0, 1)


def dev_loss(curve: Curve, *, last: int, scatter: float) -> Readings:
    """The first, the last and the lowest value of a dev loss, and how far it rose again.

    Args:
        curve: The dev loss.
        last: Over how many evaluations the present level is taken.
        scatter: Which share of their level evaluations differ by, where they are too few to show it.
    """
    whole = finite(curve)
    if not len(whole):
        return {}
    place = place_of_best(-whole.values)
    lowest, end = float(whole.values[place]), float(whole.steps[-1])
    found = {
        "initial": over(whole, float(whole.values[0]), 0, 1),
        "now": over(whole, float(whole.values[-1]), len(whole) - 1),
        "lowest": over(whole, lowest, place, place + 1),
    }
    if end > 0 and whole.steps[place] >= 0 and not never_changes(whole.values):
        found["position"] = over(whole, float(whole.steps[place]) / end, place, place + 1)
    if lowest:
        level, count = level_after(whole.values, place, last)
        rise = over(whole, max(0.0, level - lowest - luck(whole.values)) / abs(lowest), place)
        noise = late_noise(whole, lowest) or Noise(scatter * abs(lowest), math.inf)
        error = difference_error(noise, 1, count)
        found["rise"] = rise.within(Error(error.size / abs(lowest), error.freedom)) if place + 1 < len(whole) else rise
    return found


def level(curve: Curve, *, last: int) -> Readings:
    """The mean of the last values.

    Args:
        curve: Any curve.
        last: How many values.
    """
    whole = finite(curve)
    start = max(0, len(whole) - last)
    if not len(whole):
        return {}
    now = over(whole, float(np.mean(whole.values[start:])), start)
    return {"now": now.within(mean_error(noise_of(whole.values[start:], whole.resolution), len(whole) - start))}


def ends(curve: Curve) -> Readings:
    """The first and the last value.

    Args:
        curve: Any curve.
    """
    whole = finite(curve)
    if not len(whole):
        return {}
    return {"first": over(whole, float(whole.values[0]), 0, 1), "last": over(whole, float(whole.values[-1]), len(whole) - 1)}


def logged(curve: Curve) -> Readings:
    """That something was logged at all.

    Args:
        curve: What was logged.
    """
    return {"is_logged": over(curve, True)}


def column_there(beside: Curve, *, curve: Curve | None = None) -> Readings:
    """Whether something is logged beside the training loss.

    Args:
        beside: The training loss.
        curve: What should be logged.
    """
    return {"is_logged": over(beside if curve is None else curve, curve is not None)}


def never_evaluated(
    train: Curve,
    *,
    dev: Curve | None = None,
    metric: Curve | None = None,
    test: Curve | None = None,
    test_metric: Curve | None = None,
    finished: bool = False,
    fewest: int,
) -> Readings:
    """That a log of this length, or of a run that has ended, has no evaluation on dev data.

    Where an evaluation is called test, whether it is of dev data cannot be told.

    Args:
        train: The training loss.
        dev: The dev loss.
        metric: The dev metric.
        test: The test loss.
        test_metric: The test metric.
        finished: Whether the run has ended as planned.
        fewest: How many rows a log needs for its first evaluation to be due.
    """
    is_evaluated = any(curve is not None for curve in (dev, metric, test, test_metric))
    return {"cadence": over(train, "none")} if not is_evaluated and (finished or len(train) >= fewest) else {}


def oscillation(curve: Curve, *, amplitude: float, of_the_fall: float, deviations: float) -> Readings:
    """How much of a loss goes up and down: turning points whose swing is large against the level, and against what chance does to means of blocks.

    Args:
        curve: The loss.
        amplitude: The least swing, as a share of the level.
        of_the_fall: The least swing, as a share of all that the means cover: what is left of a loss that has nearly gone scatters by its own size.
        deviations: How many standard errors of a block's mean besides, where blocks hold several values.
    """
    whole = finite(curve)
    if len(whole) < 2 * _FEWEST:
        return {}
    means = blocks(whole.values, 2 * _BLOCKS)
    steps = np.diff(means)
    size = len(whole) / len(means)
    chance = deviations * scatter_of(whole) / np.sqrt(size) if size > 1 else 0.0
    swings = np.minimum(np.abs(steps[:-1]), np.abs(steps[1:]))
    least = np.maximum(max(chance, of_the_fall * float(np.ptp(means))), amplitude * np.abs(means[1:-1]))
    turns = (steps[:-1] * steps[1:] < 0) & (swings >= least)
    share = float(np.sum(turns)) / len(means)
    return {"share": over(whole, share).within(share_error(share, len(means)))}
