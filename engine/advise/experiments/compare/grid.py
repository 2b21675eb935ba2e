"""A small table of runs as text: from CSV, JSON or JSON lines, each cell with its place."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from advise.documents.decode import JSON_BREAKS, MAX_BYTES, SourceText, decode
from advise.documents.json import read_json
from advise.documents.located import MappingNode, Node, ScalarNode, SequenceNode
from advise.documents.problems import Problem
from advise.errors import UnreadableError

_CSV_ENDINGS = (".csv", ".tsv", ".txt")
_JSON_ENDINGS = (".json",)
_LINES_ENDINGS = (".jsonl", ".ndjson")
_DELIMITERS = ("\t", ";", ",")
SINGLE = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: the text of each cell that is there, by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of runs.

    Attributes:
        source: The file, for pointing into it.
        columns: Their names; the one name `SINGLE` where there are only values.
        rows: In the order of the file; blank lines are left out.
    """

    source: SourceText
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def problem(self, line: int, message: str, text: str = "", *, accepted: str | None = None, nearest: str | None = None) -> Problem:
        """A problem in a line, at the text that is meant."""
        shown = self.source.lines[line - 1] if 0 < line <= len(self.source.lines) else ""
        column = max(0, shown.find(text)) + 1
        return Problem(self.source.name, line, column, message, shown, max(1, len(text)), accepted=accepted, nearest=nearest)


def read_grid(data: bytes, name: str) -> Grid | None:
    """Read a table.

    Args:
        data: The bytes of the file.
        name: How to call it; its ending tells the form.

    Returns:
        The table; None where the file is no table of one record a row, such as a training log in JSON.

    Raises:
        UnreadableError: It cannot be read as text.
    """
    ending = name.lower()
    if len(data) > MAX_BYTES:
        return None
    source = _decoded(data, name)
    if ending.endswith(_CSV_ENDINGS):
        return _from_csv(source)
    if ending.endswith(_LINES_ENDINGS):
        return _from_records(source, _records_of_lines(source))
    if ending.endswith(_JSON_ENDINGS):
        return _from_records(source, _records_of_json(data, name))
    return None


def _decoded(data: bytes, name: str) -> SourceText:
    try:
        return decode(data, name, JSON_BREAKS)
    except UnreadableError:
        # Spreadsheets on Chinese systems write GBK.
        try:
            return SourceText(name, data.decode("gb18030"), JSON_BREAKS)
        except UnicodeDecodeError:
            pass
        raise


def _from_csv(source: SourceText) -> Grid | None:
    lines = source.lines
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return Grid(source, (SINGLE,), ())
    delimiter = next((mark for mark in _DELIMITERS if mark in lines[first]), ",")
    reader = csv.reader(io.StringIO(source.text, newline=""), delimiter=delimiter, skipinitialspace=True)
    records: list[tuple[int, list[str]]] = []
    try:
        records.extend((reader.line_num, [cell.strip() for cell in record]) for record in reader if any(cell.strip() for cell in record))
    except csv.Error:
        return None
    if not records:
        return Grid(source, (SINGLE,), ())
    header = _distinct(records[0][1])
    if len(header) == 1 and is_number(header[0]):
        return Grid(source, (SINGLE,), tuple(Row(line, {SINGLE: cells[0]}) for line, cells in records))
    rows = tuple(Row(line, {name: cell for name, cell in zip(header, cells, strict=False) if cell}) for line, cells in records[1:])
    return Grid(source, tuple(header), rows)


def _distinct(names: list[str]) -> list[str]:
    """The names, a repeated one with its count, so that neither column hides the other."""
    return [name if names.index(name) == place else f"{name} ({names[: place + 1].count(name)})" for place, name in enumerate(names)]


def _records_of_json(data: bytes, name: str) -> list[Node] | None:
    document = read_json(data, name).document
    if document is None:
        return None
    root = document.root
    if isinstance(root, SequenceNode):
        return list(root.items)
    if isinstance(root, MappingNode) and root.pairs and all(isinstance(node, ScalarNode) for _, node in root.pairs):
        # Scores by seed: {"0": 0.912, "1": 0.915}
        return [root]
    return None


def _records_of_lines(source: SourceText) -> list[Node] | None:
    records: list[Node] = []
    for number, line in enumerate(source.lines, start=1):
        if not line.strip():
            continue
        document = read_json(line.encode(), source.name).document
        if document is None:
            return None
        records.append(_moved(document.root, number))
    return records


def _moved(node: Node, line: int) -> Node:
    """The record with its line in the whole file."""
    if isinstance(node, MappingNode):
        pairs = tuple((key, _moved(value, line)) for key, value in node.pairs)
        return MappingNode(line, node.column, node.width, pairs)
    if isinstance(node, ScalarNode):
        return ScalarNode(line, node.column, node.width, node.value, node.text, node.quoted)
    return node


def _from_records(source: SourceText, records: list[Node] | None) -> Grid | None:
    if records is None:
        return None
    if len(records) == 1 and isinstance(records[0], MappingNode):
        by_seed = tuple(_by_seed(records[0]))
        if by_seed:
            return Grid(source, ("seed", SINGLE), by_seed)
    if all(isinstance(record, ScalarNode) for record in records):
        return Grid(source, (SINGLE,), tuple(Row(record.line, {SINGLE: record.text}) for record in records if isinstance(record, ScalarNode)))
    if not all(isinstance(record, MappingNode) for record in records):
        return None
    rows = tuple(Row(record.line, _cells(record)) for record in records if isinstance(record, MappingNode))
    return Grid(source, tuple(dict.fromkeys(name for row in rows for name in row.cells)), rows)


def _by_seed(record: MappingNode) -> Iterator[Row]:
    """Rows of a mapping whose every name is a whole number: those are seeds."""
    if all(key.text.isdigit() for key, _ in record.pairs):
        for key, node in record.pairs:
            yield Row(key.line, {"seed": key.text, SINGLE: node.text if isinstance(node, ScalarNode) else ""})


def _cells(record: MappingNode) -> dict[str, str]:
    return {key.text: node.text for key, node in record.pairs if isinstance(node, ScalarNode) and node.value is not None}


def is_number(text: str) -> bool:
    """Whether a cell holds a number, NaN and infinities included."""
    if not text.isascii() or "_" in text:
        # What Python's own notation allows besides is no number to anyone else.
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True
