from collections.abc import Callable

import numpy as np
import pytest

from advise.runlog.measures.trend import first_half_of_the_fall, loss_trend, metric_trend, trend
from advise.runlog.series.record import Curve

Make = Callable[..., Curve]


def autocorrelated(count: int, memory: float, seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    values = np.empty(count)
    values[0] = generator.normal()
    for place in range(1, count):
        values[place] = memory * values[place - 1] + generator.normal() * np.sqrt(1 - memory**2)
    return values


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.9])
def test_noise_with_memory_is_hardly_ever_a_trend(memory: float) -> None:
    called = [trend(10 + 0.1 * autocorrelated(2000, memory, seed), 0.0).course for seed in range(200)]  # type: ignore[union-attr]
    assert sum(course in ("rising", "falling") for course in called) <= 20


def test_a_real_slope_is_found() -> None:
    found = [trend(np.linspace(0, 3, 200) + np.random.default_rng(seed).normal(size=200), 0.0) for seed in range(200)]
    assert sum(item is not None and item.course == "rising" for item in found) >= 190


def test_fewer_than_five_evaluations_have_no_trend() -> None:
    assert trend(np.array([4.0, 3.0, 2.0, 1.0]), 0.0) is None


def test_five_in_strict_order_are_a_trend() -> None:
    found = trend(np.array([5.0, 4.0, 3.0, 2.0, 1.0]), 0.0)
    assert found is not None
    assert found.course == "falling"


def test_a_change_that_counts_as_none_is_flat(curve: Make) -> None:
    assert loss_trend(curve(np.linspace(1.001, 1.0, 50)), late=0.25, negligible=0.003)["trend"].value == "flat"


def test_only_the_last_part_counts(curve: Make) -> None:
    values = [*np.linspace(5, 1, 75), *np.full(25, 1.0)]
    reading = loss_trend(curve(values), late=0.25, negligible=0.003)["trend"]
    assert reading.value == "flat"
    assert reading.first > 70


def test_a_loss_that_ends_in_nan_has_no_trend(curve: Make) -> None:
    assert not loss_trend(curve([5, 4, 3, 2, 1, float("nan")]), late=0.25, negligible=0.003)


@pytest.mark.parametrize(("direction", "course"), [("up", "improving"), ("down", "worsening")])
def test_a_metric_improves_in_its_own_direction(curve: Make, direction: str, course: str) -> None:
    assert metric_trend(curve(np.arange(20.0), direction=direction), late=0.5, negligible=0.005)["trend"].value == course


def test_without_a_direction_there_is_no_trend(curve: Make) -> None:
    assert not metric_trend(curve(np.arange(20.0), direction=None), late=0.5, negligible=0.005)
    assert metric_trend(curve(np.arange(20.0), direction=None), direction="maximize", late=0.5, negligible=0.005)["trend"].value == "improving"


def test_a_straight_fall_has_half_of_it_in_each_half(curve: Make) -> None:
    straight = curve(list(np.linspace(7, 6.8, 100)))
    assert first_half_of_the_fall(straight, fewest=20, clear=8)["share"].value == pytest.approx(0.5)


def test_a_fall_that_slows_down_has_most_of_it_in_the_first_half(curve: Make) -> None:
    slowing = curve([1 + np.exp(-place / 10) for place in range(100)])
    assert first_half_of_the_fall(slowing, fewest=20, clear=2)["share"].value > 0.8


def test_a_fall_within_the_noise_has_no_form(curve: Make) -> None:
    noisy = curve([1 + 0.3 * (place % 2) - 0.001 * place for place in range(100)])
    assert first_half_of_the_fall(noisy, fewest=20, clear=8) == {}
