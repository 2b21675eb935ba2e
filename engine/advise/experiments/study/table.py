"""Reading trials from a table: a row a trial, in CSV, JSON or JSON lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from advise.errors import StudyError, UnreadableError
from advise.experiments.study.columns import Choice, objective_column, parameters_among, state_column
from advise.experiments.study.record import MOST_PARAMETERS, State, Trial, Trials
from advise.experiments.study.refusal import refused
from advise.experiments.study.values import is_finite, setting_of
from advise.experiments.tables import SINGLE, Grid, Row, number_of, read_grid
from advise.knowledge.base import KnowledgeBase
from advise.untrusted import shorten

_MOST_BYTES = 64 * 1024**2
_SHOWN = 40


def read_table(path: str, choice: Choice, base: KnowledgeBase) -> Trials:
    """The trials of a table.

    Args:
        path: The file; its ending tells the form.
        choice: What the caller says of the objective.
        base: What is known of the names of columns.

    Raises:
        StudyError: It is no table, it has no objective, or a cell of the objective is no number.
    """
    grid = _grid(path)
    rows = grid.rows
    if not rows:
        raise refused(path, "the table holds no trial: a header and a row for each trial are needed")
    if SINGLE in grid.columns:
        raise refused(path, "each trial must be a mapping of names to values", line=rows[0].line)
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
    return Trials(path, Path(path).stem, decided.column, decided.direction, trials, remarks=grid.remarks)


def _grid(path: str) -> Grid:
    try:
        grid = read_grid(path, _MOST_BYTES)
    except UnreadableError as refusal:
        raise StudyError([refusal.problem]) from refusal
    if grid.problems:
        raise StudyError(grid.problems)
    return grid


def _trial(path: str, index: int, row: Row, objective: str, parameters: Mapping[str, str], state: str | None, base: KnowledgeBase) -> Trial:
    value = _number(path, row, objective)
    settings = {name: setting_of(row.cells[column]) for column, name in parameters.items() if column in row.cells}
    ended: State = "failed" if value is None else "finished"
    if state is not None and state in row.cells:
        said = str(row.cells[state])
        ended = base.study.columns.states.get(said.strip().lower().rpartition(".")[2], ended)
    if ended == "finished" and value is None:
        ended = "failed"
    return Trial(str(index), row.line, settings, value if ended == "finished" else None, ended, path)


def _number(path: str, row: Row, objective: str) -> float | None:
    """The objective of a trial; None where it has none, or none that is finite."""
    cell = row.cells.get(objective)
    value = None if cell is None else number_of(cell)
    if isinstance(cell, str) and value is None:
        message = f"the objective `{objective}` is no number here: {shorten(cell, _SHOWN)}"
        raise refused(path, message, accepted="a number, nan, or nothing for a trial that failed", line=row.line)
    return value if is_finite(value) else None
