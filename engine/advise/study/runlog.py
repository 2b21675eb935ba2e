"""The log of one run, as curves by role."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from advise.curves.assemble import assemble
from advise.curves.record import RunLog
from advise.knowledge.base import KnowledgeBase
from advise.logs.table import Column, Table

_MOST_BYTES = 256 * 1024**2


def log_of(folder: Path, base: KnowledgeBase, columns: Mapping[str, str]) -> RunLog | None:
    """What a run in a folder logged; None where it logged nothing.

    Args:
        folder: Of the run.
        base: What is known of the names of columns.
        columns: Column by role, where the user says which it is.
    """
    tables = [_table(path) for path in sorted(folder.glob("*.csv")) if not path.is_symlink() and path.stat().st_size <= _MOST_BYTES]
    return assemble([table for table in tables if len(table.lines)], base.roles, columns) if tables else None


def _table(path: Path) -> Table:
    import csv

    import numpy as np

    values: dict[str, tuple[list[int], list[float]]] = {}
    lines = []
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        reader = csv.reader(file)
        header = [name.strip() for name in next(reader, [])]
        for record, row in enumerate(reader):
            lines.append(reader.line_num)
            for name, cell in zip(header, row, strict=False):
                number = _number(cell)
                if number is not None:
                    records, numbers = values.setdefault(name, ([], []))
                    records.append(record)
                    numbers.append(number)
    columns = {name: Column(name, np.array(records, dtype=np.int64), np.array(numbers)) for name, (records, numbers) in values.items()}
    return Table(str(path), "csv", columns, np.array(lines, dtype=np.int64))


def _number(cell: str) -> float | None:
    try:
        return float(cell) if cell else None
    except ValueError:
        return None
