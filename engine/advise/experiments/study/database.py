"""Opening an SQLite database that anybody may have written: read-only, bounded, and never more than asked."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from advise.experiments.study.refusal import refused

MAGIC = b"SQLite format 3\x00"
_MOST_STEPS = 2_000_000_000
_STEPS_BETWEEN_LOOKS = 10_000_000


def is_database(path: str) -> bool:
    """Whether a file is an SQLite database."""
    with open(path, "rb") as file:
        return file.read(len(MAGIC)) == MAGIC


@contextlib.contextmanager
def opened(path: str) -> Iterator[sqlite3.Connection]:
    """A connection that can only read.

    Raises:
        StudyError: It is no database, or it is damaged; also what goes wrong while it is used.
    """
    try:
        connection = sqlite3.connect(f"file:{quote(str(Path(path).resolve()))}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise refused(path, f"the database cannot be opened: {error}") from error
    budget = iter(range(_MOST_STEPS // _STEPS_BETWEEN_LOOKS))
    connection.set_progress_handler(lambda: next(budget, None) is None, _STEPS_BETWEEN_LOOKS)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection
    except sqlite3.OperationalError as error:
        hint = (
            "it is in use by a writer, or takes too long"
            if "lock" in str(error) or "interrupt" in str(error)
            else "it has not the tables that are expected"
        )
        raise refused(path, f"the database cannot be read: {error}", accepted=f"an Optuna or MLflow database; {hint}") from error
    except sqlite3.DatabaseError as error:
        raise refused(path, f"the database is damaged: {error}") from error
    finally:
        connection.close()


def tables_of(connection: sqlite3.Connection) -> frozenset[str]:
    """The names of its tables."""
    return frozenset(str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))


def columns_of(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    """The names of a table's columns."""
    return frozenset(str(name) for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,)))
