"""Where on the axis each record stands: steps that start over each epoch, runs appended to one file, resumed runs, evaluations between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from advise.runlog.readers.table import Remark, Table
from advise.runlog.series.axis import Counter, Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from advise.runlog.arrays import Floats, Integers

Number = TypeVar("Number", np.float64, np.int64)

# A run that starts over falls back to its beginning; one that resumes goes back a little.
_BEGINNING = 0.1
# An axis is coarse where so many rows with a loss stand at one of its values.
_COARSE = 1.5
# Two processes may write each row.
_COARSE_STEPS = 2.5
# Evaluations say where they stand themselves if hardly one of them contradicts the rows around it.
_CONTRADICT = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """The records of the one run that a table is read for.

    Attributes:
        first: The first record that belongs to it.
        end: The first record that does not belong to it any more.
        steps: Shape (records,): where each record of the table stands; NaN outside the run.
        per_epoch: Whether the steps start over each epoch.
        remarks: What had to be repaired.
    """

    first: int
    end: int
    steps: Floats
    per_epoch: bool
    remarks: tuple[Remark, ...]


def session_of(table: Table, step: Counter | None, epoch: Counter | None, rows: Rows, own: Counter | None = None) -> Session:
    """Number the records of the last run in a table that has a loss.

    Args:
        table: What was read.
        step: What counts steps, if anything does.
        epoch: What counts epochs, if anything does.
        rows: Which records hold losses, and which evaluations.
        own: The same counter as the steps, else the epochs, at the records of evaluations.
    """
    records = len(table.lines)
    along = step if step is not None else epoch
    if along is None:
        return Session(0, records, np.arange(1.0, records + 1), per_epoch=False, remarks=())
    at, numbers = _from_the_first_loss(along, rows)
    epochs = None if epoch is None else _spread(epoch.records, epoch.values, at)
    remarks: list[Remark] = []
    reset = 0
    if step is not None:
        numbers, reset = _continued(numbers, epochs, step.total)
        if reset:
            remarks.append(Remark("step_resets", table.file, {"count": reset}))
    starts = _starts(numbers, epochs)
    place = _last_with_a_loss(starts, at, rows)
    first = int(at[starts[place]]) if place else 0
    end = int(at[starts[place + 1]]) if place + 1 < len(starts) else records
    if len(starts) > 1:
        line = int(table.lines[first])
        remarks.append(Remark("appended_runs", f"{table.file}:{line}", {"count": len(starts), "line": line}))
    here = slice(starts[place], starts[place + 1] if place + 1 < len(starts) else len(at))
    at, numbers = at[here], numbers[here]
    numbers = _told_apart(at, numbers, rows, _COARSE if step is None else _COARSE_STEPS)
    steps = _spread(at, numbers, np.arange(records))
    steps = _evaluations_placed(steps, at, numbers, rows, None if reset else own)
    steps[:first] = np.nan
    steps[end:] = np.nan
    return Session(first, end, steps, bool(reset), tuple(remarks))


def latest(steps: Floats) -> Integers:
    """The indices that are kept where steps go back: a later record replaces those at or beyond its step.

    Args:
        steps: Shape (n,), NaN or infinite where a value stands nowhere.

    Returns:
        Rising indices whose steps rise strictly.
    """
    somewhere = np.isfinite(steps)
    if bool(somewhere.all() and np.all(steps[1:] > steps[:-1])):
        return np.arange(len(steps))
    after = np.minimum.accumulate(np.where(somewhere, steps, np.inf)[::-1])[::-1]
    kept = np.ones(len(steps), dtype=bool)
    kept[:-1] = steps[:-1] < after[1:]
    return np.flatnonzero(kept & somewhere)


def taken(values: NDArray[Number], places: Integers) -> NDArray[Number]:
    """The values at some places, which rise; where these are all, they are not copied, for most columns of a tidy log are whole.

    Args:
        values: Shape (n,).
        places: Shape (at most n,).
    """
    return values if len(places) == len(values) else values[places]


def _from_the_first_loss(along: Counter, rows: Rows) -> tuple[Integers, Floats]:
    """The records of a counter with their numbers, without those that stand before the first loss and are not its own."""
    first = int(rows.losses[0]) if len(rows.losses) else 0
    begins = max(int(np.searchsorted(along.records, first, side="right")) - 1, 0)
    return along.records[begins:], along.values[begins:].astype(np.float64)


def _spread(at: Integers, values: Floats, records: Integers) -> Floats:
    """A number for each of some records: its own, else that of the record before; before the first, that of the first."""
    if len(at) == len(records) and len(at) and at[0] == records[0] and at[-1] == records[-1] and np.array_equal(at, records):
        return values.astype(np.float64)
    places = np.searchsorted(at, records, side="right") - 1
    spread: Floats = values[np.maximum(places, 0)].astype(np.float64)
    return spread


def _continued(steps: Floats, epochs: Floats | None, total: float | None) -> tuple[Floats, int]:
    """Steps that start over in each epoch, put one after the other; and how often they started over."""
    falls = np.diff(steps) < 0
    if epochs is not None and np.all(steps == steps[0]):
        # Where an epoch is logged once, it may be at the same step each time. (Elsewhere two rows at one step may differ in the epoch,
        # since one of them, as Lightning's of the learning rate, has none of its own.)
        falls |= np.diff(epochs) > 0
    drops = np.flatnonzero(falls) + 1
    if not len(drops) or not _start_over_each_epoch(steps, epochs, drops):
        return steps, 0
    if epochs is not None and total is not None and total >= float(np.max(steps)) and np.all(np.diff(epochs) >= 0):
        # Of how many, the log says itself.
        return (epochs - (0 if epochs[0] < 1 else 1)) * total + steps, len(drops)
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
    """The places at which a run begins: the first, and each at which the numbers fall back to the beginning."""
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


def _last_with_a_loss(starts: list[int], at: Integers, rows: Rows) -> int:
    """The last of several parts of a file that has a loss: what only infers or evaluates after a training does not replace it."""
    for place in range(len(starts) - 1, 0, -1):
        begins = at[starts[place]]
        ends = at[starts[place + 1]] if place + 1 < len(starts) else np.iinfo(np.int64).max
        if bool(np.any((rows.losses >= begins) & (rows.losses < ends))):
            return place
    return 0


def _told_apart(at: Integers, numbers: Floats, rows: Rows, coarse: float) -> Floats:
    """Rows that stand at one value of a coarse axis, such as an epoch of two digits, spread until its next value."""
    if len(numbers) < 2 or bool(np.all(numbers[1:] > numbers[:-1])):
        return numbers
    has_loss = np.isin(at, rows.losses)
    if np.sum(has_loss) < 2 or np.any(np.diff(numbers) < 0):
        return numbers
    values, counts = np.unique(numbers[has_loss], return_counts=True)
    if np.mean(counts) < coarse:
        return numbers
    gap = float(np.median(np.diff(values))) if len(values) > 1 else 1.0
    following = np.append(values[1:], values[-1] + gap)
    spread = numbers.copy()
    for value, after in zip(values, following, strict=True):
        inside = np.flatnonzero(numbers == value)
        ranks = np.cumsum(has_loss[inside]) - 1
        spread[inside] = value + (after - value) * np.maximum(ranks, 0) / max(int(ranks[-1]) + 1, 1)
    return spread


def _evaluations_placed(steps: Floats, at: Integers, numbers: Floats, rows: Rows, own: Counter | None) -> Floats:
    """Evaluations stand where they say, if that lies between the rows around them, else at the row before them."""
    if own is None or not len(own.records) or not len(at):
        return steps
    before = np.searchsorted(at, own.records, side="right") - 1
    low = np.where(before >= 0, numbers[np.maximum(before, 0)], -np.inf)
    high = np.where(before + 1 < len(at), numbers[np.minimum(before + 1, len(at) - 1)], np.inf)
    fits = (own.values >= low) & (own.values <= high)
    if np.mean(~fits) <= _CONTRADICT:
        steps = steps.copy()
        steps[own.records[fits]] = own.values[fits]
    return steps
