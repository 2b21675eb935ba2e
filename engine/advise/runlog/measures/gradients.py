"""Gradient norms: their percentiles, outliers, clipping, and how they go from layer to layer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from advise.runlog.arrays import Floats
from advise.runlog.measures.noise import finite, median, medians_before
from advise.runlog.measures.reading import Reading, Readings, over
from advise.runlog.measures.uncertainty import mean_error, noise_of, share_error
from advise.runlog.series.record import Curve

_FEWEST = 20
_WINDOW = 50
_DIGITS = re.compile(r"\d+")


def norms(curve: Curve, *, late: float, early: float, times: float, weight: float) -> Readings:
    """The size of gradient norms.

    Args:
        curve: The gradient norm.
        late: Which share of the values, from the end, is the present.
        early: Up to which share of the values is early; the first tenth is left out, since warmup distorts it.
        times: How many times the median before it an outlier is.
        weight: How many times the early median it is besides.
    """
    whole = finite(curve)
    if len(whole) < _FEWEST or np.min(whole.values) < 0:
        return {}
    values, count = whole.values, len(whole)
    start, tenth, stop = count - max(_FEWEST, round(late * count)), count // 10, max(_FEWEST, round(early * count))
    start = max(0, start)
    found: dict[str, Reading] = {
        "median": over(whole, median(values[start:]), start),
        "p90": over(whole, _percentile(values[tenth:], values[start:]), start),
        "highest": over(whole, float(np.max(values[max(1, count // 100) :])), max(1, count // 100)),
        "early": over(whole, median(values[tenth:stop]), tenth, stop),
        "late": over(whole, median(values[-max(_FEWEST, tenth) :]), max(0, count - max(_FEWEST, tenth))),
    }
    # Once a model has memorised its data, gradients are next to nothing, and ten times that is nothing either.
    is_out = (values >= times * medians_before(values, _WINDOW)) & (values >= weight * median(values[tenth:stop]))
    # What starts high is no outlier: there is nothing it stands out from.
    found["outliers"] = over(whole, int(np.sum(is_out[max(_WINDOW, tenth) :])))
    if bool(np.all(values[-_FEWEST:] == 0)):
        found["is_zero"] = over(whole, True, count - _FEWEST)
    return found


def _percentile(whole: Floats, late: Floats) -> float:
    """The 90th percentile of the present, where neither a model that has memorised its data nor one that blows up sets it.

    A threshold far below the usual norm of the run would cut every step; one above nearly all norms would cut none.
    """
    present, usual = float(np.quantile(late, 0.9)), float(np.quantile(whole, 0.9))
    return max(min(present, usual), median(whole))


def clip_rate(curve: Curve, *, rate: Curve | None = None, threshold: float, late: float, before: bool | None = None) -> Readings:
    """The share of recent gradient norms above the threshold of clipping.

    Norms that all lie at the threshold were logged after clipping, and tell which share was cut as well. While the learning rate is still being
    warmed up, gradients are large and clipping does what it is there for.

    Args:
        curve: The gradient norm.
        rate: The learning rate.
        threshold: The threshold of clipping.
        late: Which share of the values, from the end.
        before: Whether the norms were logged before clipping, where it is stated.
    """
    whole = finite(curve)
    if len(whole) < _FEWEST or threshold <= 0 or (rate is not None and is_warming_up(rate)):
        return {}
    start = max(0, len(whole) - max(_FEWEST, round(late * len(whole))))
    values = whole.values[start:]
    is_after = before is False or bool(np.max(whole.values) <= threshold * 1.001)
    cut = values >= threshold * 0.999 if is_after else values > threshold
    found: dict[str, Reading] = {"rate": over(whole, float(np.mean(cut)), start).within(share_error(float(np.mean(cut)), len(cut)))}
    if before is None and bool(np.max(whole.values) > threshold * 1.001):
        found["before"] = over(whole, True)
    return found


def logged_rate(curve: Curve, *, rate: Curve | None = None, late: float, early: float) -> Readings:
    """The logged share of clipped updates, now and early on.

    Args:
        curve: The clip rate; percentages are told by values above 1.
        rate: The learning rate; while it is still being warmed up, nothing is told.
        late: Which share of the values, from the end.
        early: Which share of the values, from the start.
    """
    whole = finite(curve)
    if not len(whole) or (rate is not None and is_warming_up(rate)):
        return {}
    values = whole.values / 100 if np.max(whole.values) > 1 else whole.values
    count = len(values)
    last, first = max(1, round(late * count)), max(1, round(early * count))
    noise = noise_of(values)
    return {
        "rate": over(whole, float(np.mean(values[-last:])), count - last).within(mean_error(noise, last)),
        "early": over(whole, float(np.mean(values[:first])), 0, first).within(mean_error(noise, first)),
    }


def layers(curves: Sequence[Curve], *, fewest: int) -> Readings:
    """How the gradient norm of the first layer compares with that of the last.

    Only layers whose names differ in nothing but their numbers have an order: `layers.0.weight`, `layers.2.weight`, ….

    Args:
        curves: The gradient norm of each layer.
        fewest: How many layers make an order.
    """
    families: dict[str, list[Curve]] = defaultdict(list)
    for curve in map(finite, curves):
        if len(curve):
            families[_DIGITS.sub("#", curve.column)].append(curve)
    family = max(families.values(), key=len, default=[])
    ordered = sorted(family, key=lambda curve: [int(number) for number in _DIGITS.findall(curve.column)])
    sized = [(curve, float(np.median(curve.values))) for curve in ordered]
    if len(sized) < fewest or sized[-1][1] <= 0:
        return {}
    first = sized[0][0]
    return {"first_to_last": over(first, sized[0][1] / sized[-1][1])}


def extremes(curves: Sequence[Curve]) -> Readings:
    """The smallest and the largest of the layers' present values.

    Args:
        curves: One curve a layer.
    """
    found = [curve for curve in map(finite, curves) if len(curve)]
    if not found:
        return {}
    levels = [float(np.median(curve.values[-max(1, len(curve) // 4) :])) for curve in found]
    low, high = int(np.argmin(levels)), int(np.argmax(levels))
    return {
        "lowest": over(found[low], levels[low]),
        "highest": over(found[high], levels[high]),
        "median": over(found[high], float(np.median(levels))),
    }


def growth(curve: Curve) -> Readings:
    """How many times its first value a curve has become.

    Args:
        curve: Such as the norm of the weights.
    """
    whole = finite(curve)
    if len(whole) < 2 or whole.values[0] <= 0:
        return {}
    return {"times": over(whole, float(whole.values[-1] / whole.values[0])), "now": over(whole, float(whole.values[-1]), len(whole) - 1)}


def warmup(rate: Curve) -> Readings:
    """Whether the learning rate has not left its warmup.

    Args:
        rate: The learning rate.
    """
    return {"ongoing": over(rate, is_warming_up(rate))}


def is_warming_up(rate: Curve) -> bool:
    """Whether a learning rate has not left its warmup: it rose, and hardly a tenth of its values came after the peak.

    Args:
        rate: The learning rate.
    """
    whole = finite(rate)
    if len(whole) < 3:
        return False
    top = int(np.argmax(whole.values))
    return bool(whole.values[top] > 1.5 * whole.values[0]) and len(whole) - 1 - top <= 0.15 * len(whole)
