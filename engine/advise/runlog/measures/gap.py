"""Training against dev: the gap of the metric, and losses that do not fit together."""

from __future__ import annotations

import numpy as np

from advise.runlog.arrays import Floats
from advise.runlog.measures.extremum import place_of_best
from advise.runlog.measures.noise import finite
from advise.runlog.measures.reading import Reading, Readings, over
from advise.runlog.measures.trend import sign_of, trend
from advise.runlog.measures.uncertainty import late_noise, mean_error, noise_of
from advise.runlog.series.record import Curve

_FEWEST = 5


def gap(train: Curve, dev: Curve, *, direction: str | None = None, last: int, negligible: float) -> Readings:
    """How much better the metric is on training data, phase by phase, as a share of the dev metric.

    Args:
        train: The metric on training data.
        dev: The same metric on dev data.
        direction: `maximize` or `minimize`, as a person states it; by default what the curve's name says.
        last: How many evaluations make the present gap.
        negligible: A change of the gap that counts as none.
    """
    sign = sign_of(dev, direction)
    trained, whole = finite(train), finite(dev)
    if not sign or len(trained) < 2 or len(whole) < 2 or train.direction != dev.direction:
        return {}
    level = np.interp(whole.steps, trained.steps, trained.values)
    if np.any(whole.values == 0):
        return {}
    gaps: Floats = sign * (level - whole.values) / np.abs(whole.values)
    count, place = len(gaps), place_of_best(sign * whole.values)
    third = count // 3
    noise = noise_of(gaps[count // 2 :] if count >= 4 * _FEWEST else gaps)
    found: dict[str, Reading] = {
        "at_best": over(whole, float(gaps[place]), place, place + 1).within(mean_error(noise, 1)),
        "last": over(whole, float(np.mean(gaps[-last:])), max(0, count - last)).within(mean_error(noise, min(last, count))),
    }
    if third:
        found["early"] = over(whole, float(np.mean(gaps[:third])), 0, third)
        found["middle"] = over(whole, float(np.mean(gaps[third : 2 * third])), third, 2 * third)
    before = max(0, place - place // 3)
    found["late"] = over(whole, float(np.mean(gaps[before : place + 1])), before, place + 1).within(mean_error(noise, place + 1 - before))
    if place + 1 < count:
        found["after"] = over(whole, float(np.mean(gaps[place + 1 :])), place + 1).within(mean_error(noise, count - place - 1))
    course = trend(gaps[count // 2 :], negligible)
    if course is not None:
        names = {"rising": "growing", "falling": "shrinking", "flat": "stable"}
        found["trend"] = over(whole, names.get(course.course, course.course), count // 2)
    return found


def loss_scale(train: Curve, dev: Curve, *, fewest: int, spread: float, least: float) -> Readings:
    """By which factor the training loss lies above the dev loss, where the factor holds from one evaluation to the next.

    Args:
        train: The loss of mini-batches.
        dev: The dev loss.
        fewest: How many evaluations it takes.
        spread: How much the factor may vary, as a share of it.
        least: The smallest factor worth a word.
    """
    trained, whole = finite(train), finite(dev)
    if len(whole) < fewest or len(trained) < fewest or np.any(whole.values <= 0) or np.any(trained.values <= 0):
        return {}
    start = len(whole) // 2 if len(whole) >= 2 * fewest else max(0, len(whole) - fewest)
    level = np.exp(np.interp(whole.steps[start:], trained.steps, np.log(trained.values)))
    factors = level / whole.values[start:]
    middle = float(np.median(factors))
    is_steady = float(np.max(factors) - np.min(factors)) <= 2 * spread * middle
    return {"factor": over(whole, middle, start)} if is_steady and middle >= least else {}


def loss_gap(train: Curve, dev: Curve, *, fewest: int) -> Readings:
    """How many times the training loss the dev loss is, in the first third of the evaluations and in the last.

    Overfitting opens a gap with time; one that is there at once and does not grow is of the data, or of how they are evaluated.

    Args:
        train: The loss of mini-batches; what lies between two evaluations is averaged, so that an early gap is rather read too small.
        dev: The dev loss.
        fewest: How many evaluations it takes.
    """
    trained, whole = finite(train), finite(dev)
    if len(whole) < fewest or len(trained) < fewest or np.any(whole.values <= 0) or np.any(trained.values <= 0):
        return {}
    ratios = whole.values / _between(trained, whole)
    count, third = len(ratios), len(ratios) // 3
    noise = noise_of(ratios[third:])
    early, late = float(np.median(ratios[:third])), float(np.median(ratios[-third:]))
    return {
        "early": over(whole, early, 0, third).within(mean_error(noise, third)),
        "late": over(whole, late, count - third).within(mean_error(noise, third)),
    }


def _between(train: Curve, dev: Curve) -> Floats:
    """The mean training loss since the evaluation before, for each evaluation; between records where none was logged."""
    ends = np.searchsorted(train.steps, dev.steps, side="right")
    starts = np.concatenate(([0], ends[:-1]))
    sums = np.concatenate(([0.0], np.cumsum(train.values)))
    means = (sums[ends] - sums[starts]) / np.maximum(ends - starts, 1)
    level: Floats = np.where(ends > starts, means, np.interp(dev.steps, train.steps, train.values))
    return level


def modes(train: Curve, evaluated: Curve, dev: Curve, *, last: int) -> Readings:
    """The loss on training data in evaluation mode beside that of mini-batches, at the last evaluations.

    Args:
        train: The loss of mini-batches, another column.
        evaluated: The loss on training data in evaluation mode.
        dev: The dev loss.
        last: How many evaluations are taken.
    """
    if train.column == evaluated.column:
        return {}
    whole, other = finite(evaluated), finite(dev)
    start = len(whole) - last
    # The evaluations that are taken must not reach back to the start, where every loss is high.
    if len(whole) < max(_FEWEST, 2 * last - 1) or not len(other):
        return {}
    level = float(np.mean(whole.values[start:]))
    return {"evaluated": over(whole, level, start).within(mean_error(late_noise(whole, level), last))}


def split_errors(held_out: Curve, dev: Curve, *, train: Curve | None = None, quantity: str, last: int) -> Readings:
    """The share of wrong answers on each part of the data, where one of them is held out of training and drawn as the training data are.

    Args:
        held_out: The metric on train-dev data.
        dev: The same metric on dev data.
        train: The same metric on training data.
        quantity: What the metric has to be, of which 1 is the best there is.
        last: How many evaluations make the present level.
    """
    curves = {"held_out": held_out, "dev": dev, **({} if train is None else {"train": train})}
    found: dict[str, Reading] = {}
    for name, curve in curves.items():
        whole = finite(curve)
        values = whole.values[-last:]
        if curve.quantity == quantity and len(values) == last and values.min() >= 0 and values.max() <= 1:
            found[name] = over(whole, float(1 - np.mean(values)), len(whole) - last)
    return found if {"held_out", "dev"} <= found.keys() else {}
