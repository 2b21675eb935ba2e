"""Signs that need no statistics: values that are the same to the last digit, and values that are exactly 0."""

from __future__ import annotations

import numpy as np

from advise.runlog.measures.noise import finite
from advise.runlog.measures.reading import Readings, over
from advise.runlog.series.record import Curve


def constancy(curve: Curve, *, fewest: int, share: float) -> Readings:
    """Whether a curve never moves.

    NaN and infinity are left out.

    Args:
        curve: Any curve.
        fewest: How many equal values are no chance.
        share: Which share of the curve, up to its end, has to be equal for it to be frozen.

    Returns:
        `is_constant`, that every value is the same; `is_frozen`, that the values of the end are; `is_zero`, that every value is exactly 0. Nothing
        for a curve of fewer than `fewest` values.
    """
    whole = finite(curve)
    if len(whole) < fewest:
        return {}
    differing = np.flatnonzero(whole.values != whole.values[-1])
    start = int(differing[-1]) + 1 if len(differing) else 0
    equal = len(whole) - start
    return {
        "is_constant": over(whole, start == 0),
        "is_frozen": over(whole, equal >= fewest and equal >= share * len(whole), start),
        "is_zero": over(whole, start == 0 and float(whole.values[-1]) == 0),
    }


def number_of_values(curve: Curve) -> Readings:
    """How many values were logged, those that are not finite included.

    Args:
        curve: Any curve.
    """
    return {"count": over(curve, len(curve))} if len(curve) else {}
