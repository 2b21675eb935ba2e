"""How sure a measured number is."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from advise.runlog.measures.gap import modes
from advise.runlog.measures.levels import oscillation
from advise.runlog.measures.stability import slow_rise
from advise.runlog.measures.uncertainty import Error, combined, difference_error, late_noise, mean_error, noise_of, sampling_error, share_error
from advise.runlog.series.record import Curve
from advise.statistics import t_quantile

Make = Callable[..., Curve]
RUNS = 4000


@pytest.mark.parametrize("count", [5, 8, 12, 19, 40, 100])
def test_an_interval_covers_the_truth_as_often_as_it_says(count: int) -> None:
    rng = np.random.default_rng(count)
    course = 1 - np.exp(-np.arange(count) / 3) * 0.3
    covered = 0
    for _ in range(RUNS):
        values = course + 0.02 * rng.standard_normal(count)
        noise = noise_of(values)
        assert noise is not None
        error = difference_error(noise, 1, 1)
        away = (values[-1] - values[-2]) - (course[-1] - course[-2])
        covered += abs(away) <= t_quantile(0.975, error.freedom) * error.size
    # 95 % is meant; of few values the course's own bend makes it more.
    assert covered / RUNS >= 0.93


def test_a_trend_and_its_bend_are_no_noise() -> None:
    noise = noise_of(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]))
    assert noise is not None
    assert noise.deviation == pytest.approx(0)


def test_what_was_rounded_scatters_by_its_step() -> None:
    noise = noise_of(np.full(8, 0.5), step=0.01)
    assert noise is not None
    assert noise.deviation == pytest.approx(0.01 / math.sqrt(12))


def test_four_values_tell_no_noise() -> None:
    assert noise_of(np.array([1.0, 2.0, 1.0, 2.0])) is None
    assert mean_error(None, 3) is None


def test_the_noise_of_a_loss_is_a_share_of_it(curve: Make) -> None:
    rng = np.random.default_rng(0)
    falling = np.exp(-np.arange(60) / 10) * (1 + 0.05 * rng.standard_normal(60))
    noise = late_noise(curve(falling), float(falling[-1]))
    assert noise is not None
    assert noise.deviation == pytest.approx(0.05 * falling[-1], rel=0.5)


def test_a_sampling_error_is_that_of_two_shares_in_their_own_unit() -> None:
    assert sampling_error(0.9, 0.8, 100) == pytest.approx(0.05)
    assert sampling_error(90, 80, 100) == pytest.approx(5)


def test_a_known_error_adds_degrees_of_freedom() -> None:
    assert combined(Error(3.0, 2.0), 4.0) == pytest.approx((5.0, 2.0 * (25 / 9) ** 2))
    assert combined(Error(0.0, 2.0), 4.0).freedom == math.inf


def test_a_share_of_turns_a_level_and_a_creep_say_how_sure_they_are(curve: Make) -> None:
    rng = np.random.default_rng(1)
    restless = np.where((np.arange(40) % 2 == 1) & (np.arange(40) < 20), 2.0, 1.0)
    turns = oscillation(curve(restless), amplitude=0.03, of_the_fall=0.01, deviations=4)["share"]
    assert turns.error is not None
    assert turns.error > 0.05
    evaluated = curve(1 + 0.1 * rng.standard_normal(12), role="train.loss_eval_mode")
    level = modes(curve(np.ones(12)), evaluated, curve(np.ones(12), role="dev.loss"), last=3)["evaluated"]
    assert level.error is not None
    assert 0.01 < level.error < 0.15
    creeping = 1 + np.abs(np.arange(400) - 200) / 400 + 0.01 * rng.standard_normal(400)
    rise = slow_rise(curve(creeping), deviations=4, share=0.1)["rise"]
    assert rise.error is not None
    assert 0 < rise.error < 0.1


def test_none_and_all_are_exact_signs() -> None:
    assert share_error(0.5, 100).size == pytest.approx(0.05)
    assert share_error(0.0, 100).size == share_error(1.0, 100).size == 0
