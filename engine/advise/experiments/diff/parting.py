"""Where two curves part: up to where they are the same, and from where on they stay farther apart than their noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from advise.runlog.arrays import Floats
from advise.runlog.measures.noise import finite, scatter
from advise.runlog.series.record import Curve

# In so many parts the common extent is looked at; each is a mean of many values, in which noise is small.
_PARTS = 40
_FEWEST = 3
# Of forty parts, one of two equal curves lies three errors apart by chance one time in nine, and the last three running never.
_ERRORS = 3.0
_RUNNING = 2


@dataclass(frozen=True, slots=True)
class Parting:
    """How two curves of one quantity stand to each other.

    Attributes:
        same_until: The last step up to which they agree to the last digit; None where they do not from the first on.
        parts_at: The step from which on they are apart for good; None where they never are, or too little is common to tell.
        before: The value of the first at the end of what is common, as the mean of its last part.
        after: The same of the second.
        end: Where what is common ends.
    """

    same_until: float | None
    parts_at: float | None
    before: float
    after: float
    end: float


def parting(before: Curve, after: Curve) -> Parting | None:
    """Where two curves part; None where they have no stretch in common, or nothing finite in it.

    Args:
        before: One of them.
        after: The other, of the same quantity along the same axis.
    """
    first, second = finite(before), finite(after)
    if not len(first) or not len(second):
        return None
    start, end = max(first.steps[0], second.steps[0]), min(first.steps[-1], second.steps[-1])
    a, b = _within(first, start, end), _within(second, start, end)
    if not len(a[0]) or not len(b[0]):
        return None
    same = _same_until(a, b)
    if np.array_equal(a[0], b[0]) and np.array_equal(a[1], b[1]):
        return Parting(same, None, float(a[1][-1]), float(b[1][-1]), float(end))
    edges = np.linspace(start, end, _parts(len(a[0]), len(b[0])) + 1)
    apart, means = _apart(a, b, edges)
    place = _for_good(apart)
    return Parting(same, None if place is None else float(edges[place]), means[0], means[1], float(end))


def _within(curve: Curve, start: float, end: float) -> tuple[Floats, Floats]:
    kept = (curve.steps >= start) & (curve.steps <= end)
    return curve.steps[kept], curve.values[kept]


def _parts(first: int, second: int) -> int:
    return max(1, min(_PARTS, first // _FEWEST, second // _FEWEST))


def _same_until(a: tuple[Floats, Floats], b: tuple[Floats, Floats]) -> float | None:
    count = min(len(a[0]), len(b[0]))
    same = (a[0][:count] == b[0][:count]) & (a[1][:count] == b[1][:count])
    agreeing = count if same.all() else int(np.argmin(same))
    return float(a[0][agreeing - 1]) if agreeing else None


def _apart(a: tuple[Floats, Floats], b: tuple[Floats, Floats], edges: Floats) -> tuple[list[int], tuple[float, float]]:
    """Of each part which curve is above, 0 where they are no farther apart than their noise; and the means of the last part."""
    noise_a, noise_b = scatter(a[1]), scatter(b[1])
    signs, means = [], (math.nan, math.nan)
    for low, high in pairwise(edges):
        is_last = high == edges[-1]
        these, those = (values[(steps >= low) & ((steps <= high) if is_last else (steps < high))] for steps, values in (a, b))
        if not len(these) or not len(those):
            signs.append(0)
            continue
        means = (float(np.mean(these)), float(np.mean(those)))
        error = math.hypot(noise_a / math.sqrt(len(these)), noise_b / math.sqrt(len(those)))
        difference = means[0] - means[1]
        signs.append(0 if abs(difference) <= _ERRORS * error else 1 if difference > 0 else -1)
    return signs, means


def _for_good(signs: list[int]) -> int | None:
    """The first part from which on one curve stays above the other to the end; None where the end is none of it, or it is one part of many."""
    if not signs or not signs[-1]:
        return None
    place = len(signs)
    while place and signs[place - 1] == signs[-1]:
        place -= 1
    return place if len(signs) - place >= min(_RUNNING, len(signs)) else None
