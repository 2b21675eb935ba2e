"""Where on the axis each record stands: steps that start over each epoch, runs appended to one file, resumed runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from advise.runlog.readers.table import Column, Remark, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advise.runlog.arrays import Floats, Integers

Number = TypeVar("Number", np.float64, np.int64)

# A run that starts over falls back to its beginning; one that resumes goes back a little.
_BEGINNING = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """The records of the one run that a table is read for.

    Attributes:
        first: The first record that belongs to it.
        steps: Shape (records,): where each record of the table stands; NaN before `first`.
        remarks: What had to be repaired.
    """

    first: int
    steps: Floats
    remarks: tuple[Remark, ...]


def session_of(table: Table, step: Column | None, epoch: Column | None) -> Session:
    """Number the records of the last run in a table.

    Args:
        table: What was read.
        step: The column that counts steps, if there is one.
        epoch: The column that counts epochs, if there is one.
    """
    records = len(table.lines)
    along = step if step is not None else epoch
    if along is None or not len(along.values):
        return Session(0, np.arange(1.0, records + 1), ())
    numbers = _spread(along, records)
    epochs = None if epoch is None or not len(epoch.values) else _spread(epoch, records)
    if step is not None:
        numbers, reset = _continued(numbers, epochs)
        remarks = [Remark("step_resets", table.file, {"count": reset})] if reset else []
    else:
        remarks = []
    starts = _starts(numbers, epochs)
    if len(starts) > 1:
        first, line = int(starts[-1]), int(table.lines[starts[-1]])
        remarks.append(Remark("appended_runs", f"{table.file}:{line}", {"count": len(starts), "line": line}))
        numbers = np.where(np.arange(records) < first, np.nan, numbers)
        return Session(first, numbers, tuple(remarks))
    return Session(0, numbers, tuple(remarks))


def latest(steps: Floats) -> Integers:
    """The indices that are kept where steps go back: a later record replaces those at or beyond its step.

    Args:
        steps: Shape (n,), NaN where a value stands nowhere.

    Returns:
        Rising indices whose steps rise strictly.
    """
    if bool(np.all(steps[1:] > steps[:-1])) and not np.isnan(steps[:1]).any():
        return np.arange(len(steps))
    after = np.minimum.accumulate(np.where(np.isnan(steps), np.inf, steps)[::-1])[::-1]
    kept = np.ones(len(steps), dtype=bool)
    kept[:-1] = steps[:-1] < after[1:]
    kept &= ~np.isnan(steps)
    return np.flatnonzero(kept)


def taken(values: NDArray[Number], places: Integers) -> NDArray[Number]:
    """The values at some places, which rise; where these are all, they are not copied, for most columns of a tidy log are whole.

    Args:
        values: Shape (n,).
        places: Shape (at most n,).
    """
    return values if len(places) == len(values) else values[places]


def _spread(column: Column, records: int) -> Floats:
    """The column's value for every record: its own, else that of the record before; before the first, that of the first."""
    finite = np.isfinite(column.values)
    if len(finite) == records and finite.all():
        return column.values
    at, values = column.records[finite], column.values[finite]
    if not len(at):
        return np.arange(1.0, records + 1)
    places = np.searchsorted(at, np.arange(records), side="right") - 1
    spread: Floats = values[np.maximum(places, 0)].astype(np.float64)
    return spread


def _continued(steps: Floats, epochs: Floats | None) -> tuple[Floats, int]:
    """Steps that start over in each epoch, put one after the other; and how often they started over."""
    falls = np.diff(steps) < 0
    if epochs is not None and np.all(steps == steps[0]):
        # Where an epoch is logged once, it may be at the same step each time. (Elsewhere two rows at one step may differ in the epoch,
        # since one of them, as Lightning's of the learning rate, has none of its own.)
        falls |= np.diff(epochs) > 0
    drops = np.flatnonzero(falls) + 1
    if not len(drops) or not _start_over_each_epoch(steps, epochs, drops):
        return steps, 0
    offsets = np.zeros(len(steps))
    for drop in drops:
        # One step passes between the last record of an epoch and the first of the next, unless these count from 0.
        offsets[drop:] += steps[drop - 1] + (1 if steps[drop] == 0 else 0)
    return steps + offsets, len(drops)


def _start_over_each_epoch(steps: Floats, epochs: Floats | None, drops: Integers) -> bool:
    if epochs is not None:
        return bool(np.all(epochs[drops] > epochs[drops - 1]))
    tops = steps[drops - 1]
    return len(drops) >= 3 and bool(np.all(tops == tops[0])) and bool(np.all(steps[drops] == steps[drops[0]]))


def _starts(numbers: Floats, epochs: Floats | None) -> list[int]:
    """The records at which a run begins: the first, and each at which the numbers fall back to the beginning."""
    starts = [0]
    drops = np.flatnonzero(np.diff(numbers) < 0) + 1
    if not len(drops):
        return starts
    top = np.maximum.accumulate(numbers)
    for drop in drops:
        reached = top[drop - 1]
        began = numbers[starts[-1]]
        fell_back = numbers[drop] - began <= _BEGINNING * (reached - began)
        if fell_back and (epochs is None or epochs[drop] <= epochs[drop - 1]) and drop > starts[-1] + 1:
            starts.append(int(drop))
            top[drop:] = np.maximum.accumulate(numbers[drop:])
    return starts
