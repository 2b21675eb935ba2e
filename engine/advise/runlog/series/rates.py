"""Learning rates: which of several is the run's, and how finely it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from advise.runlog.arrays import Floats
from advise.runlog.series.record import Curve

if TYPE_CHECKING:
    from advise.runlog.arrays import Floats

# `0.0003` may stand for anything up to 0.00035: with fewer digits than this, the course of a rate is not known.
_FEW_STEPS = 50
_MOST_DECIMALS = 9
# Nothing trains at more.
_NO_RATE = 1e4
# Two rates that are printed with four digits are the same.
_SAME = 1e-3
# Each is compared with each: a log of more groups of parameters is told by its first.
_MOST_GROUPS = 64
_FEW_VALUES = 1000


def most_agreed(curves: Sequence[Curve]) -> list[Curve]:
    """The curves, the one that most others agree with first; where none does, in the order in which they came.

    Args:
        curves: At least one, the one that would decide by its name first.
    """
    if len(curves) < 3:
        return list(curves)
    asked = curves[:_MOST_GROUPS]
    votes = [sum(_agree(curve, other) for other in asked) for curve in asked]
    best = votes.index(max(votes))
    return [curves[best], *(curve for place, curve in enumerate(curves) if place != best)]


def _agree(first: Curve, second: Curve) -> bool:
    common, ours, theirs = np.intersect1d(first.steps, second.steps, return_indices=True)
    return len(common) > 0 and bool(np.allclose(first.values[ours], second.values[theirs], rtol=_SAME, atol=0, equal_nan=True))


def _are_whole(steps: Floats) -> bool:
    return bool(np.allclose(steps, np.round(steps), rtol=0, atol=1e-6))


def with_resolution(curve: Curve) -> Curve:
    """The curve of a rate, with how finely it is written: `0.0003` and `0.0000` in four decimals are known to 0.00005 only.

    Args:
        curve: A rate.
    """
    values = np.abs(curve.values[np.isfinite(curve.values) & (curve.values != 0)])
    if len(values) == 0 or values.max() > _NO_RATE or (values.min() == values.max() and len(values) == len(curve)):
        return curve
    for decimals in range(1, _MOST_DECIMALS):
        unit = 10.0**-decimals
        # What the first values are not written in, need not be tried on all.
        if not _are_whole(values[:_FEW_VALUES] / unit):
            continue
        steps = values / unit
        if _are_whole(steps):
            is_fine = steps.max() >= _FEW_STEPS or _goes_in_stairs(curve.values, unit)
            return curve if is_fine else replace(curve, resolution=unit)
    return curve


def _goes_in_stairs(values: Floats, unit: float) -> bool:
    """Whether a rate stays, and when it moves, moves by more than rounding does: 0.1, 0.1, 0.01 has all its digits.

    Args:
        values: Shape (n,); NaN and infinities are left out.
        unit: Of the last decimal that is written.
    """
    moves = np.abs(np.diff(values[np.isfinite(values)]))
    moved = moves[moves > unit / 2]
    return bool(len(moved) and 2 * len(moved) <= len(moves) and moved.min() > 1.5 * unit)
