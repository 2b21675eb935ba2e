"""Times that are not what they are called: seconds since the start are no time of a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from advise.runlog.arrays import Floats
    from advise.runlog.series.record import Curve

_FEWEST = 4
_GROWN = 2.0


def since_the_start(curve: Curve) -> bool:
    """Whether the times of a curve add up: they only rise, and end at a multiple of where they began.

    Args:
        curve: What its name says are times of single steps.
    """
    values: Floats = curve.values[np.isfinite(curve.values)]
    return len(values) >= _FEWEST and bool(np.all(np.diff(values) > 0)) and values[-1] >= _GROWN * values[0]


def sorted_out(step: Sequence[Curve], elapsed: Sequence[Curve]) -> tuple[list[Curve], list[Curve]]:
    """The times of steps, and those since the start, each where it belongs.

    Args:
        step: Of the role of times of steps.
        elapsed: Of the role of times since the start.
    """
    sums = [curve for curve in step if since_the_start(curve)]
    return [curve for curve in step if curve not in sums], [*elapsed, *sums]
