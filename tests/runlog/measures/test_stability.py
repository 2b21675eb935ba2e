from collections.abc import Callable

import numpy as np
import pytest

from advise.runlog.measures.stability import divergence, early_rise, nonfinite, nonfinite_norm, setback, slow_rise, spikes
from advise.runlog.series.record import Curve

Make = Callable[..., Curve]
DIVERGED = {"lost": 0.5, "times": 1.5, "deviations": 6}
SETBACK = {"fewest": 60, "deviations": 4}
SPIKES = {"height": 1.2, "deviations": 7, "window": 1000, "fewest": 60}


def noisy(values: np.ndarray, share: float = 0.05, seed: int = 0) -> np.ndarray:
    return values * (1 + share * np.random.default_rng(seed).normal(size=len(values)))


def test_the_first_value_that_is_not_finite_is_named(curve: Make) -> None:
    found = nonfinite(train=curve([3, 2, float("nan"), float("nan")], every=10), dev=curve([3, float("inf")], every=10), soon=10, chance=0.001)
    assert (found["is_nonfinite"].value, found["step"].value, found["step"].first) == (True, 20, 3)


def test_a_finite_loss_is_said_to_be_finite(curve: Make) -> None:
    assert nonfinite(train=curve([3, 2]), soon=10, chance=0.001)["is_nonfinite"].value is False
    assert not nonfinite(soon=10, chance=0.001)


def test_a_loss_that_is_not_finite_before_any_update_is_told_from_a_later_one(curve: Make) -> None:
    nan = float("nan")
    assert nonfinite(train=curve([nan, nan]), soon=10, chance=0.001)["from_start"].value is True
    assert nonfinite(train=curve([3, nan]), soon=10, chance=0.001)["from_start"].value is False
    # A hundred steps are time enough for a rate to do harm, and so is an epoch.
    assert nonfinite(train=curve([nan, nan], every=100), soon=10, chance=0.001)["from_start"].value is False
    epochs = curve([1, 2])
    assert np.array_equal(epochs.steps, epochs.values)
    assert "from_start" not in nonfinite(train=curve([nan, nan]), epochs=epochs, soon=10, chance=0.001)


def test_a_gradient_lost_while_the_rate_is_zero_is_before_any_update(curve: Make) -> None:
    nan = float("nan")
    losses, lost, epochs = curve([0.94, nan, nan]), curve([nan, nan, nan], role="gradient.norm"), curve([0, 0, 0])
    assert nonfinite(train=losses, epochs=epochs, norm=lost, lr=curve([0, 1e-7, 2e-7]), soon=10, chance=0.001)["from_start"].value is True
    # One update at a rate can be what destroyed the weights, and a gradient that was finite at first came from them.
    assert nonfinite(train=losses, norm=lost, lr=curve([1e-7, 2e-7, 3e-7]), soon=10, chance=0.001)["from_start"].value is False
    assert nonfinite(train=losses, norm=curve([1, nan, nan]), lr=curve([0, 1e-7, 2e-7]), soon=10, chance=0.001)["from_start"].value is False
    assert nonfinite(train=losses, norm=lost, soon=10, chance=0.001)["from_start"].value is False


def test_one_skipped_step_of_mixed_precision_is_no_alarm(curve: Make) -> None:
    assert nonfinite_norm(curve([1, float("inf"), 1, 1, 1]), last=3)["is_nonfinite"].value is False
    assert nonfinite_norm(curve([1, 1, float("nan"), float("nan"), float("nan")]), last=3)["is_nonfinite"].value is True


@pytest.mark.parametrize("seed", range(20))
def test_a_noisy_fall_has_no_spikes_and_does_not_diverge(curve: Make, seed: int) -> None:
    loss = curve(noisy(np.linspace(3, 1, 500), 0.2, seed))
    assert spikes(loss, **SPIKES)["count"].value == 0
    assert divergence(loss, **DIVERGED)["diverged"].value is False
    assert slow_rise(loss, deviations=4, share=0.1)["rise"].value == 0


def test_spikes_are_counted_and_return(curve: Make) -> None:
    values = noisy(np.linspace(3, 1, 500))
    values[[100, 300]] *= 5
    values[400:405] *= 4
    found = spikes(curve(values), **SPIKES)
    assert (found["count"].value, found["return"].value, found["longest"].value) == (3, True, 4)
    assert found["height"].value > 4


def test_a_spike_of_a_language_model_need_not_double_the_loss(curve: Make) -> None:
    values = noisy(2.6 + 9 * np.exp(-np.arange(1300) / 60), 0.02)
    for start in (400, 700, 900, 1200):
        values[start : start + 5] += 1.0
    assert spikes(curve(values), **SPIKES)["count"].value == 4


@pytest.mark.parametrize("seed", range(20))
def test_a_heavy_tail_makes_no_pattern_of_spikes(curve: Make, seed: int) -> None:
    values = np.exp(np.random.default_rng(seed).standard_t(6, 2000) * 0.1)
    assert spikes(curve(values), **SPIKES)["count"].value < 3


def test_what_stays_up_does_not_return(curve: Make) -> None:
    values = noisy(np.concatenate([np.linspace(3, 1, 300), np.full(200, 8.0)]))
    loss = curve(values)
    assert spikes(loss, **SPIKES)["return"].value is False
    found = divergence(loss, **DIVERGED)
    assert found["diverged"].value is True
    assert 250 <= int(str(found["step"].value)) <= 310


def test_finite_but_absurd_is_divergence(curve: Make) -> None:
    found = divergence(curve([26.7, 8e4, 1.4e7, 5e14, 1e19, 8e22, 1e25, 4e26, 8e26]), **DIVERGED)
    assert found["diverged"].value is True
    assert float(str(found["highest"].value)) > 1e24


def test_a_loss_that_comes_back_has_not_diverged(curve: Make) -> None:
    values = np.concatenate([np.linspace(3, 1, 100), np.full(40, 9.0), np.linspace(2, 0.9, 100)])
    assert divergence(curve(noisy(values)), **DIVERGED)["diverged"].value is False


def test_a_creeping_loss_rises_slowly(curve: Make) -> None:
    values = noisy(np.concatenate([np.linspace(4, 1, 300), np.linspace(1, 1.6, 300)]), 0.02)
    assert float(str(slow_rise(curve(values), deviations=4, share=0.1)["rise"].value)) == pytest.approx(0.6, abs=0.1)


def test_an_early_rise_is_measured_and_its_return(curve: Make) -> None:
    values = np.concatenate([np.linspace(2, 2, 10), np.linspace(2, 8, 30), np.linspace(8, 1, 60), np.linspace(1, 0.5, 900)])
    found = early_rise(curve(values), early=0.1, later=0.2)
    assert float(str(found["rise"].value)) > 3
    assert found["recovered"].value is True


def test_a_climb_that_lasts_is_a_setback_as_a_share_of_the_whole_fall(curve: Make) -> None:
    falls, climbs, stays, falls_again = np.linspace(3, 1, 100), np.linspace(1, 2, 100), np.full(100, 2.0), np.linspace(2, 0, 100)
    found = setback(curve(np.concatenate([falls, climbs, stays, falls_again])), **SETBACK)
    assert found["share"].value == pytest.approx(1 / 3, abs=0.05)
    assert found["made_up"].value is True
    # From the sixth twentieth, the lowest, to the eleventh; the first value is in row 2.
    assert (found["share"].first, found["share"].last) == (102, 221)


def test_a_climb_that_stays_is_not_made_up(curve: Make) -> None:
    found = setback(curve(np.concatenate([np.linspace(3, 1, 100), np.linspace(1, 2, 100)])), **SETBACK)
    assert found["share"].value == pytest.approx(0.45, abs=0.06)
    assert found["made_up"].value is False


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_no_setback(curve: Make, seed: int) -> None:
    found = setback(curve(noisy(np.exp(-np.linspace(0, 4, 400)) + 0.5, 0.2, seed)), **SETBACK)
    assert found["share"].value < 0.1


def test_one_spike_is_no_setback(curve: Make) -> None:
    values = np.linspace(3, 1, 200)
    values[150] = 50
    assert setback(curve(values), **SETBACK)["share"].value == 0


def test_a_loss_that_never_fell_or_is_short_has_no_setback(curve: Make) -> None:
    assert not setback(curve(np.linspace(1, 2, 100)), **SETBACK)
    assert not setback(curve(np.linspace(2, 1, 59)), **SETBACK)
    assert setback(curve(np.linspace(2, 1, 60)), **SETBACK)


def test_a_loss_of_nothing_has_no_early_rise(curve: Make) -> None:
    assert not early_rise(curve([1, *[0] * 99]), early=0.1, later=0.2)


def test_an_evaluation_that_is_nan_is_no_lost_training_while_later_training_losses_are_finite(curve: Make) -> None:
    nan = float("nan")
    apart = nonfinite(train=curve([3, 2, 1], every=10), dev=curve([nan, nan], every=10), soon=10, chance=0.001)
    assert (apart["is_nonfinite"].value, apart["evaluations"].value) == (False, 1.0)
    last = nonfinite(train=curve([3, 2], every=10), dev=curve([1, nan], every=10), soon=10, chance=0.001)
    assert (last["is_nonfinite"].value, last["evaluations"].value) == (True, 0.5)
    assert nonfinite(dev=curve([1, nan]), soon=10, chance=0.001)["is_nonfinite"].value is True


def test_weights_are_sound_where_finite_losses_follow(curve: Make) -> None:
    nan = float("nan")
    between = nonfinite(train=curve([3, nan, 3, nan, 2, nan]), soon=10, chance=0.001)
    assert (between["weights"].value, between["share"].value) == (False, 0.5)
    assert "weights" not in nonfinite(train=curve([3, nan, 3, 3, 3, 2, *[nan] * 9]), soon=10, chance=0.001)
    assert "weights" not in nonfinite(train=curve([3, 2, nan, nan]), soon=10, chance=0.001)
    assert "share" not in nonfinite(train=curve([3, 2]), soon=10, chance=0.001)
