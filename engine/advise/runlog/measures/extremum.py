"""Which evaluation is the best."""

from __future__ import annotations

import math

import numpy as np

from advise.runlog.arrays import Floats
from advise.runlog.measures.noise import scatter

# Of fewer differences the scatter may be anything.
_HANDFUL = 10


def place_of_best(values: Floats) -> int:
    """The index of the largest value; of equal ones the last, since a level that is reached again is not lost.

    Args:
        values: Shape (n,), n > 0, finite; more is better.
    """
    return len(values) - 1 - int(np.argmax(values[::-1]))


def never_changes(values: Floats) -> bool:
    """Whether there are several values and all are the same: then none of them is the best.

    Args:
        values: Shape (n,), finite.
    """
    return len(values) > 1 and bool(np.all(values == values[0]))


def level_after(values: Floats, place: int, last: int) -> tuple[float, int]:
    """The mean of the last values that came after a place, and how many they are; of the last place of all, its own value.

    Args:
        values: Shape (n,), finite.
        place: The index of the best value.
        last: How many values make the present level, where so many came after; of many values a tenth.
    """
    start = max(place + 1, len(values) - max(last, len(values) // 10))
    taken = values[min(start, len(values) - 1) :]
    return float(np.mean(taken)), len(taken)


def luck(values: Floats) -> float:
    """How far the best of these lies above their level by chance alone: the root of 2 ln n times their scatter; of a handful nothing is told.

    Args:
        values: Shape (n,), finite.
    """
    late = values[len(values) // 2 :]
    return math.sqrt(2 * math.log(len(values))) * scatter(late) if len(late) >= _HANDFUL else 0.0
