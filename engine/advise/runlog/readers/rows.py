"""Records of named numbers, put together into columns."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from advise.runlog.readers.limits import MAX_COLUMNS, MAX_NAME_CHARACTERS, MAX_RECORDS
from advise.runlog.readers.table import Column, Remark

if TYPE_CHECKING:
    from advise.runlog.arrays import Floats, Integers

# Trainers write records of a handful of kinds; what has more gains nothing from being known, and would fill the memory.
_MAX_SHAPES = 256
Shape = tuple[str | None, ...]
"""What records have in common whose values are kept alike, in their order: the names of their fields, and what these are about."""


@dataclass(slots=True)
class _Cells:
    records: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))


@dataclass(slots=True)
class _Block:
    """Records of one shape, their values one behind the other: keeping a record is a single call, whatever its width."""

    names: Sequence[str]
    records: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))


@dataclass(slots=True)
class Rows:
    """Records in the order of their file.

    Attributes:
        lines: Of each record, where it stands in the file.
        full: Whether there were more records or values than are read.
    """

    lines: array[int] = field(default_factory=lambda: array("q"))
    full: bool = False
    _cells: dict[str, _Cells] = field(default_factory=dict)
    _blocks: dict[Shape, _Block] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)
    _count: int = 0

    def __contains__(self, name: str) -> bool:
        return name in self._cells

    def begin(self, line: int) -> None:
        """Begin a record.

        Args:
            line: Where it stands in the file.
        """
        self.full |= len(self.lines) >= MAX_RECORDS
        self.lines.append(line)

    def put(self, name: str, value: float) -> None:
        """Keep a value of the record that was begun last; of two with one name, the later.

        Args:
            name: The column.
            value: The value.
        """
        self._count += 1
        self.full |= self._count > MAX_RECORDS
        cells = self._cells.get(name) or self._new(name)
        if cells is None or self.full:
            return
        record = len(self.lines) - 1
        if cells.records and cells.records[-1] == record:
            cells.values[-1] = value
        else:
            cells.records.append(record)
            cells.values.append(value)

    def learn(self, shape: Shape, names: Sequence[str]) -> None:
        """Let the values of all further records of a shape be kept at once, if their columns are all there.

        Args:
            shape: What such records have in common.
            names: Their columns, in the order of the values; if one is there twice, each value has to be `put`.
        """
        if names and len(self._blocks) < _MAX_SHAPES and len(set(names)) == len(names) and self._cells.keys() >= set(names):
            self._blocks.setdefault(shape, _Block(names))

    def put_all(self, shape: Shape, values: Collection[object]) -> bool:
        """Keep all values of the record that was begun last.

        Almost every record of a log is of a shape that was met before: three million values are kept so in 0.5 s where `put` takes 2.5.

        Args:
            shape: The shape of the record.
            values: Its values.

        Returns:
            Whether they were kept: the shape is known, and all are numbers. If not, none is.
        """
        block = self._blocks.get(shape)
        if block is None or self.full or self._count + len(values) > MAX_RECORDS:
            return False
        try:
            block.values.extend(values)  # type: ignore[arg-type]
        except (TypeError, OverflowError):
            del block.values[len(block.records) * len(block.names) :]
            return False
        block.records.append(len(self.lines) - 1)
        self._count += len(values)
        return True

    def _new(self, name: str) -> _Cells | None:
        if len(self._cells) < MAX_COLUMNS and len(name) <= MAX_NAME_CHARACTERS:
            self._cells[name] = _Cells()
            return self._cells[name]
        if len(self._refused) < MAX_COLUMNS:
            self._refused.add(name[:MAX_NAME_CHARACTERS])
        return None

    def columns(self) -> dict[str, Column]:
        """The columns, in the order in which they were first met."""
        import numpy as np

        # Arrays of numpy over those that were filled, not copies of them.
        parts = {name: [(np.asarray(cells.records), np.asarray(cells.values))] for name, cells in self._cells.items()}
        for block in self._blocks.values():
            records, values = np.asarray(block.records), np.asarray(block.values).reshape(-1, len(block.names))
            for place, name in enumerate(block.names):
                parts[name].append((records, values[:, place]))
        return {name: joined(name, found) for name, found in parts.items()}

    def remarks(self, shown: str) -> list[Remark]:
        """What went over the limits.

        Args:
            shown: The file as the caller named it.
        """
        return beyond_limits(len(self._refused), self.full, shown)


def beyond_limits(refused: int, is_full: bool, shown: str) -> list[Remark]:
    """What is said of a file that went over the limits.

    Args:
        refused: How many names were not kept.
        is_full: Whether there were more values than are kept.
        shown: The file as the caller named it.
    """
    found = []
    if refused:
        found.append(Remark("names_refused", shown, {"count": refused, "columns": MAX_COLUMNS, "characters": MAX_NAME_CHARACTERS}))
    if is_full:
        found.append(Remark("scalars_over_limit", shown, {"limit": MAX_RECORDS}))
    return found


def joined(name: str, parts: Sequence[tuple[Integers, Floats]]) -> Column:
    """A column from its parts.

    Args:
        name: The column.
        parts: Records, rising, and their values; no part has a record of another.
    """
    import numpy as np

    if len(parts) == 1:
        return Column(name, *parts[0])
    records = np.concatenate([records for records, _ in parts])
    values = np.concatenate([values for _, values in parts])
    order = np.argsort(records, kind="stable")
    return Column(name, records[order], values[order])
