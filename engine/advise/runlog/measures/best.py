"""The best evaluation, what came after it, and what the late ones look like."""

from __future__ import annotations

import math

import numpy as np

from advise.runlog.arrays import Floats
from advise.runlog.measures.extremum import level_after, luck, never_changes, place_of_best
from advise.runlog.measures.noise import finite, part
from advise.runlog.measures.reading import Reading, Readings, over
from advise.runlog.measures.trend import sign_of
from advise.runlog.measures.uncertainty import UNKNOWN, Error, Noise, combined, difference_error, late_noise, noise_of, sampling_error
from advise.runlog.series.record import Curve

_FEWEST = 5
# The largest of five to fifteen values scatters by 0.67 to 0.55 of what each of them does.
_OF_THE_LARGEST = 0.6


def best(
    curve: Curve,
    *,
    epochs: Curve | None = None,
    direction: str | None = None,
    budget: float | None = None,
    size: float | None = None,
    last: int,
    quantity: str,
    few: float,
    scatter: float,
) -> Readings:
    """The best evaluation and how the last ones compare; a metric that never changes has no best one.

    Args:
        curve: The dev metric at each evaluation.
        epochs: The epoch along the steps.
        direction: `maximize` or `minimize`, as a person states it; by default what the curve's name says.
        budget: The planned steps.
        size: How many samples the dev set has.
        last: Over how many evaluations the present level is taken.
        quantity: The kind of metric that is a share of the dev set, as `kb/roles.yaml` names it.
        few: How many sampling errors evaluations differ by, where they are too few to show it.
        scatter: Which share of their level they differ by then, where the sampling error is not known.
    """
    sign = sign_of(curve, direction)
    whole = finite(curve)
    if not sign or not len(whole):
        return {}
    place = place_of_best(sign * whole.values)
    value, step, end = float(whole.values[place]), float(whole.steps[place]), float(curve.steps[-1])
    found: dict[str, Reading] = {
        "value": over(whole, value, place, place + 1),
        "first": over(whole, float(whole.values[0]), 0, 1),
        "last": over(whole, float(whole.values[-1]), len(whole) - 1),
    }
    if never_changes(whole.values):
        return found
    found["since"] = over(curve, int(np.sum(curve.steps > step)), int(np.searchsorted(curve.steps, step)))
    if step >= 0 and step == round(step):
        found["step"] = over(whole, round(step), place, place + 1)
    if 0 <= step <= end and end > 0:
        found["recency"] = over(whole, step / end, place)
    if budget:
        found["position"] = over(whole, step / budget, place, place + 1)
    if epochs is not None:
        found["epoch"] = over(whole, float(np.interp(step, epochs.steps, epochs.values)), place, place + 1)
    if value:
        level, count = level_after(whole.values, place, last)
        sampling = sampling_error(value, level, size) if size and curve.quantity == quantity else None
        assumed = scatter * abs(value) if sampling is None else few * sampling
        error = _error_of_loss(whole, value, count, sampling or 0.0, assumed) if place + 1 < len(whole) else Error(0.0)
        worsening = over(whole, max(0.0, sign * (value - level) - luck(whole.values)) / abs(value), place)
        found["worsening"] = worsening.within(Error(error.size / abs(value), error.freedom))
    return found


def _error_of_loss(curve: Curve, level: float, count: int, sampling: float, assumed: float) -> Error:
    """The standard error of the difference between one evaluation and the mean of several."""
    noise = late_noise(curve, level) or Noise(assumed, math.inf)
    return combined(difference_error(noise, 1, count), sampling)


def after_best(curve: Curve, *, direction: str | None = None, around: int, deviations: float, late: float) -> Readings:
    """Whether the metric moved away from its best for good, and how much of the improvement came late.

    Args:
        curve: The dev metric at each evaluation.
        direction: `maximize` or `minimize`, as a person states it; by default what the curve's name says.
        around: How many evaluations make a level.
        deviations: By how many standard deviations between evaluations the levels must differ.
        late: Which share of the steps, from the end, is late.
    """
    sign = sign_of(curve, direction)
    whole = finite(curve)
    if not sign or len(whole) < _FEWEST:
        return {}
    values = sign * whole.values
    place = place_of_best(values)
    start = max(0, min(place - around // 2, len(values) - around))
    near, end = values[start : start + around], values[-around:]
    spread = float(np.std(np.diff(values[len(values) // 2 :]))) / np.sqrt(2) if len(values) >= 2 * _FEWEST else float(np.std(end))
    apart = len(values) - around >= start + around
    found = {"rises": over(whole, bool(apart and np.mean(near) - np.mean(end) > deviations * max(spread, 1e-12)), start)}
    gained = float(values[place] - values[0])
    if gained > 0:
        earlier = whole.steps <= whole.steps[-1] - late * (whole.steps[-1] - whole.steps[0])
        noise = late_noise(whole, abs(float(values[place])))
        error = UNKNOWN if noise is None else difference_error(noise, 1, 1)
        late_share = over(whole, float(values[place] - np.max(values[earlier])) / gained)
        found["late_share"] = late_share.within(Error(_OF_THE_LARGEST * error.size / gained, error.freedom))
    return found


def late_window(curve: Curve, *, direction: str | None = None, late: float) -> Readings:
    """What the late evaluations look like: their level, scatter and largest jump, and what the last quarter gained on the one before.

    Args:
        curve: The dev metric at each evaluation.
        direction: `maximize` or `minimize`, as a person states it; by default what the curve's name says.
        late: Which share of the evaluations, from the end.
    """
    whole = finite(curve)
    if len(whole) < _FEWEST:
        return {}
    start = len(whole) - max(_FEWEST, round(late * len(whole)))
    values = whole.values[start:]
    found = {
        "mean": over(whole, float(np.mean(values)), start),
        "std": over(whole, float(np.std(values, ddof=1)), start),
        "min": over(whole, float(np.min(values)), start),
        "max": over(whole, float(np.max(values)), start),
        "jump": over(whole, float(np.max(np.abs(np.diff(values)))), start),
    }
    sign = sign_of(curve, direction)
    if sign and len(whole) >= 4 * _FEWEST:
        quarter = len(whole) // 4
        before, after = whole.values[-2 * quarter : -quarter], whole.values[-quarter:]
        found["before"] = over(whole, float(np.mean(before)), len(whole) - 2 * quarter, len(whole) - quarter)
        found["after"] = over(whole, float(np.mean(after)), len(whole) - quarter)
        noise = noise_of(whole.values[-2 * quarter :], whole.resolution)
        gain = over(whole, sign * float(np.mean(after) - np.mean(before)), len(whole) - 2 * quarter)
        found["gain"] = gain.within(None if noise is None else difference_error(noise, quarter, quarter))
    return found


def at_best(curve: Curve, metric: Curve, *, direction: str | None = None) -> Readings:
    """The value of a curve at the best evaluation of the metric; of one that never changes there is none.

    Args:
        curve: What to look up.
        metric: The dev metric.
        direction: `maximize` or `minimize`, as a person states it; by default what the metric's name says.
    """
    sign = sign_of(metric, direction)
    evaluated, whole = finite(metric), finite(curve)
    if not sign or not len(evaluated) or not len(whole) or never_changes(evaluated.values):
        return {}
    step = evaluated.steps[place_of_best(sign * evaluated.values)]
    place = int(np.argmin(np.abs(whole.steps - step)))
    return {"value": over(whole, float(whole.values[place]), place, place + 1)}


def describe(curve: Curve) -> Readings:
    """What the deciding metric is; of a perplexity the logarithm is judged.

    Args:
        curve: The dev metric.
    """
    name = f"ln({curve.column})" if curve.scale == "perplexity" else curve.column
    found: dict[str, Reading] = {"name": over(curve, name)}
    if curve.direction is not None:
        found["direction"] = over(curve, "maximize" if curve.direction == "up" else "minimize")
    return found


def is_quantity(curve: Curve, *, quantity: str) -> Readings:
    """Whether the metric is of a kind.

    Args:
        curve: The dev metric.
        quantity: The kind, as `kb/roles.yaml` names it.
    """
    return {"is_so": over(curve, curve.quantity == quantity)} if curve.quantity else {}


def is_one_column(dev: Curve | None = None, metric: Curve | None = None, test: Curve | None = None, test_metric: Curve | None = None) -> Readings:
    """Whether what is called test is what is read as the dev set.

    Args:
        dev: The dev loss.
        metric: The dev metric.
        test: The test loss.
        test_metric: The test metric.
    """
    pairs = [(test_metric, metric), (test, dev)]
    return next(
        ({"is_so": over(tested, True)} for tested, read in pairs if tested is not None and read is not None and tested.column == read.column), {}
    )


def gain_over_guess(curve: Curve, *, quantity: str, guess: float, fewest: int, trivial: float) -> Readings:
    """By how much the later half of the evaluations is better, on average, than an answer that ignores the input.

    Args:
        curve: The dev metric; more of it is better.
        quantity: The kind of metric of which that answer's value is known, as `kb/roles.yaml` names it.
        guess: That value.
        fewest: With fewer evaluations nothing is told.
        trivial: A gain that counts as none.
    """
    whole = finite(curve)
    if curve.quantity != quantity or len(whole) < fewest:
        return {}
    start = len(whole) // 2
    gain = float(np.mean(whole.values[start:])) - guess
    return {"gain": over(whole, 0.0 if abs(gain) <= trivial else gain, start)}


def evaluations(curve: Curve) -> Readings:
    """How often was evaluated, and at which interval.

    Args:
        curve: Whatever was evaluated on dev data.
    """
    found: dict[str, Reading] = {"count": over(curve, len(curve))}
    if len(curve) >= 3:
        found["interval"] = over(curve, max(1, round(float(np.median(np.diff(curve.steps))))))
    return found


def agreement(loss: Curve, metric: Curve, *, direction: str | None = None, fewest: int) -> Readings:
    """How the dev loss and the metric go together: 1 where each improves when the other does.

    Args:
        loss: The dev loss.
        metric: The dev metric, another column.
        direction: `maximize` or `minimize`, as a person states it; by default what the metric's name says.
        fewest: How many evaluations it takes.
    """
    sign = sign_of(metric, direction)
    if loss.column == metric.column or not sign:
        return {}
    first, second = paired(finite(loss), finite(metric))
    if len(first) < fewest or not np.std(first) or not np.std(second):
        return {}
    with np.errstate(over="ignore", invalid="ignore"):
        correlation = float(np.corrcoef(-first, sign * second)[0, 1])
    if not np.isfinite(correlation):
        return {}
    # Of Fisher's transformation, as far as the interval is short.
    error = Error((1 - correlation**2) / np.sqrt(len(first) - 3), len(first) - 2)
    return {"correlation": over(metric, correlation).within(error)}


def paired(first: Curve, second: Curve) -> tuple[Floats, Floats]:
    """The values of two curves at the steps that both have."""
    _, here, there = np.intersect1d(first.steps, second.steps, assume_unique=True, return_indices=True)
    return part(first, here).values, part(second, there).values
