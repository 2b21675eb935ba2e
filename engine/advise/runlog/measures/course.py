"""The whole course of a quantity that is watched instead of a loss: where it began, where it is, which way it went, and what it gave back."""

from __future__ import annotations

import numpy as np

from advise.runlog.arrays import Floats
from advise.runlog.measures.noise import finite, scatter
from advise.runlog.measures.reading import Reading, Readings, over
from advise.runlog.measures.trend import blocks, sign_of, trend
from advise.runlog.series.record import Curve

_FEWEST = 10
_BLOCKS = 10


def course(curve: Curve, *, direction: str | None = None, ends: float, negligible: float, deviations: float) -> Readings:
    """The levels at both ends of a curve, its direction over the whole run, and how much of its range it lost again.

    Args:
        curve: Any curve; what is not finite is left out.
        direction: `maximize` or `minimize`, as a person states it; by default what the curve's name says.
        ends: Which share of the values, at each end, makes a level.
        negligible: A change over the run that counts as none, as a share of the range of the values.
        deviations: How many standard errors of a level are no noise.

    Returns:
        `first`, `now`; `kept`, the second over the first, where both have one sign; `trend` and `lost`, a share in [0, 1] of the range of the levels,
        where it is known whether more is better. Nothing for a curve of fewer than ten values.
    """
    whole = finite(curve)
    if len(whole) < _FEWEST:
        return {}
    count = max(1, round(ends * len(whole)))
    first, now = float(np.mean(whole.values[:count])), float(np.mean(whole.values[-count:]))
    found: dict[str, Reading] = {"first": over(whole, first, 0, count), "now": over(whole, now, len(whole) - count)}
    if first * now > 0:
        found["kept"] = over(whole, now / first)
    sign = sign_of(curve, direction)
    return {**found, **_ways(whole, sign, negligible, deviations)} if sign else found


def _ways(whole: Curve, sign: int, negligible: float, deviations: float) -> Readings:
    found: dict[str, Reading] = {"lost": over(whole, _lost(sign * whole.values, deviations))}
    way = trend(sign * whole.values, negligible * float(np.ptp(whole.values)))
    if way is not None:
        names = {"rising": "improving", "falling": "worsening"}
        found["trend"] = over(whole, names.get(way.course, way.course))
    return found


def _lost(values: Floats, deviations: float) -> float:
    """By how much the last level lies below the best, as a share of the range of the levels; 0 where noise would do as much."""
    levels = blocks(values, _BLOCKS)
    fall = float(np.max(levels) - levels[-1])
    error = scatter(values) * np.sqrt(2 * len(levels) / len(values))
    return fall / float(np.ptp(levels)) if fall > deviations * error else 0.0
