"""Which evaluation is the best."""

from __future__ import annotations

import numpy as np

from advise.runlog.arrays import Floats


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


def level_after(values: Floats, place: int, last: int) -> float:
    """The mean of the last values that came after a place; of the last place of all, its own value.

    Args:
        values: Shape (n,), finite.
        place: The index of the best value.
        last: How many values make the present level, where so many came after.
    """
    start = max(place + 1, len(values) - last)
    return float(np.mean(values[min(start, len(values) - 1) :]))
