"""Tables in which a row is a run or a trial: CSV, JSON or JSON lines, each row with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from advise.documents.decode import JSON_BREAKS, SourceText
from advise.documents.json import read_json
from advise.documents.located import MappingNode, Node, ScalarNode, SequenceNode
from advise.documents.problems import Problem
from advise.documents.settings import settings_of
from advise.errors import UnreadableError
from advise.runlog.readers.delimited import delimiter_of, named
from advise.runlog.readers.encoding import text_of
from advise.runlog.readers.records import number_in
from advise.runlog.readers.table import Remark
from advise.runlog.words import words_of

Cell = bool | int | float | str
ENDINGS = (".csv", ".tsv", ".json", ".jsonl", ".ndjson")
MOST_ROWS = 100_000
SINGLE = ""
_LINES_ENDINGS = (".jsonl", ".ndjson")
_BLANKS = frozenset({"", "null", "none", "na", "n/a", "-"})
# Where cells are parted by semicolons, a comma is a decimal point.
_DECIMAL_COMMA = re.compile(r"([-+]?\d+),(\d+(?:[eE][-+]?\d+)?)")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: each cell that is there by its column, text as it is written."""

    line: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of runs.

    Attributes:
        source: The file, for pointing into it.
        columns: Their names; the one name `SINGLE` where there are only values.
        rows: In the order of the file; blank lines are left out.
        problems: Rows that do not fit below the header.
        remarks: What was repaired.
    """

    source: SourceText
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def problem(self, line: int, message: str, text: str = "", *, accepted: str | None = None, nearest: str | None = None) -> Problem:
        """A problem in a line, at the text that is meant."""
        shown = self.source.lines[line - 1] if 0 < line <= len(self.source.lines) else ""
        column = max(0, shown.find(text)) + 1
        return Problem(self.source.name, line, column, message, shown, max(1, len(text)), accepted=accepted, nearest=nearest)


def read_grid(path: str, most_bytes: int) -> Grid:
    """Read a table.

    Args:
        path: The file; its ending tells the form, and what is none of JSON is CSV.
        most_bytes: How large it may be.

    Raises:
        UnreadableError: It is no table of one record a row, such as a training log in JSON, or it is too large.
        OSError: It cannot be opened.
    """
    with open(path, "rb") as file:
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise _unreadable(path, f"the table is larger than {most_bytes // 1024**2} MiB, which is the limit")
    text, remarks = text_of(data, path)
    source = SourceText(path, text, JSON_BREAKS)
    ending = path.lower()
    if ending.endswith(_LINES_ENDINGS):
        grid = _from_records(source, list(_records_of_lines(source)))
    elif ending.endswith(".json"):
        grid = _from_records(source, _records_of(path, _tree(path, text)))
    else:
        grid = _from_csv(source)
    if len(grid.rows) > MOST_ROWS:
        raise _unreadable(path, f"the table has more than {MOST_ROWS} rows, which is the limit")
    return replace(grid, remarks=tuple(remarks))


def number_of(cell: Cell) -> float | None:
    """The number in a cell, NaN and infinities included; None where it holds none."""
    if isinstance(cell, bool):
        return None
    # What Python's own notation allows besides is no number to anyone else.
    return (None if "_" in cell else number_in(cell)) if isinstance(cell, str) else float(cell)


def called(columns: Iterable[str], names: Sequence[str]) -> list[str]:
    """The columns of these names, written in words, in the order of the names."""
    wanted = {tuple(name.split()): rank for rank, name in reversed(list(enumerate(names)))}
    ranked = [(wanted[words_of(column)], place, column) for place, column in enumerate(columns) if words_of(column) in wanted]
    return [column for _, _, column in sorted(ranked)]


def column_called(columns: Iterable[str], wanted: str) -> str | None:
    """The column that a person means: of this name, else of its words."""
    listed = list(columns)
    return wanted if wanted in listed else next((column for column in listed if words_of(column) == words_of(wanted)), None)


def _from_csv(source: SourceText) -> Grid:
    delimiter = delimiter_of(next((line for line in source.lines if line.strip()), "")) or ","
    reader = csv.reader(io.StringIO(source.text, newline=""), delimiter=delimiter, skipinitialspace=True)
    records: list[tuple[int, list[str]]] = []
    try:
        for record in reader:
            cells = [cell.strip() for cell in record]
            if any(cells) and len(records) <= MOST_ROWS + 1:
                records.append((reader.line_num, [_plain(cell) for cell in cells] if delimiter == ";" else cells))
    except csv.Error as error:
        raise _unreadable(source.name, f"this is no CSV: {error}", reader.line_num) from error
    if not records or (len(records[0][1]) == 1 and number_of(records[0][1][0]) is not None):
        return Grid(source, (SINGLE,), tuple(Row(line, {SINGLE: cells[0]}) for line, cells in records))
    (_, header), *below = records
    columns = named(header)
    # pandas leaves the name of its index blank; that column numbers the rows.
    kept = {name for name, cell in zip(columns, header, strict=True) if cell}
    rows = tuple(
        Row(line, {name: cell for name, cell in zip(columns, cells, strict=False) if name in kept and not _is_blank(cell)}) for line, cells in below
    )
    grid = Grid(source, tuple(name for name in columns if name in kept), rows)
    return replace(grid, problems=tuple(_too_many(grid, len(header), below)))


def _too_many(grid: Grid, width: int, records: Sequence[tuple[int, list[str]]]) -> Iterator[Problem]:
    for line, cells in records:
        if any(cells[width:]):
            yield grid.problem(line, f"this row has {len(cells)} cells, and the header names {width}")


def _plain(cell: str) -> str:
    match = _DECIMAL_COMMA.fullmatch(cell)
    return f"{match[1]}.{match[2]}" if match else cell


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip().lower() in _BLANKS


def _records_of(path: str, root: Node) -> Sequence[Node]:
    if isinstance(root, SequenceNode):
        return root.items
    if isinstance(root, MappingNode):
        if root.pairs and all(isinstance(node, ScalarNode) for _, node in root.pairs):
            # Scores by seed: {"0": 0.912, "1": 0.915}
            return [root]
        for _, node in root.pairs:
            # One name, such as `trials`, may stand above them all.
            if isinstance(node, SequenceNode) and node.items and all(isinstance(item, MappingNode) for item in node.items):
                return node.items
    raise _unreadable(path, "this is no list of records")


def _records_of_lines(source: SourceText) -> Iterator[Node]:
    for number, line in enumerate(source.lines, start=1):
        if line.strip():
            yield _tree(source.name, line, number)


def _tree(path: str, text: str, line: int = 0) -> Node:
    """A text of JSON; one of several in a file is a line, which it is placed at."""
    read = read_json(text.encode(), path)
    if read.document is None:
        problem = read.problems[0]
        raise UnreadableError(replace(problem, line=line) if line else problem)
    root = read.document.root
    return replace(root, line=line) if line else root


def _from_records(source: SourceText, records: Sequence[Node]) -> Grid:
    if len(records) == 1 and isinstance(records[0], MappingNode) and all(key.text.isdigit() for key, _ in records[0].pairs):
        seeds = [(key, node) for key, node in records[0].pairs if isinstance(node, ScalarNode)]
        return Grid(source, ("seed", SINGLE), tuple(Row(key.line, {"seed": key.text, SINGLE: node.text}) for key, node in seeds))
    if all(isinstance(record, ScalarNode) for record in records):
        return Grid(source, (SINGLE,), tuple(Row(record.line, {SINGLE: record.text}) for record in records if isinstance(record, ScalarNode)))
    odd = next((record for record in records if not isinstance(record, MappingNode)), None)
    if odd is not None:
        raise _unreadable(source.name, "each row must be a mapping of names to values", odd.line)
    rows = tuple(Row(record.line, {name: cell for name, cell in settings_of(record) if not _is_blank(cell)}) for record in records)
    return Grid(source, tuple(dict.fromkeys(name for row in rows for name in row.cells)), rows)


def _unreadable(path: str, message: str, line: int = 0) -> UnreadableError:
    return UnreadableError(Problem(path, line, 1 if line else 0, message, ""))
