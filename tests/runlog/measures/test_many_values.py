"""What is measured faster on many values is the same to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.runlog.arrays import Floats
from advise.runlog.measures import noise
from advise.runlog.measures.noise import median, medians_before

RANDOM = np.random.default_rng(0)
MANY: dict[str, Floats] = {
    "noise": RANDOM.normal(size=200_001),
    "even": RANDOM.normal(size=100_000),
    "rounded": RANDOM.normal(size=100_000).round(1),
    "constant": np.full(50_000, 0.3),
    "two values": np.repeat([1.0, 2.0], 50_000),
    "falling": np.exp(-np.linspace(0, 9, 100_001)),
    "heavy tails": RANDOM.standard_cauchy(80_000),
    "period of the sample": np.tile(np.arange(33.0), 3_000),
    "spikes where the sample looks": np.where(np.arange(90_000) % 30 == 0, 1e6, RANDOM.random(90_000)),
    "infinite": np.where(np.arange(60_000) % 3 == 0, np.inf, 1.0),
    "nan": np.where(np.arange(60_000) == 7, np.nan, 1.0),
}


@pytest.mark.parametrize("values", MANY.values(), ids=MANY)
def test_the_median_of_many(values: Floats) -> None:
    np.testing.assert_array_equal(median(values), np.median(values))


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=80), st.integers(1, 3))
def test_the_median_by_a_sample(values: list[float], size: int) -> None:
    with pytest.MonkeyPatch.context() as patch, np.errstate(all="ignore"):
        patch.setattr(noise, "_MANY", 60)
        patch.setattr(noise, "_SAMPLE", 20 * size)
        np.testing.assert_array_equal(median(np.array(values)), np.median(values))


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=60), st.integers(1, 9))
def test_medians_of_the_blocks_before(values: list[float], size: int) -> None:
    with np.errstate(all="ignore"):
        found = medians_before(np.array(values), size)
        blocks = [values[start : start + size] for start in range(0, len(values), size)]
        expected = [float(np.median(blocks[max(0, place // size - 1)])) for place in range(len(values))]
    if len(values) >= size:
        np.testing.assert_array_equal(found, expected)
    assert len(found) == len(values)
