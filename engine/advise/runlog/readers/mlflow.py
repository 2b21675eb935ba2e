"""MLflow databases: the metrics and parameters of each run."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from advise.database import FAULTS, MAGIC, has_unwritten, opened, reason, tables_in
from advise.documents.scalars import resolve
from advise.runlog.readers.limits import MAX_COLUMNS, MAX_NAME_CHARACTERS, MAX_RECORDS
from advise.runlog.readers.mlflow_rows import TABLES, params_in, runs_in, value_of
from advise.runlog.readers.refusal import unreadable
from advise.runlog.readers.scalars import Scalars
from advise.runlog.readers.table import Remark, Setting, Table

MAX_RUNS = 1_000
# How the state of a run is called among its settings.
STATUS = "mlflow run status"
_MAX_SETTING_CHARACTERS = 1_000
_OPTUNA = frozenset({"studies", "trials"})


def sniff(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a database; `read` says if it is not one of MLflow."""
    return head.startswith(MAGIC)


def read(path: str, shown: str) -> tuple[Table, ...]:
    """Read the runs of a database that were not deleted.

    Args:
        path: The file.
        shown: The same as the caller named it.

    Returns:
        A table for each run that has metrics, the newest last. Its records are steps; `step` and `wall_time` (seconds since 1970) say when
        they were logged; its settings are the parameters.

    Raises:
        LogError: Nothing in it can be read, or it is no database of MLflow's.
    """
    with opened(path, shown, unreadable) as connection:
        check_kind(tables_in(connection), shown)
        runs = _runs(connection)
        remarks = _scalars(connection, runs, shown)
        if has_unwritten(path):
            remarks.append(Remark("database_in_use", shown, {}))
        try:
            _params(connection, runs)
        except FAULTS as error:
            remarks.append(_damaged(shown, error))
    logged = [run for run in runs.values() if len(run.scalars)]
    if not logged:
        errors = [f"; it cannot be read: {remark.values['error']}" for remark in remarks if "error" in remark.values]
        raise unreadable(shown, "no run in the database has metrics" + "".join(errors[:1]))
    if len(logged) < len(runs):
        remarks.append(Remark("runs_without_metrics", shown, {"count": len(runs) - len(logged)}))
    return _tables(logged, shown, remarks)


def check_kind(tables: frozenset[str], shown: str) -> None:
    """See that a database is one of MLflow's.

    Args:
        tables: The names of its tables.
        shown: The file as the caller named it.

    Raises:
        LogError: It is not.
    """
    if tables >= TABLES:
        return
    if tables >= _OPTUNA:
        raise unreadable(shown, f"this is a database of Optuna: it holds a study, not the log of a run; see `advise study {shown}`")
    raise unreadable(shown, "this is a database of neither MLflow nor Optuna", "a database with the tables " + ", ".join(sorted(TABLES)))


@dataclass(slots=True)
class _Run:
    """A run of a database."""

    id: str
    name: str
    experiment: str
    status: str
    scalars: Scalars = field(default_factory=Scalars)
    settings: dict[str, Setting] = field(default_factory=dict)


def _runs(connection: sqlite3.Connection) -> dict[str, _Run]:
    """By id, the runs that were not deleted, the newest last."""
    found = [_Run(row.id, _short(row.name), _short(row.experiment), _short(row.status)) for row in runs_in(connection, MAX_RUNS)]
    return {run.id: run for run in found}


def _scalars(connection: sqlite3.Connection, runs: dict[str, _Run], shown: str) -> list[Remark]:
    """Hand the metrics to their runs, in the order in which they were logged; what could not be read."""
    rows = connection.execute("SELECT run_uuid, key, value, timestamp, step, is_nan FROM metrics ORDER BY rowid LIMIT ?", (MAX_RECORDS,))
    broken, number = 0, 0
    try:
        for number, (owner, key, value, timestamp, step, is_nan) in enumerate(rows, 1):
            run = runs.get(owner)
            if run is None:
                continue
            if isinstance(value, int | float) and isinstance(step, int) and isinstance(timestamp, int | float):
                run.scalars.add(str(key), step, timestamp / 1000, value_of(value, is_nan), number)
            else:
                broken += 1
    except FAULTS as error:
        return [_damaged(shown, error)]
    return [Remark("values_broken", shown, {"count": broken})] if broken else []


def _params(connection: sqlite3.Connection, runs: dict[str, _Run]) -> None:
    for owner, key, value in params_in(connection, MAX_RECORDS):
        run = runs.get(owner)
        if run is not None and len(run.settings) < MAX_COLUMNS:
            put_setting(run.settings, key, value)


def put_setting(settings: dict[str, Setting], name: str, written: str) -> None:
    """Keep a parameter, which MLflow writes as text.

    Args:
        settings: Where it is kept.
        name: Its name.
        written: Its value as Python's `str` wrote it.
    """
    value = resolve(written.strip()[:_MAX_SETTING_CHARACTERS])
    if value is not None and value != "None" and len(name) <= MAX_NAME_CHARACTERS:
        settings[name] = value


def _tables(runs: list[_Run], shown: str, remarks: list[Remark]) -> tuple[Table, ...]:
    """A table for each run; what concerns the whole file stands with the last."""
    several = len({run.experiment for run in runs}) > 1
    names = [f"{run.experiment}/{run.name}" if several else run.name for run in runs]
    times = Counter(names)
    tables = []
    for run, name in zip(runs, names, strict=True):
        unique = f"{name} ({_short(run.id)[:8]})" if times[name] > 1 else name
        own = [*ended(run.status, shown), *(remarks if run is runs[-1] else [])]
        tables.append(run.scalars.table(shown, "mlflow", {**run.settings, **said_of(run.status)}, own, unique))
    return tuple(tables)


def said_of(status: str) -> dict[str, Setting]:
    """MLflow's status of a run, as what the store states of it.

    Args:
        status: Such as `FINISHED`; empty where it is not known.
    """
    return {STATUS: status.lower()} if status else {}


def ended(status: str, shown: str) -> Iterator[Remark]:
    """What MLflow's status of a run says of its end.

    Args:
        status: Such as `FINISHED`.
        shown: The file as the caller named it.
    """
    if status in ("FAILED", "KILLED"):
        yield Remark("run_failed", shown, {"status": status})
    elif status == "RUNNING":
        yield Remark("no_end", shown, {})


def _damaged(shown: str, error: Exception) -> Remark:
    return Remark("database_damaged", shown, {"error": reason(error)})


def _short(text: object) -> str:
    return str(text)[:MAX_NAME_CHARACTERS]
