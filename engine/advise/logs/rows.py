"""Records of named numbers, put together into columns."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from advise.logs.limits import MAX_COLUMNS, MAX_NAME_CHARACTERS, MAX_RECORDS
from advise.logs.table import Column, Remark


@dataclass(slots=True)
class _Cells:
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

        return {
            name: Column(name, np.array(cells.records, dtype=np.int64), np.array(cells.values, dtype=np.float64))
            for name, cells in self._cells.items()
        }

    def remarks(self, shown: str) -> list[Remark]:
        """What went over the limits.

        Args:
            shown: The file as the caller named it.
        """
        found = []
        if self._refused:
            found.append(Remark("names_refused", shown, {"count": len(self._refused), "columns": MAX_COLUMNS, "characters": MAX_NAME_CHARACTERS}))
        if self.full:
            found.append(Remark("scalars_over_limit", shown, {"limit": MAX_RECORDS}))
        return found
