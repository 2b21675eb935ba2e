"""Trends that noise does not fool: Mann-Kendall and Theil-Sen on block means.

On single steps of an autocorrelated curve Mann-Kendall sees trends where there are none; on means of blocks longer than the memory of the noise it
does not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from advise.runlog.arrays import Floats
from advise.runlog.measures.noise import finite, median, scatter
from advise.runlog.measures.reading import Readings, over
from advise.runlog.measures.uncertainty import Error
from advise.runlog.series.record import Curve
from advise.statistics import mann_kendall, theil_sen

Course = Literal["rising", "falling", "flat", "unclear"]
_BLOCKS = 20
_FEWEST = 5
# Two-sided 1 %: the test is asked of every run, and a false trend leads astray.
_SIGNIFICANT = 2.58
_POSSIBLE = 1.64


@dataclass(frozen=True, slots=True)
class Trend:
    """How a curve goes.

    Attributes:
        course: Up, down, neither, or not to be told.
        change: The Theil-Sen slope times the length: what the trend comes to over the window.
    """

    course: Course
    change: float


def blocks(values: Floats, count: int = _BLOCKS) -> Floats:
    """The means of at most `count` equal blocks."""
    if len(values) <= count:
        return values.astype(np.float64)
    edges = np.linspace(0, len(values), count + 1).astype(np.int64)
    means: Floats = np.add.reduceat(values, edges[:-1]) / np.diff(edges)
    return means


def trend(values: Floats, negligible: float) -> Trend | None:
    """The trend of values; None where they are too few.

    Args:
        values: Shape (n,), finite.
        negligible: A change over the window that counts as none.
    """
    if len(values) < _FEWEST:
        return None
    means = blocks(values)
    count = len(means)
    change = theil_sen(means) * (count - 1)
    significance = mann_kendall(means)
    if abs(change) <= negligible:
        return Trend("flat", change)
    if abs(significance) >= _limit(count):
        return Trend("rising" if change > 0 else "falling", change)
    noise = scatter(means)
    return Trend("flat" if abs(significance) < _POSSIBLE and abs(change) < 2 * noise else "unclear", change)


def _limit(count: int) -> float:
    """With few values even a strict order is no more significant than this."""
    variance = count * (count - 1) * (2 * count + 5) / 18
    strict = (count * (count - 1) / 2 - 1) / math.sqrt(variance)
    return min(_SIGNIFICANT, strict)


def window(curve: Curve, share: float) -> int:
    """Where the last part of a curve begins, by steps, at least five values where there are as many."""
    last, first = float(curve.steps[-1]), float(curve.steps[0])
    start = int(np.searchsorted(curve.steps, last - share * (last - first)))
    return max(0, min(start, len(curve) - _FEWEST))


def loss_trend(curve: Curve, *, late: float, negligible: float) -> Readings:
    """Whether a loss falls, in the last part of the run; one that ends in NaN has no trend.

    Args:
        curve: The loss.
        late: Which share of the steps, from the end.
        negligible: A change that counts as none, as a share of the level.
    """
    whole = finite(curve)
    if len(whole) < _FEWEST or not np.isfinite(curve.values[-1]):
        return {}
    start = window(whole, late)
    values = whole.values[start:]
    found = trend(values, negligible * abs(median(values)))
    return {} if found is None else {"trend": over(whole, found.course, start)}


def metric_trend(curve: Curve, *, direction: str | None = None, late: float, negligible: float) -> Readings:
    """Whether a metric improves, in the last part of the run.

    Args:
        curve: The metric.
        direction: `maximize` or `minimize`, as a person states it; by default what the curve's name says.
        late: Which share of the steps, from the end.
        negligible: A change that counts as none, as a share of the whole range of the curve.
    """
    whole = finite(curve)
    sign = sign_of(curve, direction)
    if len(whole) < _FEWEST or not sign or not np.isfinite(curve.values[-1]):
        return {}
    start = window(whole, late)
    values = sign * whole.values[start:]
    found = trend(values, negligible * float(np.ptp(whole.values)))
    if found is None:
        return {}
    names = {"rising": "improving", "falling": "worsening"}
    return {"trend": over(whole, names.get(found.course, found.course), start)}


def recent_fall(curve: Curve, *, late: float) -> Readings:
    """How far a loss fell from the first to the last fifth of the last part of the run.

    Args:
        curve: The loss.
        late: Which share of the steps, from the end.
    """
    whole = finite(curve)
    if len(whole) < _FEWEST:
        return {}
    start = window(whole, late)
    values = whole.values[start:]
    fifth = max(1, len(values) // 5)
    before, after = float(np.mean(values[:fifth])), float(np.mean(values[-fifth:]))
    return {"fall": over(whole, (before - after) / abs(before), start)} if before else {}


def first_half_of_the_fall(curve: Curve, *, fewest: int, clear: float) -> Readings:
    """Which share of a loss's fall happened in the first half of what was logged: a half where it falls in a straight line.

    Args:
        curve: The loss; values that are not finite are left out.
        fewest: With fewer values nothing is told.
        clear: How many standard errors of a half's change the whole fall has to be.
    """
    whole = finite(curve)
    if len(whole) < fewest:
        return {}
    middle = len(whole) // 2
    first, second = (_change(half) for half in (whole.values[:middle], whole.values[middle:]))
    error = max(first[1], second[1])
    fall = -(first[0] + second[0])
    if fall <= clear * error or fall <= 0:
        return {}
    return {"share": over(whole, -first[0] / fall).within(Error(error / fall))}


def _change(values: Floats) -> tuple[float, float]:
    """The least-squares change over some values, and its standard error."""
    count = len(values)
    centred = values - np.mean(values)
    # Of 0, 1, 2, … around their mean.
    spread = count * (count * count - 1) / 12
    # Sums, not products of vectors: of those the last digit depends on where the arrays lie in memory.
    slope = float(np.sum(np.arange(count, dtype=np.float64) * centred)) / spread
    left = max(0.0, float(np.sum(centred * centred)) - slope * slope * spread)
    return slope * count, math.sqrt(left / max(1, count - 2) / spread) * count


def sign_of(curve: Curve, direction: str | None) -> int:
    """1 where more is better, -1 where less is, 0 where it cannot be told; what a person states counts before what the name says."""
    said = {"maximize": 1, "minimize": -1}.get(direction or "")
    if said is not None:
        return said
    return 0 if curve.direction is None else 1 if curve.direction == "up" else -1
