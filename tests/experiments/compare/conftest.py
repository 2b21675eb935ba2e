"""One advisor for all tests of comparisons."""

from __future__ import annotations

from functools import cache

import pytest

from advise.advisor import Advisor
from advise.knowledge.comparison import ComparisonSpec
from advise.knowledge.files import Root
from advise.knowledge.prepared import Prepared, prepare


@pytest.fixture(scope="session")
def advisor() -> Advisor:
    return Advisor(engine="plain")


@pytest.fixture(scope="session")
def spec(advisor: Advisor) -> ComparisonSpec:
    found = advisor.knowledge.comparison
    assert found is not None
    return found


@cache
def _prepared(root: Root | None = None, *, drafts: bool = False) -> Prepared:
    return prepare(root, drafts=drafts)


@pytest.fixture(autouse=True)
def _prepared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The knowledge base is read once for all tests, also by the command line."""
    monkeypatch.setattr("advise.advisor.prepare", _prepared)
