"""Scalars logged one at a time, each with a name and a step, put together into records."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from advise.runlog.readers.limits import MAX_COLUMNS, MAX_NAME_CHARACTERS, MAX_RECORDS
from advise.runlog.readers.rows import beyond_limits
from advise.runlog.readers.table import Column, Remark, Setting, Table

if TYPE_CHECKING:
    from advise.runlog.arrays import Integers

STEP, WALL_TIME = "step", "wall_time"
# The index of the name, the step, the time, the value, and the number of the record.
_ROW = struct.Struct("<qqddq")
_FIELDS = 5
_MAX_BYTES = MAX_RECORDS * _ROW.size


@dataclass(slots=True)
class Scalars:
    """Scalars in the order of their file.

    Attributes:
        full: Whether there were more scalars than are read.
    """

    full: bool = False
    _indices: dict[str, int] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)
    _rows: bytearray = field(default_factory=bytearray)

    def __len__(self) -> int:
        return len(self._rows) // _ROW.size

    def add(self, name: str, step: int, time: float, value: float, number: int) -> None:
        """Keep a scalar.

        Args:
            name: What was logged.
            step: When, of 64 bits.
            time: When, in seconds since 1970; NaN if that is not known.
            value: The value.
            number: The record of the file that holds it, from 1.
        """
        index = self._indices.get(name, -1)
        if index < 0 and (index := self._new(name)) < 0:
            return
        if len(self._rows) >= _MAX_BYTES:
            self.full = True
            return
        self._rows += _ROW.pack(index, step, time, value, number)

    def _new(self, name: str) -> int:
        if len(self._indices) < MAX_COLUMNS and len(name) <= MAX_NAME_CHARACTERS:
            self._indices[name] = len(self._indices)
            return self._indices[name]
        if len(self._refused) < MAX_COLUMNS:
            self._refused.add(name[:MAX_NAME_CHARACTERS])
        return -1

    def order_by_time(self) -> None:
        """Put the scalars in the order of their times, and number them so; those of one time keep their order."""
        import numpy as np

        rows = np.frombuffer(self._rows, dtype="<i8").reshape(-1, _FIELDS)
        ordered = rows[np.argsort(np.ascontiguousarray(rows[:, 2]).view("<f8"), kind="stable")]
        ordered[:, 4] = np.arange(1, len(ordered) + 1)
        self._rows = bytearray(ordered.tobytes())

    def table(self, shown: str, kind: str, settings: Mapping[str, Setting], remarks: list[Remark], run: str | None = None) -> Table:
        """The scalars as records: those of one step share a record, and a step that goes back begins again.

        A name `step` or `wall_time` of the file's own becomes `logged/step`, for these are the columns of when it was logged.

        Args:
            shown: The file as the caller named it.
            kind: What it was read as.
            settings: Hyperparameters that the file states.
            remarks: What was repaired or skipped.
            run: What the file calls the run.
        """
        import numpy as np

        rows = np.frombuffer(self._rows, dtype="<i8").reshape(-1, _FIELDS)
        names, steps, numbers = (np.ascontiguousarray(rows[:, place]) for place in (0, 1, 4))
        times, values = (np.ascontiguousarray(rows[:, place]).view("<f8") for place in (2, 3))
        record, first = _records(names, steps)
        columns = {}
        remarks = [*remarks, *beyond_limits(len(self._refused), self.full, shown)]
        if len(first) > 1 and steps.min() == steps.max():
            remarks.append(Remark("steps_not_logged", shown, {"step": int(steps[0])}))
        else:
            columns[STEP] = Column(STEP, np.arange(len(first)), steps[first].astype(np.float64))
        timed = np.flatnonzero(np.isfinite(times[first]))
        if len(timed):
            columns[WALL_TIME] = Column(WALL_TIME, timed, times[first][timed])
        order = np.lexsort((record, names))
        bounds = np.searchsorted(names[order], np.arange(len(self._indices) + 1))
        for name, begin, end in zip(self._indices, bounds, bounds[1:], strict=False):
            if begin == end:
                continue
            column = f"logged/{name}" if name in (STEP, WALL_TIME) else name
            columns[column] = Column(column, record[order[begin:end]], values[order[begin:end]])
        return Table(shown, kind, columns, numbers[first], settings, tuple(remarks), run)


def _records(names: Integers, steps: Integers) -> tuple[Integers, Integers]:
    """Which record each scalar belongs to, and of each record the first scalar.

    Records are in the order of their sessions, then of their steps. Values of one name at one step are records of their own.
    """
    import numpy as np

    sessions = _sessions(names, steps)
    order = np.lexsort((steps, sessions, names))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(names[order]) != 0) | (np.diff(sessions[order]) != 0) | (np.diff(steps[order]) != 0)
    places = np.arange(len(order))
    repeats = np.empty(len(order), dtype=np.int64)
    repeats[order] = places - np.maximum.accumulate(np.where(new, places, 0))
    return _numbered(sessions, steps, repeats)


def _numbered(*keys: Integers) -> tuple[Integers, Integers]:
    """The rank of each tuple of keys among the different ones, and where each of these occurs first."""
    import numpy as np

    order = np.lexsort(keys[::-1])
    new = np.ones(len(order), dtype=bool)
    new[1:] = np.any([np.diff(key[order]) != 0 for key in keys], axis=0)
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.cumsum(new) - 1
    return ranks, order[new]


def _sessions(names: Integers, steps: Integers) -> Integers:
    """The session of each scalar: a new one begins where a name's step goes back from where it was in the same session."""
    import numpy as np

    order = np.argsort(names, kind="stable")
    same = np.diff(names[order]) == 0
    back = np.flatnonzero(same & (steps[order][1:] < steps[order][:-1]))
    starts: list[int] = []
    for here, before in sorted(zip(order[back + 1].tolist(), order[back].tolist(), strict=True)):
        if not starts or before >= starts[-1]:
            starts.append(here)
    return np.searchsorted(np.array(starts, dtype=np.int64), np.arange(len(names)), side="right")
