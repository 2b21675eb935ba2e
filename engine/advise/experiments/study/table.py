"""Reading trials from a table: a row a trial, in CSV, JSON or JSON lines."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from advise.documents.decode import JSON_BREAKS, SourceText, decode
from advise.documents.json import read_json
from advise.documents.located import MappingNode, Node, SequenceNode
from advise.documents.settings import settings_of
from advise.errors import UnreadableError
from advise.experiments.study.columns import Choice, objective_column, parameters_among, state_column
from advise.experiments.study.record import MOST_PARAMETERS, MOST_TRIALS, Setting, State, Trial, Trials
from advise.experiments.study.refusal import refused
from advise.experiments.study.values import setting_of
from advise.knowledge.base import KnowledgeBase

ENDINGS = (".csv", ".tsv", ".json", ".jsonl", ".ndjson")
_MOST_BYTES = 64 * 1024**2
_DELIMITERS = ("\t", ";", ",")
_BLANKS = frozenset({"", "null", "none", "na", "n/a", "-"})


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, Setting]


def read_table(path: str, choice: Choice, base: KnowledgeBase) -> Trials:
    """The trials of a table.

    Args:
        path: The file; its ending tells the form.
        choice: What the caller says of the objective.
        base: What is known of the names of columns.

    Raises:
        StudyError: It is no table, it has no objective, or a cell of the objective is no number.
    """
    rows = list(_rows(path))
    if len(rows) > MOST_TRIALS:
        raise refused(path, f"the table has more than {MOST_TRIALS} rows, which is the limit")
    if not rows:
        raise refused(path, "the table holds no trial: a header and a row for each trial are needed")
    columns = list(dict.fromkeys(name for row in rows for name in row.cells))
    decided = objective_column(path, columns, choice, base)
    parameters = parameters_among(columns, decided.column, base)
    if len(parameters) > MOST_PARAMETERS:
        raise refused(
            path,
            f"{len(parameters)} columns could be hyperparameters, and {MOST_PARAMETERS} is the limit",
            accepted=f"`{base.study.columns.settings[0]}` in front of those that are",
        )
    state = state_column(columns, base)
    trials = tuple(_trial(path, index, row, decided.column, parameters, state, base) for index, row in enumerate(rows))
    return Trials(path, Path(path).stem, decided.column, decided.direction, trials)


def _trial(path: str, index: int, row: _Row, objective: str, parameters: Mapping[str, str], state: str | None, base: KnowledgeBase) -> Trial:
    value = _number(path, row, objective)
    settings = {name: row.cells[column] for column, name in parameters.items() if column in row.cells}
    ended: State = "failed" if value is None else "finished"
    if state is not None and state in row.cells:
        said = str(row.cells[state])
        ended = base.study.columns.states.get(said.strip().lower().rpartition(".")[2], ended)
    if ended == "finished" and value is None:
        ended = "failed"
    return Trial(str(index), row.line, settings, value if ended == "finished" else None, ended, path)


def _number(path: str, row: _Row, objective: str) -> float | None:
    """The objective of a trial; None where it has none, or none that is finite."""
    cell = row.cells.get(objective)
    if isinstance(cell, str):
        try:
            cell = float(cell)
        except ValueError:
            raise refused(
                path,
                f"the objective `{objective}` is no number here: {str(cell)[:40]}",
                accepted="a number, nan, or nothing for a trial that failed",
                line=row.line,
            ) from None
    return None if cell is None or isinstance(cell, bool) or not math.isfinite(cell) else float(cell)


def _rows(path: str) -> Iterator[_Row]:
    with open(path, "rb") as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise refused(path, f"the table is larger than {_MOST_BYTES // 1024**2} MiB, which is the limit")
    ending = path.lower()
    if ending.endswith((".jsonl", ".ndjson")):
        return _from_lines(path, data)
    if ending.endswith(".json"):
        return _from_json(path, data)
    return _from_csv(_text(path, data))


def _text(path: str, data: bytes) -> SourceText:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030"):
        try:
            return SourceText(path, data.decode(encoding), JSON_BREAKS)
        except UnicodeDecodeError:
            continue
    try:
        return decode(data, path, JSON_BREAKS)
    except UnreadableError as refusal:
        raise refused(path, refusal.problem.message, line=refusal.problem.line) from refusal


def _from_csv(source: SourceText) -> Iterator[_Row]:
    first = next((line for line in source.text.splitlines() if line.strip()), "")
    delimiter = next((mark for mark in _DELIMITERS if mark in first), ",")
    reader = csv.reader(io.StringIO(source.text, newline=""), delimiter=delimiter, skipinitialspace=True)
    header: list[str] | None = None
    try:
        for record in reader:
            if not any(cell.strip() for cell in record):
                continue
            if header is None:
                header = _header(source.name, reader.line_num, record)
                continue
            if len(record) > len(header):
                raise refused(source.name, f"this row has {len(record)} cells, and the header names {len(header)}", line=reader.line_num)
            cells = {name: cell.strip() for name, cell in zip(header, record, strict=False)}
            yield _Row(reader.line_num, {name: setting_of(cell) for name, cell in cells.items() if name and cell.lower() not in _BLANKS})
    except csv.Error as error:
        raise refused(source.name, f"this is no CSV: {error}", line=reader.line_num) from error


def _header(path: str, line: int, record: Sequence[str]) -> list[str]:
    header = [cell.strip() for cell in record]
    twice = [name for index, name in enumerate(header) if name and name in header[:index]]
    if twice:
        raise refused(path, f"two columns are called `{twice[0]}`", line=line)
    return header


def _from_json(path: str, data: bytes) -> Iterator[_Row]:
    document = _document(path, data)
    records: Sequence[Node] = document.items if isinstance(document, SequenceNode) else ()
    if isinstance(document, MappingNode):
        # A table by columns is none of these; a list under one name, such as `trials`, is.
        records = next((node.items for _, node in document.pairs if isinstance(node, SequenceNode)), ())
    for record in records:
        yield _record(path, record, record.line)


def _from_lines(path: str, data: bytes) -> Iterator[_Row]:
    for index, line in enumerate(data.splitlines(), start=1):
        if line.strip():
            yield _record(path, _document(path, line, index), index)


def _record(path: str, node: Node, line: int) -> _Row:
    if not isinstance(node, MappingNode):
        raise refused(path, "each trial must be a mapping of names to values", line=line)
    return _Row(line, dict(settings_of(node)))


def _document(path: str, data: bytes, line: int = 0) -> Node:
    read = read_json(data, path)
    if read.document is None:
        problem = read.problems[0]
        raise refused(path, problem.message, line=line or problem.line)
    return read.document.root
