from collections.abc import Callable, Sequence

import numpy as np
import pytest

from advise.runlog.series.record import Curve
from advise.terms import Direction

Make = Callable[..., Curve]


@pytest.fixture
def curve() -> Make:
    """Makes a curve of values at steps 1, 2, 3, …, the first of which stands in line 2."""

    def made(
        values: Sequence[float], role: str = "train.loss", direction: Direction | None = "down", every: int = 1, column: str | None = None
    ) -> Curve:
        count = len(values)
        steps = np.arange(1, count + 1, dtype=np.float64) * every
        return Curve(role, column or role, "log.csv", "", steps, np.array(values, dtype=np.float64), np.arange(2, count + 2), direction)

    return made
