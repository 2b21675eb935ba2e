from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.runlog.measures.noise import finite, neighbours, relative_noise, resolution, samples_behind, scatter
from advise.runlog.series.record import Curve

Make = Callable[..., Curve]
SAMPLES = {"quantity": "accuracy", "fewest": 4, "most": 5000, "chance": 0.01}


@pytest.mark.parametrize("slope", [0.0, 0.05])
def test_the_scale_of_the_noise_is_found_below_a_trend(slope: float) -> None:
    values = slope * np.arange(2000) + np.random.default_rng(0).normal(0, 0.3, 2000)
    assert scatter(values) == pytest.approx(0.3, rel=0.1)


def test_spikes_do_not_enter_the_scale() -> None:
    values = np.random.default_rng(0).normal(0, 0.3, 2000)
    values[::100] += 50
    assert scatter(values) == pytest.approx(0.3, rel=0.15)


def test_a_rounded_log_has_noise_though_most_differences_are_zero() -> None:
    values = np.round(0.5 + np.random.default_rng(0).normal(0, 0.002, 500), 2)
    assert np.mean(np.diff(values) == 0) > 0.9
    values[::7] += 0.01
    assert 0 < scatter(values) < 0.01


@given(st.lists(st.integers(-1000, 1000), max_size=50), st.integers(-1000, 1000), st.sampled_from([0.25, 1.0, 8.0]))
def test_the_scale_does_not_know_the_level_and_grows_with_the_unit(counts: list[int], level: int, unit: float) -> None:
    values = np.array(counts, dtype=np.float64)
    here = scatter(values)
    assert here >= 0
    assert scatter(values + level) == here
    assert scatter(unit * values) == pytest.approx(unit * here)


def test_resolution_is_the_smallest_difference_that_occurs() -> None:
    assert resolution(np.array([0.5, 0.52, 0.5, 0.58])) == pytest.approx(0.02)
    assert resolution(np.array([0.5, 0.5])) == 0


def test_evaluations_differ_by_no_less_than_their_resolution(curve: Make) -> None:
    reading = neighbours(curve([0.1, 0.5, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.92, 0.92]), late=0.5)["noise"]
    assert reading.value == pytest.approx(0.02)
    assert (reading.first, reading.count) == (7, 5)
    assert not neighbours(curve([0.1, 0.2, 0.3, 0.4]), late=0.5)


def test_noise_is_told_against_the_level_of_the_end(curve: Make) -> None:
    values = np.concatenate([np.full(300, 50.0), 2 + np.random.default_rng(0).normal(0, 0.1, 100)])
    assert relative_noise(curve(values), late=0.25)["share"].value == pytest.approx(0.05, rel=0.25)
    assert not relative_noise(curve(np.zeros(40)), late=0.25)


def test_lines_stay_with_their_values(curve: Make) -> None:
    kept = finite(curve([1, float("nan"), 3, float("inf"), 5]))
    assert kept.lines.tolist() == [2, 4, 6]
    assert kept.steps.tolist() == [1, 3, 5]


def accuracies(curve: Make, samples: int, count: int = 30, seed: int = 0, unit: float = 1.0, digits: int | None = None) -> Curve:
    right = np.random.default_rng(seed).integers(samples // 2, samples + 1, count)
    values = unit * right / samples
    made = curve(values if digits is None else np.round(values, digits), "dev.metric", "up")
    return replace(made, quantity="accuracy")


@pytest.mark.parametrize("samples", [16, 30, 122, 400, 1797, 4999])
@pytest.mark.parametrize("unit", [1.0, 100.0])
def test_the_size_of_the_dev_set_is_told_from_its_accuracies(curve: Make, samples: int, unit: float) -> None:
    assert samples_behind(accuracies(curve, samples, unit=unit), **SAMPLES)["count"].value == samples


@pytest.mark.parametrize(("digits", "samples"), [(4, 400), (3, 60), (2, 16)])
def test_rounded_accuracies_tell_it_while_it_is_small(curve: Make, digits: int, samples: int) -> None:
    assert samples_behind(accuracies(curve, samples, digits=digits), **SAMPLES)["count"].value == samples


@pytest.mark.parametrize(("digits", "samples"), [(2, 400), (3, 4000), (None, 50_000)])
def test_nothing_is_told_where_any_number_would_fit(curve: Make, digits: int | None, samples: int) -> None:
    assert not samples_behind(accuracies(curve, samples, digits=digits), **SAMPLES)


@pytest.mark.parametrize("seed", range(20))
def test_no_size_is_told_from_means_of_batches(curve: Make, seed: int) -> None:
    made = replace(curve(np.random.default_rng(seed).uniform(0.5, 1, 30), "dev.metric", "up"), quantity="accuracy")
    assert not samples_behind(made, **SAMPLES)


def test_no_size_is_told_from_few_values_another_quantity_or_against_what_is_stated(curve: Make) -> None:
    assert not samples_behind(accuracies(curve, 400, count=3), **SAMPLES)
    assert not samples_behind(replace(accuracies(curve, 400), quantity="f_measure"), **SAMPLES)
    assert not samples_behind(accuracies(curve, 400), stated=401, **SAMPLES)
