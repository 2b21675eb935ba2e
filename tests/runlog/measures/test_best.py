from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from advise.runlog.measures.best import after_best, agreement, at_best, best, describe, evaluations, gain_over_guess, is_quantity, late_window
from advise.runlog.series.record import Curve

Make = Callable[..., Curve]
BEST = {"quantity": "accuracy", "few": 10, "scatter": 0.1}
AFTER = {"around": 5, "deviations": 2, "late": 0.25}


@pytest.mark.parametrize(("direction", "sign"), [("up", 1), ("down", -1)])
def test_the_best_is_found_in_either_direction(curve: Make, direction: str, sign: int) -> None:
    metric = curve(sign * np.array([1, 3, 7, 6, 5, 4.0]) + 10, direction=direction, every=100)
    found = best(metric, budget=1200, last=3, **BEST)
    assert found["value"].value == 10 + 7 * sign
    assert (found["step"].value, found["step"].first) == (300, 4)
    assert found["since"].value == 3
    assert found["position"].value == 0.25
    assert found["recency"].value == 0.5
    assert found["worsening"].value == pytest.approx(2 / (10 + 7 * sign))


def test_the_last_of_equals_is_the_best(curve: Make) -> None:
    assert best(curve([1, 5, 5, 5], direction="up"), last=3, **BEST)["step"].value == 4


@pytest.mark.parametrize("value", [0.0, 0.1135, 1.0])
def test_a_metric_that_never_changes_has_no_best(curve: Make, value: float) -> None:
    metric = curve([value] * 6, direction="up", every=100)
    found = best(metric, budget=1200, last=3, **BEST)
    assert found["value"].value == value
    assert not {"step", "position", "recency", "since", "worsening"} & found.keys()
    assert not at_best(curve(np.arange(300), role="train.loss"), metric)


def test_evaluations_that_failed_count_as_since_the_best(curve: Make) -> None:
    found = best(curve([1, 5, float("nan"), float("nan")], direction="up"), last=3, **BEST)
    assert (found["since"].value, found["last"].value) == (2, 5)


def test_without_a_direction_there_is_no_best(curve: Make) -> None:
    metric = curve([1, 2, 3], direction=None)
    assert not best(metric, last=3, **BEST)
    assert best(metric, direction="minimize", last=3, **BEST)["value"].value == 1


def test_the_epoch_of_the_best_is_read_off_its_step(curve: Make) -> None:
    epochs = curve([1, 2, 3, 4], role="epoch", every=100)
    assert best(curve([1, 9, 2, 1], direction="up", every=50), epochs=epochs, last=3, **BEST)["epoch"].value == 1


def test_a_lucky_evaluation_is_not_followed_by_a_steady_fall(curve: Make) -> None:
    values = 0.7 + np.random.default_rng(3).normal(0, 0.01, 40)
    values[:5] = [0.1, 0.3, 0.5, 0.6, 0.65]
    values[20] = 0.75
    assert after_best(curve(values, direction="up"), **AFTER)["rises"].value is False


@pytest.mark.parametrize("seed", range(20))
def test_the_best_of_many_noisy_evaluations_is_above_the_rest_by_chance(curve: Make, seed: int) -> None:
    values = np.random.default_rng(seed).normal(1.35, 0.25, 300)
    assert float(str(best(curve(values, direction="up"), last=3, **BEST)["worsening"].value)) < 0.1


def test_what_was_lost_beyond_chance_is_told(curve: Make) -> None:
    values = np.concatenate([np.linspace(0.2, 0.8, 50), np.full(50, 0.5)]) + np.random.default_rng(0).normal(0, 0.01, 100)
    assert best(curve(values, direction="up"), last=3, **BEST)["worsening"].value == pytest.approx(0.35, abs=0.03)


def test_a_metric_that_moves_away_for_good_is_seen(curve: Make) -> None:
    values = np.concatenate([np.linspace(0.2, 0.8, 15), np.linspace(0.8, 0.6, 25)]) + np.random.default_rng(0).normal(0, 0.005, 40)
    assert after_best(curve(values, direction="up"), **AFTER)["rises"].value is True


def test_the_share_of_the_improvement_that_came_late(curve: Make) -> None:
    assert after_best(curve(np.linspace(0, 1, 41), direction="up"), **AFTER)["late_share"].value == pytest.approx(0.25)
    saturated = np.concatenate([np.linspace(0, 1, 10), np.full(31, 0.99)])
    assert after_best(curve(saturated, direction="up"), **AFTER)["late_share"].value == 0


def test_late_evaluations_are_those_of_the_last_half(curve: Make) -> None:
    values = np.concatenate([np.linspace(0, 0.5, 20), np.tile([0.5, 0.6], 10)])
    found = late_window(curve(values, direction="up"), late=0.5)
    assert (found["min"].value, found["max"].value) == (0.5, 0.6)
    assert found["jump"].value == pytest.approx(0.1)
    assert found["mean"].value == pytest.approx(0.55)
    assert found["gain"].value == pytest.approx(0)
    assert not late_window(curve([1, 2, 3, 4]), late=0.5)


def test_a_gain_is_positive_where_less_is_better(curve: Make) -> None:
    assert float(str(late_window(curve(np.linspace(2, 1, 40)), late=0.5)["gain"].value)) > 0


def test_another_curve_is_looked_up_at_the_best_evaluation(curve: Make) -> None:
    metric = curve([1, 9, 2], direction="up", every=100)
    reading = at_best(curve(np.arange(300), role="train.loss"), metric)["value"]
    assert (reading.value, reading.first) == (199, 201)


def test_the_best_is_compared_with_what_a_guess_gets(curve: Make) -> None:
    areas = replace(curve([0.4, 0.45, 0.52, 0.49, 0.48]), quantity="area_under_curve")
    known = {"quantity": "area_under_curve", "guess": 0.5, "fewest": 5, "trivial": 0.02}
    assert gain_over_guess(areas, **known)["gain"].value == 0
    assert gain_over_guess(replace(areas, values=areas.values + 0.1), **known)["gain"].value == pytest.approx(0.0967, abs=1e-4)
    assert gain_over_guess(areas, **{**known, "quantity": "correlation"}) == {}
    assert gain_over_guess(areas, **{**known, "fewest": 6}) == {}


def test_what_the_deciding_metric_is(curve: Make) -> None:
    found = describe(curve([1], direction="up", column="val_acc"))
    assert (found["name"].value, found["direction"].value) == ("val_acc", "maximize")
    assert "direction" not in describe(curve([1], direction=None))
    assert not is_quantity(curve([1]), quantity="accuracy")


def test_evaluations_are_counted_and_their_interval_is_the_usual_one(curve: Make) -> None:
    found = evaluations(curve(np.ones(8), every=250))
    assert (found["count"].value, found["interval"].value) == (8, 250)
    assert "interval" not in evaluations(curve([1, 2]))


def test_loss_and_metric_agree_where_both_improve(curve: Make) -> None:
    loss = curve(np.linspace(2, 1, 20), role="dev.loss")
    metric = curve(np.linspace(0.1, 0.9, 20), role="dev.metric", direction="up")
    assert agreement(loss, metric, fewest=10)["correlation"].value == pytest.approx(1)
    falling = curve(np.linspace(0.9, 0.1, 20), role="dev.metric", direction="up")
    assert agreement(loss, falling, fewest=10)["correlation"].value == pytest.approx(-1)
    assert not agreement(loss, loss, fewest=10)
    assert not agreement(loss, curve([0.5] * 20, role="dev.metric", direction="up"), fewest=10)


def test_of_a_perplexity_the_name_says_what_is_judged(curve: Make) -> None:
    assert describe(replace(curve([3, 2], column="valid ppl"), scale="perplexity"))["name"].value == "ln(valid ppl)"
