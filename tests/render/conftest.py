from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from advise.plan.model import Plan
from advise.text import Text

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The supernet case, with every section a page can have."""
    return Plan.model_validate(yaml.safe_load((HERE / "supernet.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def strings() -> dict[str, Text]:
    file = HERE.parents[1] / "kb" / "strings.yaml"
    return {key: Text(**text) for key, text in yaml.safe_load(file.read_text(encoding="utf-8"))["strings"].items()}
