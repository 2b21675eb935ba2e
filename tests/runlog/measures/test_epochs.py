from collections.abc import Callable

import numpy as np
import pytest

from advise.runlog.measures.epochs import rise_within_epochs
from advise.runlog.series.record import Curve

Make = Callable[..., Curve]
KNOWN = {"length": 200, "parts": 8, "fewest": 4, "clear": 5}
STEPS = np.arange(4000)
FALL = 1 + np.exp(-STEPS / 900)


def noise(seed: int) -> np.ndarray:
    return 0.1 * np.random.default_rng(seed).normal(size=len(STEPS))


def test_batches_in_one_order_show_in_every_epoch(curve: Make) -> None:
    sorted_by_class = FALL + 0.3 * np.sin(2 * np.pi * STEPS / 200) + noise(0)
    assert rise_within_epochs(curve(sorted_by_class), **KNOWN)["rise"].value > 0.1


@pytest.mark.parametrize("seed", range(20))
def test_shuffled_batches_show_nothing(curve: Make, seed: int) -> None:
    assert rise_within_epochs(curve(FALL + noise(seed)), **KNOWN)["rise"].value == 0


def test_averages_that_start_over_with_each_epoch_fall_within_it(curve: Make) -> None:
    falling = 1.5 - 0.05 * (STEPS // 200) - 0.1 * np.log1p(STEPS % 200) + noise(1)
    assert rise_within_epochs(curve(falling), **KNOWN)["rise"].value == 0


def test_a_part_without_a_value_tells_nothing(curve: Make) -> None:
    assert rise_within_epochs(curve(FALL[::50], every=50), **KNOWN) == {}
    assert rise_within_epochs(curve(FALL[:700]), **KNOWN) == {}
