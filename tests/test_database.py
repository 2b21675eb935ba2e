"""Databases from anywhere: read only what is asked, nothing computed, nothing written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from advise import database
from advise.database import columns_in, has_unwritten, is_database, number, opened, tables_in, whole
from advise.errors import InputError
from advise.experiments.study.refusal import refused

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"


@pytest.fixture
def path(tmp_path: Path) -> str:
    made = tmp_path / "a.db"
    with closing(sqlite3.connect(made)) as connection:
        connection.executescript("CREATE TABLE runs (id, score); INSERT INTO runs VALUES (1, 0.5), (2, 0.7);")
        connection.execute(f"CREATE VIEW trials AS {ENDLESS}")
    return str(made)


def test_what_is_stored_is_read_and_a_view_is_no_table(path: str) -> None:
    with opened(path, path, refused) as connection:
        assert tables_in(connection) == {"runs"}
        assert columns_in(connection, "runs") == {"id", "score"}
        assert connection.execute("SELECT max(score) FROM runs").fetchall() == [(0.7,)]
    assert is_database(path)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO runs VALUES (3, 1)",
        "SELECT * FROM trials",
        "SELECT load_extension('x')",
        "SELECT hex(zeroblob(10))",
        "ATTACH 'b.db' AS b",
        "PRAGMA table_info(runs)",
    ],
)
def test_what_is_more_than_reading_is_refused(statement: str, path: str) -> None:
    with pytest.raises(InputError, match="cannot be read"), opened(path, path, refused) as connection:
        connection.execute(statement).fetchall()


def test_no_statement_goes_on_for_ever(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_MAX_CALLS", 3)
    many = ", ".join(f"runs AS r{number}" for number in range(30))
    with pytest.raises(InputError, match="interrupted"), opened(path, path, refused) as connection:
        connection.execute(f"SELECT max(r0.score) FROM {many}").fetchall()  # noqa: S608 - names of the test


@pytest.mark.parametrize("content", [b"hello", b"SQLite format 3\0 but cut off"])
def test_what_is_no_database_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(content)
    with pytest.raises(InputError), opened(str(tmp_path / "a.db"), "a.db", refused) as connection:
        tables_in(connection)


def test_a_database_in_use_is_read_without_a_trace(path: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO runs VALUES (3, 0.9)")
        writer.commit()
        before = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
        with opened(path, path, refused) as connection:
            assert connection.execute("SELECT max(score) FROM runs").fetchall() == [(0.7,)]
        assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before
        assert has_unwritten(path)
    assert not has_unwritten(path)


def test_types_are_only_advice(path: str) -> None:
    with opened(path, path, refused) as connection:
        assert whole(connection.execute("SELECT max(id) FROM runs").fetchone()[0]) == 2
    for value in (None, "1", b"1", 1.5):
        with pytest.raises(InputError, match="a whole number was expected"), opened(path, path, refused):
            whole(value)
    for value in (None, "1", b"1"):
        with pytest.raises(InputError, match="a number was expected"), opened(path, path, refused):
            number(value)
