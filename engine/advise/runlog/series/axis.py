"""What numbers the rows of a table, by what it does: a counter covers the rows that hold losses, moves, and rarely goes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from advise.runlog.readers.records import TOTAL
from advise.runlog.readers.table import Column, Table
from advise.runlog.series.columns import ColumnReader, Meaning
from advise.runlog.words import Words, words_of

if TYPE_CHECKING:
    from advise.runlog.arrays import Floats, Integers, Mask

# A counter that stands at half as many of the rows as another is as good, if its name is better.
_AS_GOOD = 0.5
# Counters that two kinds of line have may be one: then they seldom go back where these lines follow one another.
_SELDOM = 0.05
# What is logged of training and evaluation alike says nothing of which of them a row is.
_OF_EITHER = ("time.", "throughput", "gpu.", "host.")
# Fewer are no set to train on; and what all batches but tiny ones are divisible by.
_FEWEST_SAMPLES = 1000
_BATCH = 32
_EVALUATED = frozenset({"dev", "test", "train_dev"})


@dataclass(frozen=True, slots=True, eq=False)
class Counter:
    """A column, or several that continue each other, that numbers rows.

    Attributes:
        names: The columns.
        records: Shape (n,): the records that have a number, rising.
        values: Shape (n,): their numbers.
        total: Of how many, where the log says so and it is the same throughout.
    """

    names: tuple[str, ...]
    records: Integers
    values: Floats
    total: float | None = None

    def only(self, mask: Mask) -> Counter:
        """The counter at some of the records."""
        kept = mask[self.records]
        if kept.all():
            return self
        return Counter(self.names, self.records[kept], self.values[kept], self.total)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Which records of a table are about what.

    Attributes:
        losses: Shape (n,): the records that hold a training loss, else those that hold anything known that is not of an evaluation.
        evaluations: Shape (records,): whether a record holds values of an evaluation and none of the training.
    """

    losses: Integers
    evaluations: Mask


def rows_of(table: Table, meanings: Sequence[Meaning], reader: ColumnReader) -> Rows:
    """Tell the rows of evaluations from the others.

    Args:
        table: What was read.
        meanings: What its columns are.
        reader: Knows the names of splits.
    """
    records = len(table.lines)
    of = {meaning.column: meaning for meaning in meanings}
    evaluated, trained = np.zeros(records, dtype=bool), np.zeros(records, dtype=bool)
    loss, known = np.zeros(records, dtype=bool), np.zeros(records, dtype=bool)
    for name, column in table.columns.items():
        meaning = of.get(name)
        split = _split(meaning, name, reader)
        if split in _EVALUATED:
            evaluated[column.records] = True
        elif split == "train" or (meaning is not None and not meaning.role.startswith(_OF_EITHER)):
            trained[column.records] = True
        if meaning is not None and split not in _EVALUATED:
            known[column.records] = True
            if meaning.role == "train.loss":
                loss[column.records] = True
    # A file of nothing but evaluations is numbered by them.
    evaluations = evaluated & ~trained if trained.any() else np.zeros(records, dtype=bool)
    chosen = loss if loss.any() else known if known.any() else np.ones(records, dtype=bool)
    return Rows(np.flatnonzero(chosen), evaluations)


def _split(meaning: Meaning | None, name: str, reader: ColumnReader) -> str | None:
    named = meaning.split if meaning is not None and meaning.split is not None else reader.split(name)
    if named is None and meaning is not None and meaning.role.split(".")[0] in _EVALUATED:
        return meaning.role.split(".")[0]
    return named


def counters(table: Table, axis: str, reader: ColumnReader, rows: Rows) -> list[Counter]:
    """The counters of an axis that number the rows of a table, the best first; several that do so by turns are one.

    Args:
        table: What was read.
        axis: `step` or `epoch`.
        reader: Knows the names of counters.
        rows: Which records hold losses, and which evaluations.
    """
    groups: dict[Words, list[str]] = defaultdict(list)
    place: dict[Words, int] = {}
    for name, column in table.columns.items():
        rank = reader.counter(axis, name)
        if rank is not None and len(column.values):
            groups[words_of(name)].append(name)
            place[words_of(name)] = rank
    moving = ~rows.evaluations
    found = []
    for words, names in groups.items():
        counter = _of_most(together(names, table.columns), names, table.columns, rows).only(moving)
        if _closes(counter, rows) and not _are_numbered(rows.losses, table, reader):
            counter = replace(counter, records=np.concatenate([[0], counter.records[:-1] + 1]))
        if len(counter.records):
            cover, moves = _evidence(counter, rows)
            found.append((counter, cover, moves, place[words]))
    usable = [item for item in found if item[2]] or found
    best = max((cover for _, cover, _, _ in usable), default=0.0)
    ranked = sorted(usable, key=lambda item: (item[1] < _AS_GOOD * best, item[3]))
    return [counter for counter, cover, _, _ in ranked if cover > 0]


def together(names: Sequence[str], columns: Mapping[str, Column]) -> Counter:
    """Columns that count the same as one counter: of two numbers in one record, that of the first.

    Args:
        names: The columns, at least one.
        columns: All columns of the table.
    """
    only = columns[names[0]]
    if len(names) == 1 and bool(np.isfinite(only.values).all()):
        return Counter(tuple(names), only.records, only.values)
    records = np.concatenate([columns[name].records for name in names])
    values = np.concatenate([columns[name].values for name in names])
    finite = np.isfinite(values)
    records, values = records[finite], values[finite]
    order = np.argsort(records, kind="stable")
    kept, first = np.unique(records[order], return_index=True)
    return Counter(tuple(names), kept, values[order][first])


def _of_most(counter: Counter, names: Iterable[str], columns: Mapping[str, Column], rows: Rows) -> Counter:
    """Where a counter counts to different totals, as the bars of training and evaluation do: the one that most losses follow."""
    name = next((name + TOTAL for name in names if name + TOTAL in columns), None)
    if name is None:
        return counter
    totals = columns[name]
    at = np.searchsorted(totals.records, counter.records)
    has = (at < len(totals.records)) & (totals.records[np.minimum(at, len(totals.records) - 1)] == counter.records)
    each = np.where(has, totals.values[np.minimum(at, len(totals.records) - 1)], np.nan)
    latest = np.searchsorted(counter.records, rows.losses, side="right") - 1
    followed = each[latest[latest >= 0]]
    followed = followed[np.isfinite(followed)]
    if not len(followed):
        return counter
    different, counts = np.unique(followed, return_counts=True)
    most = float(different[np.argmax(counts)])
    kept = ~np.isfinite(each) | (each == most)
    return Counter(counter.names, counter.records[kept], counter.values[kept], most)


def _are_numbered(records: Integers, table: Table, reader: ColumnReader) -> bool:
    """Whether any of some records has a counter of any axis."""
    counting = [column.records for name, column in table.columns.items() if any(reader.counter(axis, name) is not None for axis in ("step", "epoch"))]
    return any(bool(np.isin(records, each).any()) for each in counting)


def _closes(counter: Counter, rows: Rows) -> bool:
    """Whether the numbers stand behind what they number: `train loss …`, `val loss …`, `epoch 1 done`.

    Then there is a loss before the first of them and none behind the last, and they rise; below headings it is the other way round.
    """
    at, losses = counter.records, rows.losses
    if len(at) < 2 or not len(losses) or losses[0] >= at[0] or losses[-1] >= at[-1]:
        return False
    return bool(np.all(np.diff(counter.values) > 0) and np.all(np.isin(np.arange(len(at)), np.searchsorted(at, losses))))


def _evidence(counter: Counter, rows: Rows) -> tuple[float, bool]:
    """The share of the rows with a loss that have a number of their own, and whether the number moves."""
    losses = rows.losses
    if np.array_equal(counter.records, losses):
        return 1.0, len(losses) < 2 or bool(counter.values.min() != counter.values.max())
    latest = np.searchsorted(counter.records, losses, side="right") - 1
    there = latest >= 0
    if not there.any():
        return 0.0, False
    before = np.concatenate([[-1], losses[:-1]])
    fresh = there & (counter.records[np.maximum(latest, 0)] > before)
    values = counter.values[latest[there]]
    moves = len(losses) < 2 or bool(np.any(values != values[0]))
    return float(np.mean(fresh)), moves


def joined(first: Counter, others: Sequence[Counter]) -> Counter:
    """A counter with those that count on where it does not: `iter 10: loss …` and `step 100: val loss …`.

    Args:
        first: The one that covers most.
        others: The others of its axis.
    """
    found = first
    for other in others:
        new = ~np.isin(other.records, found.records)
        records = np.concatenate([found.records, other.records[new]])
        values = np.concatenate([found.values, other.values[new]])
        order = np.argsort(records, kind="stable")
        records, values = records[order], values[order]
        falls = int(np.sum(np.diff(values) < 0)) - int(np.sum(np.diff(found.values) < 0))
        if new.any() and falls <= _SELDOM * int(np.sum(new)):
            found = Counter((*found.names, *other.names), records, values, found.total)
    return found


def shares_of_epochs(step: Counter, epoch: Counter, rows: Rows) -> Counter | None:
    """The place within the epochs, where a counter that starts over in each of them counts samples: `[640/60000 (1%)]`.

    It goes on by a batch or many at a time, and batches are powers of two; a logging interval is a round number.

    Args:
        step: The counter.
        epoch: The epochs.
        rows: Which records hold losses.
    """
    if step.total is None or step.total < _FEWEST_SAMPLES:
        return None
    values = step.values[np.isin(step.records, rows.losses)]
    gaps = np.diff(values)
    forward = gaps[gaps > 0]
    if not len(forward) or not np.all(forward == np.round(forward)) or int(np.gcd.reduce(forward.astype(np.int64))) % _BATCH:
        return None
    places = np.maximum(np.searchsorted(epoch.records, step.records, side="right") - 1, 0)
    base = 0 if epoch.values[0] < 1 else 1
    return Counter((*epoch.names, *step.names), step.records, epoch.values[places] - base + step.values / step.total)
