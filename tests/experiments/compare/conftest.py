"""One advisor for all tests of comparisons."""

from __future__ import annotations

import pytest

from advise.advisor import Advisor
from advise.knowledge.comparison import ComparisonSpec


@pytest.fixture(scope="session")
def advisor() -> Advisor:
    return Advisor(engine="plain")


@pytest.fixture(scope="session")
def spec(advisor: Advisor) -> ComparisonSpec:
    found = advisor.knowledge.comparison
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def _read_once(prepared_once: None) -> None:
    """As its name says."""
