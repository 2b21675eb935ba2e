"""The results of a fleet on disk: what was judged is not judged again, whatever ended the last attempt.

Rows are JSON, compressed. They are keyed by what the run was read from and by the knowledge it was judged with, so that they cannot be stale. Each
invocation lists which of them make up its fleet.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from advise.database import FAULTS, limit, reason
from advise.errors import OutputError
from advise.experiments.fleet.row import Row
from advise.experiments.fleet.seen import Known

_TABLES = """
CREATE TABLE IF NOT EXISTS rows (key TEXT NOT NULL, place INTEGER NOT NULL, row BLOB NOT NULL, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, size INTEGER, changed INTEGER, inode INTEGER, log INTEGER, digest TEXT) WITHOUT ROWID;
CREATE TEMP TABLE fleet (place INTEGER PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL);
"""
_MAGIC = 0x61647666
_LEVEL = 1
_MOST_UNPACKED = 4 * 1024**2


class Store:
    """The database; one process writes to it.

    Args:
        path: Where it lies, or will; None to keep everything in memory.

    Raises:
        OutputError: It cannot be written, or is something else.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            is_new = path is None or not os.path.exists(path) or os.path.getsize(path) == 0
            self._connection = sqlite3.connect(":memory:" if path is None else path)
            limit(self._connection)
            self._connection.set_progress_handler(None, 0)
            found = self._connection.execute("PRAGMA application_id").fetchone()[0]
            if not is_new and found != _MAGIC:
                raise OutputError(f"{path}: this is no store of a fleet; nothing was written")
            self._connection.execute(f"PRAGMA application_id = {_MAGIC}")
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(_TABLES)
        except (OSError, *FAULTS) as error:
            raise self._refused(error) from error

    def _refused(self, error: Exception) -> OutputError:
        said = error.strerror if isinstance(error, OSError) else reason(error)
        return OutputError(f"{self._path}: the store of the fleet cannot be used: {said}")

    def known_files(self) -> dict[str, Known]:
        """What an earlier time found out of files."""
        rows = self._connection.execute("SELECT path, size, changed, inode, log, digest FROM files")
        return {
            os.fsdecode(path): Known((size, changed, inode), None if log is None else bool(log), digest)
            for path, size, changed, inode, log, digest in rows
        }

    def put_files(self, files: Mapping[str, Known]) -> None:
        """Remember what was found out of files.

        Args:
            files: By path.

        Raises:
            OutputError: It cannot be written.
        """
        rows = [(os.fsencode(path), *known.stamp, known.log, known.digest) for path, known in files.items()]
        self._write("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", rows)

    def is_done(self, key: str) -> bool:
        """Whether the rows of a job are there."""
        return self._connection.execute("SELECT 1 FROM rows WHERE key = ? LIMIT 1", (key,)).fetchone() is not None

    def put(self, judged: Iterable[tuple[str, Sequence[Row]]]) -> None:
        """Keep the rows of jobs, each job's all or none.

        Args:
            judged: By key.

        Raises:
            OutputError: They cannot be written.
        """
        rows = [(key, place, _packed(row)) for key, held in judged for place, row in enumerate(held)]
        self._write("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", rows)

    def clear(self) -> None:
        """Drop everything, so that it is judged anew.

        Raises:
            OutputError: It cannot be written.
        """
        self._write("DELETE FROM rows", [()])
        self._write("DELETE FROM files", [()])

    def list(self, jobs: Iterable[tuple[str, str, str]]) -> None:
        """Say which jobs make up the fleet.

        Args:
            jobs: Key, name and path of each, in the order in which they are shown.
        """
        self._connection.execute("DELETE FROM fleet")
        self._write("INSERT INTO fleet (key, name, path) VALUES (?, ?, ?)", ((key, _text(name), _text(path)) for key, name, path in jobs))

    def rows(self) -> Iterator[Row]:
        """The rows of the fleet, one after the other; what is not judged yet is left out.

        Raises:
            OutputError: The database is damaged.
        """
        query = """SELECT fleet.name, fleet.path, rows.row, (SELECT COUNT(*) FROM rows AS others WHERE others.key = fleet.key), rows.key
        FROM fleet JOIN rows ON rows.key = fleet.key ORDER BY fleet.place, rows.place"""
        try:
            for name, path, packed, count, key in self._connection.execute(query):
                yield _unpacked(packed, name if count == 1 else None, path, key)
        except (ValueError, TypeError, zlib.error, *FAULTS) as error:
            raise OutputError(f"{self._path}: the store of the fleet is damaged; delete it to judge the runs anew") from error

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT COUNT(*) FROM fleet JOIN rows ON rows.key = fleet.key").fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        try:
            with self._connection:
                self._connection.executemany(statement, rows)
        except FAULTS as error:
            raise self._refused(error) from error


def _text(name: str) -> str:
    # A name that is not UTF-8 is kept by its bytes, written as escapes.
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _packed(row: Row) -> bytes:
    return zlib.compress(json.dumps(row.as_record(), ensure_ascii=True, separators=(",", ":"), allow_nan=True).encode(), _LEVEL)


def _unpacked(packed: bytes, name: str | None, path: str, key: str) -> Row:
    opened = zlib.decompressobj()
    record = json.loads(opened.decompress(packed, _MOST_UNPACKED))
    record["content"] = key
    # The same files may lie in several places: each has its own name.
    return Row.of_record(record if name is None else {**record, "run": name, "path": path})
