"""How much of a curve is noise: robust scales that rounding and trends do not fool."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from advise.arrays import Floats, Integers
from advise.curves.record import Curve
from advise.measure.reading import Readings, over

# The standard deviation of a normal distribution over its median absolute deviation.
_TO_STD = 1.4826
_FEWEST = 5


def finite(curve: Curve) -> Curve:
    """The curve without what is not finite."""
    kept = np.isfinite(curve.values)
    return curve if kept.all() else part(curve, np.flatnonzero(kept))


def part(curve: Curve, places: slice | Integers) -> Curve:
    """Some values of a curve."""
    return replace(curve, steps=curve.steps[places], values=curve.values[places], lines=curve.lines[places])


def scatter(values: Floats) -> float:
    """The standard deviation of the noise, from the differences of neighbours: a trend hardly enters, and no spike does.

    Where more than half of the differences are zero, as in rounded logs, the scale is that of the others times their share.

    Args:
        values: Shape (n,), finite.
    """
    if len(values) < 3:
        return 0.0
    differences = np.diff(values)
    away = np.abs(differences - np.median(differences))
    middle = float(np.median(away))
    if middle > 0:
        return _TO_STD * middle / math.sqrt(2)
    return float(np.mean(away)) / math.sqrt(2)


def resolution(values: Floats) -> float:
    """The smallest difference between two values that differ; 0 where none do."""
    steps = np.diff(np.unique(values))
    return float(steps.min()) if len(steps) else 0.0


def neighbours(curve: Curve, *, late: float) -> Readings:
    """How far neighbouring evaluations lie apart once the fast progress is over.

    Args:
        curve: The evaluations.
        late: Which share of them, from the end.
    """
    whole = finite(curve)
    if len(whole) < _FEWEST:
        return {}
    start = len(whole) - max(_FEWEST, round(late * len(whole)))
    values = whole.values[start:]
    return {"noise": over(whole, max(scatter(values) * np.sqrt(2), resolution(values)), start)}


def relative_noise(curve: Curve, *, late: float) -> Readings:
    """The noise of single steps, against the level.

    Args:
        curve: The loss.
        late: Which share of the values, from the end.
    """
    whole = finite(curve)
    start = len(whole) - round(late * len(whole))
    values = whole.values[start:]
    level = abs(float(np.median(values))) if len(values) else 0.0
    return {"share": over(whole, scatter(values) / level, start)} if len(values) >= _FEWEST and level > 0 else {}
