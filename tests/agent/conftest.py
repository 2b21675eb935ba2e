"""A toolbox over a folder of this test's own, and the cases of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from advise.advisor import Advisor
from advise.agent.toolbox import Toolbox

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def advisor() -> Advisor:
    return Advisor(engine="plain")


@pytest.fixture
def toolbox(advisor: Advisor, tmp_path: Path) -> Toolbox:
    return Toolbox.open([tmp_path], advisor=advisor)


@pytest.fixture
def cases(advisor: Advisor) -> Toolbox:
    return Toolbox.open([EXAMPLES], advisor=advisor)
