from collections.abc import Callable

import numpy as np
import pytest

from advise.runlog.measures.course import course
from advise.runlog.series.record import Curve

Make = Callable[..., Curve]
CONSTANTS = {"ends": 0.2, "negligible": 0.1, "deviations": 4}


def value(curve: Curve, output: str) -> object:
    found = course(curve, **CONSTANTS)
    return found[output].value if output in found else None


@pytest.mark.parametrize(("last", "expected"), [(300.0, "improving"), (-100.0, "worsening")])
def test_a_reward_that_goes_one_way(curve: Make, last: float, expected: str) -> None:
    noise = np.random.default_rng(1).normal(size=100) * 10
    assert value(curve(np.linspace(100, last, 100) + noise, direction="up"), "trend") == expected


def test_noise_goes_nowhere(curve: Make) -> None:
    called = [value(curve(np.random.default_rng(seed).normal(size=60), direction="up"), "trend") for seed in range(100)]
    assert sum(way in ("improving", "worsening") for way in called) <= 4


def test_what_fell_to_its_lowest_has_lost_everything(curve: Make) -> None:
    rise_and_fall = np.concatenate([np.linspace(0, 200, 50), np.linspace(200, 0, 50)])
    assert value(curve(rise_and_fall, direction="up"), "lost") == pytest.approx(1, abs=0.1)


def test_noise_has_lost_nothing(curve: Make) -> None:
    assert not any(value(curve(np.random.default_rng(seed).normal(size=60), direction="up"), "lost") for seed in range(100))


def test_what_is_kept_needs_one_sign(curve: Make) -> None:
    assert value(curve(np.linspace(-0.6, -0.06, 50), direction=None), "kept") == pytest.approx(0.2, abs=0.02)
    assert value(curve(np.linspace(0.6, -0.6, 50), direction=None), "kept") is None


def test_without_a_direction_nothing_is_better(curve: Make) -> None:
    assert course(curve(np.linspace(0, 1, 50), direction=None), **CONSTANTS).keys() == {"first", "now", "kept"}


def test_fewer_than_ten_values_have_no_course(curve: Make) -> None:
    assert course(curve([1.0] * 9, direction="up"), **CONSTANTS) == {}


def test_what_is_not_finite_is_left_out(curve: Make) -> None:
    values = [float("nan"), *np.linspace(1, 2, 20), float("inf")]
    assert value(curve(values, direction="up"), "trend") == "improving"
