"""Opening the database behind a ledger: a SQLite file, or PostgreSQL by its URL."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from advise.database import FAULTS, has_unwritten, limit, reason
from advise.errors import LedgerError
from advise.untrusted import said

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

_BUSY_SECONDS = 20.0
_PAUSE_SECONDS = 0.02
_KINDS = ("sqlite", "postgresql")
_WRITES = "advise_writes"
# Any number that nobody else takes: the letters of "advise".
_LOCK = int.from_bytes(b"advise", "big")


class Database:
    """A database that may hold a ledger.

    Args:
        place: The path of a SQLite file, or a URL.
        create: Whether a SQLite file that is not there is made.

    Raises:
        LedgerError: SQLAlchemy or a driver is missing, the URL is none, or the file is not there.
    """

    def __init__(self, place: str, *, create: bool) -> None:
        try:
            import sqlalchemy
        except ImportError as error:
            raise LedgerError("the ledger of rounds needs SQLAlchemy: pip install 'playbook-advisor[study]'") from error
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError

        try:
            url = sqlalchemy.make_url(place if "://" in place else f"sqlite:///{place}")
        except ArgumentError as error:
            raise LedgerError(f"`{place}` is neither a path nor a URL of a database") from error
        self.name = place if "://" not in place else url.difference_update_query(["password"]).render_as_string(hide_password=True)
        self.is_file = url.get_backend_name() == "sqlite"
        if url.get_backend_name() not in _KINDS:
            raise LedgerError(f"{self.name}: a ledger lies in a SQLite file or in PostgreSQL (postgresql://user@host/database)")
        if self.is_file:
            self._check_file(url.database, create=create)
            if not create and url.database is not None and not url.query:
                url = _readable(url, url.database)
        if url.drivername == "postgresql":
            # Which driver a bare name stands for differs between releases of SQLAlchemy.
            url = url.set(drivername="postgresql+psycopg")
        try:
            self._engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.pool.NullPool)
        except (ImportError, NoSuchModuleError) as error:
            raise LedgerError(f"{self.name}: the driver of this database is not installed: pip install 'playbook-advisor[postgresql]'") from error
        (_behave if self.is_file else _take_turns)(self._engine)

    @contextlib.contextmanager
    def transaction(self, *, writes: bool) -> Iterator[Connection]:
        """A transaction: everything in it, or nothing. A writer waits until it is alone.

        Raises:
            LedgerError: The database refuses, cannot be reached, is locked for too long, or is no database.
        """
        from sqlalchemy.exc import SQLAlchemyError

        try:
            with self._engine.connect().execution_options(**{_WRITES: writes}) as connection, connection.begin():
                yield connection
        except (SQLAlchemyError, *FAULTS) as error:
            raise LedgerError(f"{self.name}: {_reason(error)}") from error

    def log_ahead(self) -> None:
        """Let readers and a writer not wait for each other; a SQLite file keeps that for good.

        Raises:
            LedgerError: The file cannot be written, or is locked for too long.
        """
        from sqlalchemy.exc import SQLAlchemyError

        if not self.is_file:
            return
        try:
            connection = self._engine.raw_connection()
            try:
                _log_ahead(connection.cursor())
            finally:
                connection.close()
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise LedgerError(f"{self.name}: {_reason(error)}") from error

    def _check_file(self, path: str | None, *, create: bool) -> None:
        if path is None or path in ("", ":memory:"):
            raise LedgerError(f"{self.name}: names no file, and a ledger that is not kept is none")
        if os.path.isdir(path):
            raise LedgerError(f"{self.name}: is a folder; name the file of the ledger in it, such as {os.path.join(path, 'ledger.db')}")
        if os.path.exists(path):
            return
        if not create:
            raise LedgerError(f"{self.name}: there is no ledger; `advise round start` makes one")
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(f"{self.name}: its folder cannot be made: {error.strerror}") from error


def _readable(url: URL, path: str) -> URL:
    """How a ledger is opened where nothing can be written beside it: SQLite wants to, even for reading, unless it is told that nobody writes."""
    if os.access(os.path.dirname(os.path.abspath(path)), os.W_OK):
        return url
    # What lies in a journal is read from there, for which SQLite finds its index beside it or says that it does not.
    alone = {} if has_unwritten(path) else {"immutable": "1"}
    return url.set(database=f"file:{quote(os.fsencode(os.path.abspath(path)))}", query={"mode": "ro", "uri": "true", **alone})


def _behave(engine: Engine) -> None:
    """SQLite so that a writer waits for another, and a commit is on the disk."""
    from sqlalchemy import event

    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: object) -> None:
        # The driver must not begin transactions on its own: it would not do so before statements that make tables.
        connection.isolation_level = None
        limit(connection)
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {round(1000 * _BUSY_SECONDS)}")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # Immediate: of two writers one waits here, rather than failing when it turns from reading to writing.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")


def _take_turns(engine: Engine) -> None:
    """PostgreSQL so that one writer of a ledger waits for another, also while the tables are made."""
    from sqlalchemy import event

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITES):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _log_ahead(cursor: Any) -> None:
    """Write ahead to a log; unlike a transaction this switch does not heed the busy timeout."""
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    end = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _reason(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return said(reason(cause) if isinstance(cause, UnicodeDecodeError) else str(cause))
