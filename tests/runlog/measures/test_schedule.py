from collections.abc import Callable, Mapping

import numpy as np
import pytest

from advise.runlog.measures.schedule import learning_rate
from advise.runlog.series.rates import with_resolution
from advise.runlog.series.record import Curve

Make = Callable[..., Curve]
RATE = {"tiny": 0.01, "rise": 0.05}
STEPS = np.arange(1, 1001)
PART = STEPS / 1000
FORMS: Mapping[str, np.ndarray] = {
    "constant": np.ones(1000),
    "linear": 1 - PART,
    "cosine": 0.5 * (1 + np.cos(np.pi * PART)),
    "exponential": np.exp(-5 * PART),
    "step": 0.1 ** np.floor(3 * STEPS / 1001),
    "cosine_restarts": 0.5 * (1 + np.cos(np.pi * ((4 * STEPS / 1001) % 1))),
    "warmup_stable_decay": np.minimum(1, 5 * (1 - PART)),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("peak", [1.0, 3e-5])
def test_a_schedule_is_known_by_its_form(curve: Make, form: str, peak: float) -> None:
    assert learning_rate(curve(peak * FORMS[form], role="lr"), **RATE)["kind"].value == form


def test_a_cosine_that_was_cut_short_is_known_by_the_budget(curve: Make) -> None:
    assert learning_rate(curve(FORMS["cosine"][:500], role="lr"), budget=1000, **RATE)["kind"].value == "cosine"


def test_the_warmup_ends_at_the_peak(curve: Make) -> None:
    rate = curve(np.concatenate([np.linspace(0.01, 1, 100), np.linspace(1, 0.1, 900)]), role="lr")
    found = learning_rate(rate, **RATE)
    assert abs(int(str(found["warmup"].value)) - 100) <= 2
    assert (found["peak"].value, found["initial"].value, found["current"].value) == (1, 0.01, 0.1)
    assert learning_rate(curve(FORMS["linear"], role="lr"), **RATE)["warmup"].value == 0


def test_a_log_that_begins_late_tells_no_warmup(curve: Make) -> None:
    rate = curve(FORMS["linear"], role="lr")
    late = Curve(rate.role, rate.column, rate.file, "", rate.steps + 5000, rate.values, rate.lines)
    assert "warmup" not in learning_rate(late, **RATE)


def test_the_tail_is_what_runs_at_next_to_nothing(curve: Make) -> None:
    values = np.concatenate([np.linspace(1, 0, 600), np.zeros(400)])
    assert learning_rate(curve(values, role="lr"), **RATE)["tail"].value == pytest.approx(0.4, abs=0.02)


def test_a_rate_that_comes_up_again_rises_in_its_decay(curve: Make) -> None:
    assert learning_rate(curve(FORMS["cosine_restarts"], role="lr"), **RATE)["rises"].value is True
    assert learning_rate(curve(FORMS["cosine"], role="lr"), **RATE)["rises"].value is False


def test_a_negative_rate_is_no_rate(curve: Make) -> None:
    assert not learning_rate(curve([1, -1, 1], role="lr"), **RATE)


def test_a_rate_that_still_rises_has_no_form_yet(curve: Make) -> None:
    found = learning_rate(curve(np.linspace(1e-5, 1e-2, 27), role="lr"), **RATE)
    assert "kind" not in found
    assert found["peak"].value == 1e-2


def test_a_decay_after_a_warmup_keeps_its_form(curve: Make) -> None:
    decay = 0.5 * (1 + np.cos(np.pi * np.linspace(0, 1, 900)))
    assert learning_rate(curve(np.concatenate([np.linspace(0.001, 1, 100), decay]), role="lr"), **RATE)["kind"].value == "cosine"


def printed(curve: Make, values: np.ndarray, decimals: int) -> Curve:
    return with_resolution(curve(np.round(values, decimals), role="lr"))


def test_of_a_rate_printed_with_few_decimals_only_the_peak_is_known(curve: Make) -> None:
    found = learning_rate(printed(curve, 3e-4 * FORMS["cosine"], 4), **RATE)
    assert found.keys() == {"peak", "highest", "initial", "rises"}
    assert found["peak"].error == pytest.approx(1e-4 / np.sqrt(12))
    assert found["rises"].value is False
    assert learning_rate(printed(curve, 3e-4 * FORMS["cosine"], 8), **RATE)["kind"].value == "cosine"


def test_a_rate_in_stairs_has_all_its_digits(curve: Make) -> None:
    found = learning_rate(printed(curve, 0.1 * FORMS["step"], 3), **RATE)
    assert (found["kind"].value, found["current"].value) == ("step", pytest.approx(0.001))
    assert found["peak"].error is None


@pytest.mark.parametrize("form", ["linear", "cosine", "exponential", "warmup_stable_decay"])
def test_no_wrong_form_is_read_into_few_digits(curve: Make, form: str) -> None:
    for unit in (3, 7, 20, 45):
        found = learning_rate(printed(curve, unit * 1e-4 * FORMS[form], 4), **RATE)
        assert "kind" not in found or found["kind"].value == form


def test_a_rate_that_moved_by_one_unit_has_no_form_yet(curve: Make) -> None:
    assert "kind" not in learning_rate(printed(curve, np.linspace(3e-4, 2.4e-4, 1000), 4), **RATE)
    assert learning_rate(printed(curve, np.full(1000, 3e-4), 4), **RATE)["kind"].value == "constant"
