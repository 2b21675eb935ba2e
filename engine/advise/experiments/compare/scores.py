"""Final scores out of a table of runs: which column is the metric, which the seed, and what each run scored."""

from __future__ import annotations

import math
from collections.abc import Sequence

from advise.documents.problems import Problem, nearest
from advise.errors import ScoresError
from advise.experiments.compare.sample import Score
from advise.experiments.tables import SINGLE, Cell, Grid, called, column_called, number_of
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.comparison import ComparisonSpec
from advise.runlog.series.columns import ColumnReader
from advise.runlog.words import words_of
from advise.terms import Direction
from advise.untrusted import shorten

MOST_SCORES = 10_000
# Beyond this, squares and their ratios are no longer floats.
_LARGEST = 1e100
_LISTED = 12


def is_table_of_runs(grid: Grid, base: KnowledgeBase, spec: ComparisonSpec) -> bool:
    """Whether a row is a run, and not a step of one: each names another run or seed, or nothing numbers the rows as steps."""
    if any(_tells_apart(grid, column) for column in called(grid.columns, (*spec.seeds, *spec.runs))):
        return True
    reader = ColumnReader(base.roles)
    return all(reader.axis(axis, grid.columns) is None for axis in base.roles.axes)


def scores_of(grid: Grid, metric: str | None, base: KnowledgeBase, spec: ComparisonSpec) -> tuple[str | None, tuple[Score, ...]]:
    """The metric and the score of each run.

    Args:
        grid: A table of runs.
        metric: The column that decides; None to find it.
        base: What is known of the names of columns.
        spec: What is known of tables of runs.

    Returns:
        The name of the column, None where it has none; and the scores.

    Raises:
        ScoresError: There is no such column, or a score is no finite number; every problem is listed.
    """
    column = _metric_column(grid, metric, base, spec)
    if grid.problems:
        raise ScoresError(grid.problems[:_LISTED])
    seed = next(iter(called(grid.columns, spec.seeds)), None)
    scores, problems = [], []
    for row in grid.rows:
        score = number(row.cells.get(column, ""))
        if isinstance(score, float):
            scores.append(Score(score, grid.source.name, row.line, str(row.cells[seed]) if seed is not None and seed in row.cells else None))
        else:
            problems.append(grid.problem(row.line, f"{f'`{column}` ' if column else ''}{score}", str(row.cells.get(column, ""))))
    if problems:
        raise ScoresError(problems[:_LISTED])
    return column or None, tuple(scores)


def number(cell: Cell) -> float | str:
    """A score, or what is wrong with it."""
    if cell == "":
        return "has no value in this run: leave the run out on both sides for a reason known beforehand, or count it as what it scored"
    value = number_of(cell)
    if value is None:
        return f"is no number: {shorten(str(cell))}"
    if not math.isfinite(value):
        return "is not finite: a run that failed is no score; say on both sides how failed runs are counted, and leave them out there"
    if abs(value) > _LARGEST:
        return f"is beyond any metric: {shorten(str(cell))}"
    return value


def direction_of(metric: str, base: KnowledgeBase, spec: ComparisonSpec) -> Direction | None:
    """Whether more is better of a metric of this name, where the name tells."""
    reader = ColumnReader(base.roles)
    meanings = [*reader.meanings([metric]), *reader.meanings([without_ends(metric, spec)])]
    return next((meaning.direction for meaning in meanings if meaning.direction), None)


def without_ends(metric: str, spec: ComparisonSpec) -> str:
    """The name without the words that only say that it is the final score: `final_val_loss` is `val loss`."""
    return " ".join(word for word in words_of(metric) if word not in spec.ends)


def _metric_column(grid: Grid, metric: str | None, base: KnowledgeBase, spec: ComparisonSpec) -> str:
    if SINGLE in grid.columns:
        return SINGLE
    if metric is not None:
        found = column_called(grid.columns, metric)
        if found is None:
            raise ScoresError([_no_column(grid, f"there is no column `{shorten(metric)}`", grid.columns, nearest(metric, grid.columns))])
        return found
    numeric = [column for column in grid.columns if column not in _labels(grid.columns, base, spec) and _is_numeric(grid, column)]
    if len(numeric) == 1:
        return numeric[0]
    deciding = _deciding(numeric, base, spec)
    if deciding is not None:
        return deciding
    message = "several columns could be the metric: name one with --metric" if numeric else "no column holds numbers, so there is no metric"
    raise ScoresError([_no_column(grid, message, numeric or grid.columns, None)])


def _labels(columns: Sequence[str], base: KnowledgeBase, spec: ComparisonSpec) -> set[str | None]:
    reader = ColumnReader(base.roles)
    # In a line of a log a single letter may count steps; in a table of runs it may be anybody's name for anything.
    axes = {reader.axis(axis, [column for column in columns if len(column) > 1]) for axis in base.roles.axes}
    return axes | set(called(columns, (*spec.seeds, *spec.runs)))


def _deciding(columns: Sequence[str], base: KnowledgeBase, spec: ComparisonSpec) -> str | None:
    """The one column that can decide, by the order of roles."""
    by_name: dict[str, list[str]] = {}
    for column in columns:
        by_name.setdefault(without_ends(column, spec), []).append(column)
    meanings = ColumnReader(base.roles).meanings(list(by_name))
    ranks = [[meaning for meaning in meanings if meaning.role == role] for role in spec.roles]
    # Of columns that name no split of the data, one that is known to be good or bad.
    ranks.append([meaning for meaning in meanings if meaning.direction])
    found = [column for meaning in next(filter(None, ranks), []) for column in by_name[meaning.column]]
    return found[0] if len(found) == 1 else None


def _tells_apart(grid: Grid, column: str) -> bool:
    names = [row.cells.get(column) for row in grid.rows]
    return len(set(names)) == len(names)


def _is_numeric(grid: Grid, column: str) -> bool:
    """Whether most cells are numbers: one that says `OOM` is a problem of that run, not of the column."""
    cells = [row.cells[column] for row in grid.rows if column in row.cells]
    return 2 * sum(number_of(cell) is not None for cell in cells) > len(cells)


def _no_column(grid: Grid, message: str, columns: Sequence[str], suggestion: str | None) -> Problem:
    more = f" and {len(columns) - _LISTED} more" if len(columns) > _LISTED else ""
    return grid.problem(1, message, accepted=", ".join(columns[:_LISTED]) + more, nearest=suggestion)
