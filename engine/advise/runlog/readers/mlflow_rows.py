"""The rows of MLflow's databases, which hold logs and studies alike (mlflow/store/tracking/dbmodels/models.py)."""

from __future__ import annotations

import math
import sqlite3
import sys
from collections.abc import Iterable
from typing import NamedTuple

TABLES = frozenset({"experiments", "runs", "metrics", "params"})
# MLflow stores an infinity as the largest number there is; no other value is as large.
IS_FINITE = f"(NOT {{0}}.is_nan AND {{0}}.value BETWEEN -{sys.float_info.max / 2!r} AND {sys.float_info.max / 2!r})"
_OF_EXPERIMENT = " run_uuid IN (SELECT run_uuid FROM runs WHERE experiment_id = ?)"


class RunRow(NamedTuple):
    """A run that was not deleted."""

    id: str
    name: str
    experiment: str
    status: str


def runs_in(connection: sqlite3.Connection, most: int, experiment: int | None = None) -> list[RunRow]:
    """The newest runs that were not deleted, the newest last.

    Args:
        connection: Of the database.
        most: How many at most.
        experiment: The key of the experiment whose runs alone are meant.

    Raises:
        sqlite3.Error: They cannot be read.
    """
    only = "" if experiment is None else " AND experiment_id = ?"
    rows = connection.execute(
        "SELECT runs.run_uuid, runs.name, experiments.name, runs.status FROM runs LEFT JOIN experiments USING (experiment_id)"  # noqa: S608
        f" WHERE runs.lifecycle_stage = 'active'{only} ORDER BY runs.start_time DESC, runs.rowid DESC LIMIT ?",
        (most,) if experiment is None else (experiment, most),
    ).fetchall()
    return [RunRow(str(key), str(name or key), str(title or ""), str(status or "")) for key, name, title, status in reversed(rows)]


def params_in(connection: sqlite3.Connection, most: int, experiment: int | None = None) -> Iterable[tuple[str, str, str]]:
    """Run, name and value of each parameter, which MLflow writes as text; arguments as for the runs."""
    only = "" if experiment is None else f" WHERE{_OF_EXPERIMENT}"
    given = (most,) if experiment is None else (experiment, most)
    for run, name, value in connection.execute(f"SELECT run_uuid, key, value FROM params{only} LIMIT ?", given):  # noqa: S608
        yield str(run), str(name), str(value)


def metrics_in(connection: sqlite3.Connection, experiment: int) -> list[str]:
    """The names of the metrics of an experiment."""
    return [str(name) for (name,) in connection.execute(f"SELECT DISTINCT key FROM latest_metrics WHERE{_OF_EXPERIMENT}", (experiment,))]  # noqa: S608


def value_of(stored: float, is_nan: object) -> float:
    """The value of a metric as it was logged."""
    if is_nan:
        return math.nan
    return math.copysign(math.inf, stored) if abs(stored) == sys.float_info.max else float(stored)
