"""The ledger needs SQLAlchemy, which the extra `study` brings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")

from advise.experiments.ledger.store import Ledger
from advise.knowledge.files import Root
from advise.knowledge.prepared import Prepared, prepare


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "notes" / "ledger.db")


@pytest.fixture
def ledger(place: str) -> Ledger:
    return Ledger(place, create=True)


@cache
def _prepared(root: Root | None = None, *, drafts: bool = False) -> Prepared:
    return prepare(root, drafts=drafts)


@pytest.fixture(autouse=True)
def _prepared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The knowledge base is read once for all tests, also by the command line."""
    monkeypatch.setattr("advise.advisor.prepare", _prepared)
