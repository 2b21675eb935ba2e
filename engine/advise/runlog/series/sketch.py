"""A curve in a few numbers, to be drawn beside what is said of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from advise.knowledge.measures import EveryCurve, MeasuresFile
from advise.runlog.series.assemble import EPOCH
from advise.runlog.series.record import Curve, RunLog
from advise.terms import Sketch

_POINTS = 48


def sketches(log: RunLog, measures: MeasuresFile, facts: Collection[str]) -> list[Sketch]:
    """The curves that facts were measured on, in the order of the measures.

    Args:
        log: The run.
        measures: Which fact is measured on what.
        facts: The facts that are spoken of.
    """
    # The epoch numbers what was measured; it is no course to look at.
    roles = dict.fromkeys(role for role, fact in _measured(measures) if fact in facts and role != EPOCH)
    longest: dict[tuple[str, str], Curve] = {}
    for curve in filter(None, map(log.curve, roles)):
        column = curve.file, curve.column
        # A part of a column, such as its rows that are not finite, is a curve of its own; what is drawn is the whole.
        if len(curve) > max(1, len(longest.get(column, ()))):
            longest[column] = curve
    return [sketch(curve, _POINTS) for curve in longest.values()]


def _measured(measures: MeasuresFile) -> Iterator[tuple[str, str]]:
    for measure in measures.measures:
        for role in measure.of.values():
            if not isinstance(role, EveryCurve):
                yield from ((role, fact) for fact in measure.gives.values())


def sketch(curve: Curve, points: int) -> Sketch:
    """A curve in so many points at most.

    Args:
        curve: At least one value.
        points: How many blocks it is cut into.
    """
    finite = np.isfinite(curve.values)
    blocks = np.array_split(np.where(finite, curve.values, np.nan), min(points, len(curve)))
    return Sketch.model_construct(
        role=curve.role,
        column=curve.column,
        origin=f"{curve.file}:{int(curve.lines[0])}-{int(curve.lines[-1])}",
        points=[_middle(block) for block in blocks],
        first=_value(curve.values[0]),
        last=_value(curve.values[-1]),
    )


def _middle(block: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    """The median of a block; None where nothing in it is finite."""
    finite = block[np.isfinite(block)]
    return float(np.median(finite)) if len(finite) else None


def _value(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
