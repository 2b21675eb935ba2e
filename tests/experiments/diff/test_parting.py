"""Where two curves part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.experiments.diff.parting import parting
from advise.runlog.series.record import Curve


def curve(values: np.ndarray, steps: np.ndarray | None = None) -> Curve:
    steps = np.arange(1.0, len(values) + 1) if steps is None else steps
    return Curve("train.loss", "loss", "log", "", steps, np.asarray(values, dtype=float), np.arange(len(values)) + 1)


def falling(count: int, seed: int, noise: float = 0.05) -> np.ndarray:
    return 2 * np.exp(-np.arange(count) / 200) + np.random.default_rng(seed).normal(0, noise, count)


def test_two_seeds_of_one_run_do_not_part() -> None:
    parted = [parting(curve(falling(1000, seed)), curve(falling(1000, seed + 1000))) for seed in range(50)]
    assert [found.parts_at for found in parted if found is not None and found.parts_at is not None] == []
    assert all(found is not None and found.same_until is None for found in parted)


@pytest.mark.parametrize("seed", range(5))
def test_curves_that_part_do_so_where_they_part(seed: int) -> None:
    other = falling(1000, seed + 1000)
    other[400:] += 0.2
    found = parting(curve(falling(1000, seed)), curve(other))
    assert found is not None
    assert found.parts_at is not None
    assert 350 <= found.parts_at <= 430
    assert found.after - found.before == pytest.approx(0.2, abs=0.05)


def test_what_came_back_has_not_parted() -> None:
    other = falling(1000, 1)
    other[300:500] += 0.5
    found = parting(curve(falling(1000, 2)), curve(other))
    assert found is not None
    assert found.parts_at is None


def test_the_same_to_the_last_digit() -> None:
    one = falling(500, 1)
    other = one.copy()
    other[200:] += 0.3
    found = parting(curve(one), curve(other))
    assert found is not None
    assert found.same_until == 200
    assert found.parts_at == pytest.approx(200, abs=15)
    same = parting(curve(one), curve(one))
    assert same is not None
    assert (same.same_until, same.parts_at, same.end) == (500, None, 500)


def test_only_what_is_common_counts() -> None:
    found = parting(curve(falling(1000, 1)), curve(falling(300, 2)))
    assert found is not None
    assert found.end == 300
    assert parting(curve(falling(10, 1)), curve(falling(10, 1), np.arange(100.0, 110.0))) is None
    assert parting(curve(np.full(5, np.nan)), curve(falling(5, 1))) is None


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), max_size=60),
    st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), max_size=60),
)
def test_whatever_the_values(first: list[float], second: list[float]) -> None:
    found = parting(curve(np.array(first)), curve(np.array(second)))
    if found is not None and found.parts_at is not None:
        assert found.parts_at <= found.end
