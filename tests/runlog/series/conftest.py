from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from advise.knowledge.load import load_knowledge
from advise.knowledge.roles import RolesFile
from advise.runlog.readers.table import Column, Table

Cells = Mapping[str, Sequence[float | None]]


@pytest.fixture(scope="session")
def roles() -> RolesFile:
    return load_knowledge().roles


@pytest.fixture
def table() -> Callable[..., Table]:
    """Makes a table of columns whose blanks are None; the first record stands in line 2."""

    def made(columns: Cells, file: str = "log.csv") -> Table:
        records = max(map(len, columns.values()), default=0)
        return Table(file, "csv", {name: _column(name, cells) for name, cells in columns.items()}, np.arange(2, records + 2))

    return made


def _column(name: str, cells: Sequence[float | None]) -> Column:
    at = [place for place, cell in enumerate(cells) if cell is not None]
    return Column(name, np.array(at, dtype=np.int64), np.array([cells[place] for place in at], dtype=np.float64))
