"""The ledger remembers what was put in, whole, and nothing else."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from advise.errors import LedgerError
from advise.experiments.ledger.record import Ending, Opening, Step
from advise.experiments.ledger.store import Ledger

CLIP = Step("tried", "clip", {"threshold": 1.3, "kind": "norm", "layers": [1, 2]})
OPENING = Opening("裁剪有用吗？", "clip.threshold", "spikes come from rare batches", "runs/exp7", (CLIP,))
ENDING = Ending("not_adopted", "0.912 against 0.913", "no fewer spikes", "continue", (Step("concluded", "keep_baseline", {}),))


@pytest.fixture
def any_ledger(any_place: str) -> Ledger:
    return Ledger(any_place, create=True)


def test_a_round_comes_back_as_it_went_in(any_ledger: Ledger, any_place: str) -> None:
    ledger = any_ledger
    started = ledger.start(OPENING)
    assert started == ledger.round(1)
    ended = ledger.end(1, ENDING)
    (read,) = Ledger(any_place).rounds()
    assert read == ended
    assert (read.opening, read.ending) == (OPENING, ENDING)
    assert read.ended is not None
    assert read.started <= read.ended
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", read.started)


def test_decisions_may_be_added_at_the_end(any_ledger: Ledger) -> None:
    any_ledger.start(OPENING)
    warmup = Step("tried", "warmup", {"longest": 4000})
    assert any_ledger.end(1, ENDING, (warmup,)).opening.tried == (CLIP, warmup)


def test_a_round_ends_once(any_ledger: Ledger) -> None:
    any_ledger.start(OPENING)
    any_ledger.end(1, ENDING)
    with pytest.raises(LedgerError, match="has ended already"):
        any_ledger.end(1, Ending("adopted"))
    assert any_ledger.round(1).status == "not_adopted"


def test_a_round_that_is_not_there_is_said(any_ledger: Ledger) -> None:
    for ask in (lambda: any_ledger.round(3), lambda: any_ledger.end(3, ENDING)):
        with pytest.raises(LedgerError, match="there is no round 3"):
            ask()


def test_a_question_is_needed_and_texts_are_bounded(any_ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="has a question"):
        any_ledger.start(Opening("  "))
    with pytest.raises(LedgerError, match="at most 20000 characters"):
        any_ledger.start(Opening("why?", study="x" * 20_001))
    assert any_ledger.rounds() == ()


def test_numbers_go_on_and_are_never_given_twice(any_ledger: Ledger, any_place: str, execute: Callable[[str, str], None]) -> None:
    assert [any_ledger.start(Opening(f"question {number}?")).number for number in (1, 2)] == [1, 2]
    execute(any_place, "DELETE FROM advise_rounds WHERE number = 2")
    assert any_ledger.start(Opening("a third?")).number == 3


def test_looking_at_a_ledger_that_is_not_there_makes_none(place: str) -> None:
    with pytest.raises(LedgerError, match="there is no ledger"):
        Ledger(place)
    assert not Path(place).parent.exists()


def test_an_empty_file_becomes_a_ledger_only_when_a_round_starts(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    with pytest.raises(LedgerError, match="there is no ledger"):
        Ledger(str(path))
    assert path.stat().st_size == 0
    Ledger(str(path), create=True).start(OPENING)
    assert len(Ledger(str(path)).rounds()) == 1


def test_a_database_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "optuna.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE trials (id INTEGER)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="database of something else"):
        Ledger(str(path), create=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to have a header" * 40, b"SQLite format 3\0" + bytes(100)])
def test_what_is_no_database_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(content)
    with pytest.raises(LedgerError):
        Ledger(str(path), create=True)
    assert path.read_bytes() == content


@pytest.mark.usefixtures("any_ledger")
def test_a_later_version_is_not_touched(any_place: str, execute: Callable[[str, str], None]) -> None:
    execute(any_place, "UPDATE advise_ledger SET value = '2'")
    with pytest.raises(LedgerError, match="version 2"):
        Ledger(any_place)


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="is a folder"):
        Ledger(str(tmp_path))


@pytest.mark.parametrize("place", ["mysql://a@b/c", "sqlite://", "sqlite:///:memory:", "://", "postgresql+nothing://a/b"])
def test_other_places_are_refused(place: str) -> None:
    with pytest.raises(LedgerError):
        Ledger(place, create=True)


@pytest.mark.parametrize("place", ["postgresql+nothing://me:secret@host/db", "postgresql+nothing://me@host/db?password=secret&sslmode=require"])
def test_a_password_is_never_shown(place: str) -> None:
    with pytest.raises(LedgerError, match="host/db") as caught:
        Ledger(place)
    assert "secret" not in str(caught.value)


def test_a_database_of_something_else_holds_a_ledger_beside_it(new_database: Callable[[], str], execute: Callable[[str, str], None]) -> None:
    place = new_database()
    execute(place, "CREATE TABLE trials (id INTEGER)")
    with pytest.raises(LedgerError, match="there is no ledger"):
        Ledger(place)
    assert Ledger(place, create=True).start(OPENING).number == 1


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(LedgerError, match=r"connection .*failed"):
        Ledger(f"postgresql://me@/db?host={tmp_path}", create=True)


def test_a_text_that_the_database_cannot_hold_leaves_no_round(any_ledger: Ledger) -> None:
    with contextlib.suppress(LedgerError):
        any_ledger.start(Opening("why?", "a\0b", tried=(CLIP,)))
    assert [item.opening.changed for item in any_ledger.rounds()] in ([], ["a\0b"])


def test_the_file_writes_ahead_to_a_log(ledger: Ledger, place: str) -> None:
    ledger.start(OPENING)
    connection = sqlite3.connect(place)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
