"""A ledger from anywhere, damaged or made to harm: read, or refused with its name; never for ever, never as an internal error."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from advise import database
from advise.errors import LedgerError
from advise.experiments.ledger.record import Opening, Step
from advise.experiments.ledger.store import Ledger

_ENDLESS = (
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS round, '' AS part, 1 AS place, '' AS decision, '{}' AS params FROM n"
)
Alter = Callable[[str], None]


@pytest.fixture
def alter(place: str, ledger: Ledger) -> Alter:
    """Does something to a ledger with one round, behind its back."""
    ledger.start(Opening("q", None, None, None, (Step("tried", "clip", {"threshold": 1.3}),)))

    def altered(statement: str) -> None:
        with closing(sqlite3.connect(place)) as connection:
            connection.executescript(statement)

    return altered


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE advise_steps SET params = '{'",
        "UPDATE advise_steps SET params = '[1]'",
        "UPDATE advise_steps SET params = '{\"threshold\": null}'",
        "UPDATE advise_steps SET params = '{\"threshold\": [[1]]}'",
        "UPDATE advise_steps SET params = replace(hex(zeroblob(100000)), '0', '[')",
        "UPDATE advise_steps SET decision = x'ff'",
        "UPDATE advise_rounds SET question = x'ff'",
        "UPDATE advise_rounds SET started = x'00'",
    ],
)
def test_what_no_ledger_holds_is_refused_with_its_name(statement: str, place: str, alter: Alter) -> None:
    alter(statement)
    with pytest.raises(LedgerError, match=r"ledger\.db: is damaged: "):
        Ledger(place).rounds()


def test_a_view_without_an_end_is_given_up(place: str, alter: Alter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_MAX_CALLS", 10)
    alter(f"DROP TABLE advise_steps; CREATE VIEW advise_steps AS {_ENDLESS}")
    with pytest.raises(LedgerError, match="interrupted"):
        Ledger(place).rounds()


def test_a_schema_that_is_no_text_is_refused(place: str, alter: Alter) -> None:
    alter("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = CAST(x'43ff52' AS TEXT) WHERE name = 'advise_rounds'")
    with pytest.raises(LedgerError, match="malformed"):
        Ledger(place).rounds()


def test_what_a_trigger_says_moves_no_cursor(place: str, alter: Alter) -> None:
    alter("CREATE TRIGGER t BEFORE INSERT ON advise_rounds BEGIN SELECT raise(abort, 'no\x1b[2J'); END")
    with pytest.raises(LedgerError) as refused:
        Ledger(place).start(Opening("another"))
    assert "no" in str(refused.value)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize("has_journal", [False, True])
def test_a_ledger_in_a_folder_that_nobody_writes_to_is_read(place: str, alter: Alter, *, has_journal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may write anywhere, so that the folder is only said to be closed; whoever is not root finds it so.
    monkeypatch.setattr(os, "access", lambda *_: False)
    folder = Path(place).parent
    with closing(sqlite3.connect(place)) as other:
        if has_journal:
            other.execute("UPDATE advise_rounds SET question = 'later'")
            other.commit()
        before = {path.name for path in folder.iterdir()}
        folder.chmod(0o555)
        try:
            (found,) = Ledger(place).rounds()
            assert found.opening.question == ("later" if has_journal else "q")
            assert {path.name for path in folder.iterdir()} <= before
        finally:
            folder.chmod(0o755)
