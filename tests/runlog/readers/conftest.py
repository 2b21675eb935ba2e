from collections.abc import Callable

import pytest

from advise.knowledge.load import load_knowledge
from advise.runlog.readers.open import read_log
from advise.runlog.series.assemble import assemble
from advise.runlog.series.record import RunLog


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], RunLog]:
    """Reads a text as the log that a trainer printed."""
    roles = load_knowledge().roles
    path = tmp_path_factory.mktemp("logs") / "train.log"

    def reading(text: str) -> RunLog:
        path.write_text(text, encoding="utf-8")
        return assemble(read_log(str(path), shown="train.log"), roles)

    return reading
