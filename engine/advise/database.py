"""SQLite databases that may come from anywhere, opened for reading only."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

from advise.errors import InputError

MAGIC = b"SQLite format 3\0"
# SQLite quotes a damaged schema in its messages, which Python then cannot decode.
FAULTS = (sqlite3.Error, UnicodeDecodeError)
MAX_BYTES = 2 * 1024**3
_MAX_TEXT = 4 * 1024**2
_UNITS_A_CALL, _MAX_CALLS = 100_000, 10_000
# A view or a generated column could otherwise compute for ever, or call what it likes.
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
_FUNCTIONS = frozenset({"max", "min"})

Refuse = Callable[[str, str], InputError]


@contextmanager
def opened(path: str, shown: str, refuse: Refuse) -> Iterator[sqlite3.Connection]:
    """Open a database; nothing is written, neither to it nor beside it, and no lock is taken.

    Whatever the database holds, a statement ends: after a billion of SQLite's instructions, with an error.

    Args:
        path: The file.
        shown: The same as the caller named it.
        refuse: Makes the error that is raised, of the file as it is shown and of what is wrong with it.

    Raises:
        InputError: It is not a database, or it cannot be read; also what goes wrong while it is used.
    """
    try:
        status = os.stat(path)
        location = quote(os.fsencode(os.path.abspath(path)))
    except (OSError, ValueError) as error:
        raise refuse(shown, f"the database cannot be opened: {error}") from error
    if not stat.S_ISREG(status.st_mode):
        raise refuse(shown, "this is not a file")
    if status.st_size > MAX_BYTES:
        raise refuse(shown, f"the database is larger than {MAX_BYTES // 1024**2} MB")
    try:
        connection = sqlite3.connect(f"file:{location}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise refuse(shown, f"the database cannot be opened: {error}") from error
    try:
        limit(connection)
        connection.set_authorizer(_authorized)
        yield connection
    except FAULTS as error:
        raise refuse(shown, f"the database cannot be read: {reason(error)}") from error
    finally:
        connection.close()


def limit(connection: sqlite3.Connection) -> None:
    """Bound what a connection to a database from anywhere can cost: how long a value is, and how long a statement runs.

    Args:
        connection: Newly opened; it may be one that writes.

    Raises:
        sqlite3.Error: It is not a database.
    """
    connection.text_factory = lambda written: written.decode("utf-8", "replace")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_TEXT)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    calls = 0

    def exhausted() -> bool:
        nonlocal calls
        calls += 1
        return calls > _MAX_CALLS

    connection.set_progress_handler(exhausted, _UNITS_A_CALL)


def _authorized(action: int, _: str | None, function: str | None, *__: str | None) -> int:
    is_allowed = action in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and function in _FUNCTIONS)
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


def reason(error: Exception) -> str:
    """What one of `FAULTS` says.

    Args:
        error: It.
    """
    return "its schema is malformed" if isinstance(error, UnicodeDecodeError) else str(error)


def whole(value: object) -> int:
    """What a column of whole numbers holds, since types in SQLite are only advice.

    Args:
        value: Of a row.

    Raises:
        sqlite3.DataError: It is something else.
    """
    if not isinstance(value, int):
        raise sqlite3.DataError(f"a whole number was expected, and there is {type(value).__name__}")
    return value


def number(value: object) -> float:
    """What a column of numbers holds.

    Args:
        value: Of a row.

    Raises:
        sqlite3.DataError: It is something else.
    """
    if not isinstance(value, int | float):
        raise sqlite3.DataError(f"a number was expected, and there is {type(value).__name__}")
    return float(value)


def tables_in(connection: sqlite3.Connection) -> frozenset[str]:
    """The names of the tables that hold rows of their own.

    Args:
        connection: Of the database.

    Raises:
        sqlite3.Error: It is not a database.
    """
    # Views and virtual tables have no root page.
    return frozenset(str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"))


def columns_in(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    """The names of a table's columns.

    Args:
        connection: Of the database.
        table: A name that is no input.

    Raises:
        sqlite3.Error: There is no such table.
    """
    return frozenset(name for name, *_ in connection.execute(f"SELECT * FROM {table} LIMIT 0").description)  # noqa: S608 - a name of ours


def is_database(path: str) -> bool:
    """Whether a file is an SQLite database.

    Raises:
        OSError: It cannot be read.
    """
    with open(path, "rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def has_unwritten(path: str) -> bool:
    """Whether a journal beside the database holds what is not in the database yet.

    Args:
        path: The database.
    """
    return any(os.path.isfile(path + suffix) and os.path.getsize(path + suffix) > 0 for suffix in ("-wal", "-journal"))
