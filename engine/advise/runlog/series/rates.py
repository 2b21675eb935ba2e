"""Which of several learning rates is the run's: the one that most groups of parameters have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from advise.runlog.series.record import Curve

# Two rates that are printed with four digits are the same.
_SAME = 1e-3


def most_agreed(curves: Sequence[Curve]) -> list[Curve]:
    """The curves, the one that most others agree with first; where none does, in the order in which they came.

    Args:
        curves: At least one, the one that would decide by its name first.
    """
    if len(curves) < 3:
        return list(curves)
    votes = [sum(_agree(curve, other) for other in curves) for curve in curves]
    best = votes.index(max(votes))
    return [curves[best], *(curve for place, curve in enumerate(curves) if place != best)]


def _agree(first: Curve, second: Curve) -> bool:
    common, ours, theirs = np.intersect1d(first.steps, second.steps, return_indices=True)
    return len(common) > 0 and bool(np.allclose(first.values[ours], second.values[theirs], rtol=_SAME, atol=0, equal_nan=True))
