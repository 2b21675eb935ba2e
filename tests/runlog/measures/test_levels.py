from collections.abc import Callable

import numpy as np
import pytest

from advise.runlog.measures.levels import column_there, dev_loss, ends, level, never_evaluated, oscillation, training_loss
from advise.runlog.series.record import Curve

Make = Callable[..., Curve]
SWINGS = {"amplitude": 0.03, "of_the_fall": 0.1, "deviations": 4}


def test_the_present_training_loss_is_a_mean_and_its_lowest_too(curve: Make) -> None:
    values = np.concatenate([[5.0], np.full(98, 2.0), [0.01]])
    found = training_loss(curve(values), late=0.05)
    assert found["initial"].value == 5
    assert found["now"].value == pytest.approx((4 * 2 + 0.01) / 5)
    assert float(str(found["lowest"].value)) > 1.5


def test_one_value_of_a_noisy_loss_is_no_base(curve: Make) -> None:
    values = 2.11 + np.random.default_rng(0).normal(0, 0.07, 100)
    values[0] = 2.25
    assert training_loss(curve(values), late=0.05)["initial"].value == pytest.approx(2.11, abs=0.08)


def test_a_loss_that_fell_between_two_rows_began_at_the_first(curve: Make) -> None:
    values = np.concatenate([[2.31], 0.5 + np.random.default_rng(0).normal(0, 0.05, 99)])
    assert training_loss(curve(values), late=0.05)["initial"].value == 2.31


def test_a_rise_of_the_dev_loss_is_one_of_several_evaluations(curve: Make) -> None:
    rising = dev_loss(curve([4, 2, 1, 1, 1.5, 1.5, 1.5]), last=3, scatter=0.1)
    assert (rising["lowest"].value, rising["rise"].value) == (1, 0.5)
    assert rising["position"].value == pytest.approx(4 / 7)
    assert dev_loss(curve([4, 1, 1, 2, 3]), last=3, scatter=0.1)["rise"].value == 1.5
    assert dev_loss(curve([4, 3, 2, 1]), last=3, scatter=0.1)["rise"].value == 0


def test_a_dev_loss_that_never_changes_is_lowest_nowhere(curve: Make) -> None:
    assert "position" not in dev_loss(curve([0.693] * 5), last=3, scatter=0.1)
    assert dev_loss(curve([0.7, 0.5, 0.6, 0.5]), last=3, scatter=0.1)["position"].value == 1


def test_what_is_not_finite_is_not_the_last_value(curve: Make) -> None:
    values = [3, 2, 1, float("nan")]
    assert ends(curve(values))["last"].value == 1
    assert level(curve(values), last=2)["now"].value == 1.5
    assert not ends(curve([float("nan")]))


def test_a_missing_column_is_said_of_the_log_that_lacks_it(curve: Make) -> None:
    train, rate = curve([1, 2]), curve([1e-3, 1e-3], role="lr")
    assert column_there(train)["is_logged"].value is False
    assert column_there(train, curve=rate)["is_logged"].value is True


def test_a_short_log_may_end_before_its_first_evaluation(curve: Make) -> None:
    assert never_evaluated(curve(np.ones(100)), fewest=100)["cadence"].value == "none"
    assert not never_evaluated(curve(np.ones(99)), fewest=100)
    assert not never_evaluated(curve(np.ones(100)), dev=curve([1], role="dev.loss"), fewest=100)


@pytest.mark.parametrize("seed", range(10))
def test_noise_does_not_oscillate(curve: Make, seed: int) -> None:
    values = 2 * (1 + 0.3 * np.random.default_rng(seed).normal(size=4000))
    assert float(str(oscillation(curve(values), **SWINGS)["share"].value)) <= 0.05


def test_a_loss_that_swings_does(curve: Make) -> None:
    values = 2 + np.tile([0.5, -0.5], 20).repeat(10) + np.random.default_rng(0).normal(0, 0.05, 400)
    assert float(str(oscillation(curve(values), **SWINGS)["share"].value)) > 0.8


def test_what_is_left_of_a_loss_that_has_nearly_gone_does_not_oscillate(curve: Make) -> None:
    values = [2 * np.exp(-place / 6) + 0.05 * (1 + place % 2) for place in range(40)]
    assert float(str(oscillation(curve(values), **SWINGS)["share"].value)) <= 0.05
    assert float(str(oscillation(curve(values), **{**SWINGS, "of_the_fall": 0})["share"].value)) > 0.5
