"""A run's curves at a glance: a row for each role, with where it runs and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from advise.runlog.measures.extremum import place_of_best
from advise.runlog.series.record import Curve, RunLog
from advise.runlog.series.sketch import sketch
from advise.terms import Sketch
from advise.text import Text


@dataclass(frozen=True, slots=True)
class Glance:
    """What was taken for one role.

    Attributes:
        others: Further columns of the role, which do not decide.
        why: Why the column has the role.
        start: Its first place on the axis.
        end: Its last place.
        count: How many values it has, NaN and infinities included.
        best: The best finite value; None where it cannot be told which is better.
        best_at: Where on the axis that is.
        sketch: Role, column, place, first and last value, and the course.
    """

    others: Sequence[str]
    why: Text | None
    start: float
    end: float
    count: int
    best: float | None
    best_at: float | None
    sketch: Sketch


def glances(log: RunLog, points: int) -> Iterator[Glance]:
    """A row for each role that holds a value, in the order of the roles.

    Args:
        log: The run.
        points: In how many points a course is drawn at most.
    """
    for _, curves in sorted(log.curves.items()):
        if curves and len(curves[0]):
            first = curves[0]
            best = _best(first)
            yield Glance(
                others=[curve.column for curve in curves[1:]],
                why=log.reasons.get(first.column),
                start=float(first.steps[0]),
                end=float(first.steps[-1]),
                count=len(first),
                best=None if best is None else float(first.values[best]),
                best_at=None if best is None else float(first.steps[best]),
                sketch=sketch(first, points),
            )


def _best(curve: Curve) -> int | None:
    """The index of the best finite value."""
    finite = np.flatnonzero(np.isfinite(curve.values))
    if curve.direction is None or not len(finite):
        return None
    values = curve.values[finite] * (1 if curve.direction == "up" else -1)
    return int(finite[place_of_best(values)])
