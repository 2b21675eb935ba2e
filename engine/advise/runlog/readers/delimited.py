"""Tables of text: CSV, TSV and their kin, as tidy or untidy as trainers and spreadsheets write them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from advise.runlog.lexicon import packaged
from advise.runlog.readers.limits import MAX_COLUMNS, MAX_LINE_CHARACTERS
from advise.runlog.readers.lines import lines_of
from advise.runlog.readers.records import Records, number_in
from advise.runlog.readers.refusal import unreadable
from advise.runlog.readers.run_table import Labels, refuse_runs
from advise.runlog.readers.table import Remark, Table
from advise.runlog.words import words_of

FORMAT = "csv"
_DELIMITERS = (",", "\t", ";")
_COMMENT = "#"
_COUNT = re.compile(r"[A-Za-z]{0,20}[\s_-]{0,3}(\d{1,12})(?:\s?/\s?\d{1,12})?")


def sniff(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a table: a line of names, and below it a line of as many cells, most of them numbers."""
    lines = [line for line in head.decode("utf-8", "replace").lstrip("\ufeff").splitlines() if line.strip() and not line.startswith(_COMMENT)][:3]
    if not lines:
        return False
    delimiter = delimiter_of(lines[0])
    if delimiter is None:
        return _is_column(head)
    names = _cells(lines[0], delimiter)
    if len(lines) == 1:
        return len(names) > 1 and all(_is_name(name) for name in names)
    cells = _cells(lines[1], delimiter)
    filled = [cell for cell in cells if cell]
    numbers = sum(_number(cell, delimiter) is not None for cell in filled)
    # Several lines of numbers without names are a table too.
    # pandas leaves the name of its index blank.
    is_headed = all(_is_name(name) for name in names if name) and sum(map(bool, names)) >= len(names) - 1 and len(cells) <= len(names) + 1
    return bool(filled) and 2 * numbers >= len(filled) and (is_headed or all(number_in(name) is not None for name in names))


def _is_column(head: bytes) -> bool:
    """Whether a file is one number a line, below a name or not: a loss that was saved alone."""
    lines = [line.strip() for line in head.decode("utf-8", "replace").lstrip("\ufeff").splitlines() if line.strip()]
    # The end of the head may cut a number.
    numbers = [number_in(line) is not None for line in lines[1:]]
    return len(numbers) > 1 and all(numbers) and (number_in(lines[0]) is not None or (_is_name(lines[0]) and " " not in lines[0]))


def read(text: str, shown: str) -> tuple[Table, ...]:
    """Read a table.

    Args:
        text: The file.
        shown: The file as the caller named it.

    Raises:
        LogError: There is no row in it, or a row is a run.
    """
    delimiter = delimiter_of(next((line for line in _lines(text) if line.strip() and not line.startswith(_COMMENT)), "")) or ","
    reader = _Reader(shown, delimiter)
    for line, cells in _rows(text, delimiter, reader):
        reader.take(line, cells)
    return (reader.table(),)


@dataclass(slots=True)
class _Reader:
    """Takes row after row."""

    shown: str
    delimiter: str
    records: Records = field(default_factory=Records)
    names: Sequence[str] = ()
    ragged: int = 0
    counters: frozenset[str] = frozenset()
    headers: int = 0
    labels: Labels = field(default_factory=Labels)
    long: int = 0

    def take(self, line: int, cells: Sequence[str]) -> None:
        if not self.names:
            self._begin(line, cells)
        elif self._is_header(cells):
            self.headers += 1
            self.names = named(cells)
        else:
            self._row(line, cells)

    def _begin(self, line: int, cells: Sequence[str]) -> None:
        if all(number_in(cell) is not None for cell in cells):
            self.names = [f"column_{number}" for number in range(1, len(cells) + 1)]
            self.records.remarks.append(Remark("no_header", self.shown, {"count": len(cells)}))
            self._row(line, cells)
        else:
            self.names = named(cells)
            self.counters = frozenset(name for name in self.names if packaged().counter_at_the_end(words_of(name)) is not None)

    def _is_header(self, cells: Sequence[str]) -> bool:
        """The same names again, or other names where numbers should be: another session was appended."""
        filled = [cell for cell in cells if cell]
        return len(filled) > 1 and all(_is_name(cell) and number_in(cell) is None for cell in filled) and bool(set(filled) & set(self.names))

    def _row(self, line: int, cells: Sequence[str]) -> None:
        self.ragged += len(cells) != len(self.names)
        rows = self.records.rows
        rows.begin(line)
        for name, cell in zip(self.names, cells, strict=False):
            if cell:
                number = _number(cell, self.delimiter)
                if number is None and name in self.counters:
                    number = _counted(cell)
                if number is not None:
                    rows.put(name, number)
                else:
                    self.labels.put(name, cell)

    def table(self) -> Table:
        remarks = self.records.remarks
        if not len(self.records.rows.lines):
            raise unreadable(self.shown, "there is no row below its header" if self.names else "there is nothing in it")
        if self.headers:
            remarks.append(Remark("repeated_headers", self.shown, {"count": self.headers}))
        if self.ragged:
            remarks.append(Remark("ragged_rows", self.shown, {"count": self.ragged}))
        if self.long:
            remarks.append(Remark("long_lines", self.shown, {"count": self.long}))
        table = self.records.table(self.shown, FORMAT)
        refuse_runs(self.labels, table.columns, len(table.lines), self.shown)
        return table


def _rows(text: str, delimiter: str, reader: _Reader) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with its line, its cells stripped; comments are looked at for settings."""
    for number, line in enumerate(_lines(text), start=1):
        if line.startswith(_COMMENT):
            _comment(line, reader.records)
        elif len(line) > MAX_LINE_CHARACTERS:
            reader.long += 1
        elif line and not line.isspace():
            # A quote that is never closed would swallow the rest, were the lines not taken apart one by one.
            cells = _cells(line, delimiter) if '"' in line else line.split(delimiter)
            yield number, [cell.strip() for cell in cells[:MAX_COLUMNS]]


def _lines(text: str) -> Iterator[str]:
    """The lines as `str.splitlines` takes them apart, without a list of them all."""
    for _, line in lines_of(text):
        yield from line.splitlines() or ("",)


def _comment(line: str, records: Records) -> None:
    """Stable-Baselines3 begins with a comment of JSON."""
    try:
        value = json.loads(line.lstrip(_COMMENT))
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict):
        for name, item in value.items():
            records.set(str(name), item)


def delimiter_of(line: str) -> str | None:
    """What parts the cells of a line: the mark that is there most often; None where there is none."""
    counts = {delimiter: line.count(delimiter) for delimiter in _DELIMITERS}
    best = max(counts, key=lambda delimiter: counts[delimiter])
    return best if counts[best] else None


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))]
    except (csv.Error, StopIteration):
        return [cell.strip() for cell in line.split(delimiter)]


def _number(cell: str, delimiter: str) -> float | None:
    """The number in a cell; where cells are parted by semicolons, its comma is a decimal point."""
    return number_in(cell if delimiter != ";" else cell.replace(",", "."))


def _counted(cell: str) -> float | None:
    """The number of a counter that is written with a word or its total: `Epoch 3`, `3/10`."""
    match = _COUNT.fullmatch(cell)
    return float(match[1]) if match else None


def _is_name(cell: str) -> bool:
    return bool(cell) and number_in(cell) is None and len(cell) <= 200 and not any(mark in cell for mark in "{}=\n") and ": " not in cell


def named(cells: Sequence[str]) -> list[str]:
    """The names of columns, each once: of a header, the second `loss` is `loss.1`, and a column without a name is called by its place."""
    seen: dict[str, int] = {}
    names = []
    for place, cell in enumerate(cells, start=1):
        name = cell or f"column_{place}"
        count = seen.get(name, 0)
        seen[name] = count + 1
        names.append(f"{name}.{count}" if count else name)
    return names
