from collections.abc import Callable

import numpy as np
import pytest

from advise.runlog.measures.pipeline import lasting_pace, loader_share, memory_growth, step_times, throughput
from advise.runlog.series.record import Curve

Make = Callable[..., Curve]
WAITS = {"late": 0.5, "fewest": 6}


def jitter(count: int, seed: int = 0) -> np.ndarray:
    return 1 + 0.02 * np.random.default_rng(seed).normal(size=count)


def test_the_share_of_waiting_is_that_of_the_step(curve: Make) -> None:
    assert loader_share(curve(0.3 * jitter(200)), curve(1.0 * jitter(200, 1)), **WAITS)["share"].value == pytest.approx(0.3, rel=0.05)


def test_waiting_that_the_step_does_not_hold_is_added_to_it(curve: Make) -> None:
    assert loader_share(curve(3.0 * jitter(200)), curve(1.0 * jitter(200, 1)), **WAITS)["share"].value == pytest.approx(0.75, rel=0.05)


def test_waiting_in_bursts_counts_by_its_sum(curve: Make) -> None:
    waits, steps = np.full(80, 0.002), np.full(80, 0.162)
    waits[::8], steps[::8] = 30.0, 30.16
    assert loader_share(curve(waits), curve(steps), **WAITS)["share"].value == pytest.approx(0.96, abs=0.01)


def test_a_log_by_epochs_tells_of_waiting(curve: Make) -> None:
    waits, steps = curve(90 * jitter(12)), curve(100 * jitter(12, 1))
    assert loader_share(waits, steps, **WAITS)["share"].value == pytest.approx(0.9, rel=0.05)
    assert not loader_share(curve(90 * jitter(5)), curve(100 * jitter(5, 1)), **WAITS)


def test_a_slow_first_half_does_not_count(curve: Make) -> None:
    waits = np.concatenate([np.full(100, 5.0), np.full(100, 0.1)]) * jitter(200)
    assert float(str(loader_share(curve(waits), curve(1.0 * jitter(200, 1)), **WAITS)["share"].value)) < 0.2


def test_slow_steps_are_counted_and_do_not_move_the_usual_time(curve: Make) -> None:
    values = 0.2 * jitter(500)
    values[[100, 200, 300]] = 9.0
    found = step_times(curve(values), last=200, deviations=3)
    assert (found["slow"].value, found["time"].value) == (3, pytest.approx(0.2, rel=0.05))


def test_time_since_the_start_is_no_time_of_a_step(curve: Make) -> None:
    assert not step_times(curve(np.cumsum(0.2 * jitter(100))), last=200, deviations=3)


def test_throughput_is_compared_with_its_own_peak(curve: Make) -> None:
    values = np.concatenate([np.full(200, 1000.0), np.full(200, 600.0)]) * jitter(400)
    values[50] = 99999
    found = throughput(curve(values), window=20)
    assert (found["peak"].value, found["now"].value) == (pytest.approx(1000, rel=0.05), pytest.approx(600, rel=0.05))


def test_memory_that_grows_is_told_from_memory_that_is_taken_at_the_start(curve: Make) -> None:
    taken = np.concatenate([np.linspace(1, 10, 10), np.full(190, 10.0)])
    assert memory_growth(curve(taken), early=0.1)["share"].value == pytest.approx(0)
    assert memory_growth(curve(np.linspace(10, 20, 200)), early=0.1)["share"].value == pytest.approx(0.69, abs=0.05)


def test_the_best_pace_is_one_that_was_held(curve: Make) -> None:
    times = np.concatenate([0.3 * jitter(100), 0.9 * jitter(100, 1)])
    times[50] = 0.001
    assert lasting_pace(curve(times), window=20)["best"].value == pytest.approx(0.3, rel=0.05)
    assert lasting_pace(curve(times[:39]), window=20) == {}
    assert lasting_pace(curve(np.cumsum(times)), window=20) == {}


def test_a_time_since_the_start_is_no_time_of_a_step_though_a_row_stands_in_another_order(curve: Make) -> None:
    times = np.cumsum(jitter(200))
    times[100], times[101] = times[101], times[100]
    assert step_times(curve(times), last=200, deviations=3) == {}
    assert lasting_pace(curve(times), window=20) == {}
