from collections.abc import Callable

import numpy as np
import pytest

from advise.runlog.measures.gradients import clip_rate, extremes, growth, layers, logged_rate, norms, warmup
from advise.runlog.series.record import Curve

Make = Callable[..., Curve]
NORMS = {"late": 0.25, "early": 0.2, "times": 10, "weight": 3}


def lognormal(count: int, seed: int = 0) -> np.ndarray:
    return np.exp(0.4 * np.random.default_rng(seed).normal(size=count))


def test_percentiles_are_those_of_the_present(curve: Make) -> None:
    values = np.concatenate([100 * lognormal(300), lognormal(900, 1)])
    found = norms(curve(values), **NORMS)
    assert found["median"].value == pytest.approx(1, rel=0.1)
    assert found["p90"].value == pytest.approx(np.exp(0.4 * 1.2816), rel=0.1)
    assert float(str(found["early"].value)) > 50
    assert found["late"].value == pytest.approx(1, rel=0.2)


@pytest.mark.parametrize("seed", range(5))
def test_norms_of_usual_scatter_have_no_outliers(curve: Make, seed: int) -> None:
    assert norms(curve(lognormal(5000, seed)), **NORMS)["outliers"].value == 0


def test_outliers_are_counted(curve: Make) -> None:
    values = lognormal(1000)
    values[[300, 500, 700]] = 60
    found = norms(curve(values), **NORMS)
    assert (found["outliers"].value, found["highest"].value) == (3, 60)


def test_what_starts_high_is_no_outlier(curve: Make) -> None:
    values = lognormal(200)
    values[:4] = [15, 12, 14, 11]
    assert norms(curve(values), **NORMS)["outliers"].value == 0


def test_a_model_that_has_memorised_its_data_does_not_set_the_threshold(curve: Make) -> None:
    values = np.concatenate([2 * lognormal(300), 0.005 * lognormal(100, 1)])
    assert norms(curve(values), **NORMS)["p90"].value == pytest.approx(1.7, rel=0.2)


def test_norms_that_blow_up_at_the_end_do_not_set_the_threshold(curve: Make) -> None:
    values = np.concatenate([lognormal(370), np.logspace(2, 13, 30)])
    assert norms(curve(values), **NORMS)["p90"].value == pytest.approx(1.8, rel=0.3)


def test_ten_times_next_to_nothing_is_no_outlier(curve: Make) -> None:
    values = np.concatenate([lognormal(500), 1e-6 * lognormal(500, 1)])
    values[800:805] = 1e-3
    assert norms(curve(values), **NORMS)["outliers"].value == 0


def test_a_gradient_of_zero_is_said(curve: Make) -> None:
    assert norms(curve(np.concatenate([lognormal(50), np.zeros(30)])), **NORMS)["is_zero"].value is True
    assert "is_zero" not in norms(curve(lognormal(80)), **NORMS)


def test_the_clip_rate_is_the_share_above_the_threshold(curve: Make) -> None:
    values = np.tile([0.5, 0.5, 0.5, 2.0], 100)
    found = clip_rate(curve(values), threshold=1.0, late=0.25)
    assert found["rate"].value == pytest.approx(0.25)
    assert found["before"].value is True


def test_norms_logged_after_clipping_lie_at_the_threshold(curve: Make) -> None:
    values = np.minimum(1.0, np.tile([0.5, 2.0], 200))
    found = clip_rate(curve(values), threshold=1.0, late=0.25)
    assert found["rate"].value == pytest.approx(0.5)
    assert "before" not in found


def test_clipping_in_the_warmup_tells_nothing(curve: Make) -> None:
    rate = curve(np.linspace(0, 1, 400), role="lr")
    assert warmup(rate)["ongoing"].value is True
    assert not clip_rate(curve(np.full(400, 5.0)), rate=rate, threshold=1.0, late=0.25)


def test_a_logged_clip_rate_may_be_in_percent(curve: Make) -> None:
    found = logged_rate(curve([90.0] * 10 + [20.0] * 10, role="clip.rate"), late=0.25, early=0.25)
    assert (found["early"].value, found["rate"].value) == (pytest.approx(0.9), pytest.approx(0.2))


def test_layers_are_ordered_by_their_numbers(curve: Make) -> None:
    made = [curve(np.full(20, 10.0 ** (number - 10)), role="layer.gradient_norm", column=f"grad/layer.{number}.weight") for number in (10, 2, 0, 1)]
    assert layers(made, fewest=3)["first_to_last"].value == pytest.approx(1e-10)
    assert not layers(made[:2], fewest=3)


def test_layers_of_unlike_names_have_no_order(curve: Make) -> None:
    made = [curve([1.0] * 20, column=name) for name in ("embedding", "head", "body")]
    assert not layers(made, fewest=3)


def test_extremes_name_the_layer_that_they_are_of(curve: Make) -> None:
    made = [curve([share] * 8, column=f"layer.{share}") for share in (0.1, 0.9, 0.4)]
    found = extremes(made)
    assert [found[name].value for name in ("lowest", "median", "highest")] == [0.1, 0.4, 0.9]


def test_growth_is_against_the_first_value(curve: Make) -> None:
    assert growth(curve([2, 3, 10]))["times"].value == 5
    assert not growth(curve([0, 3]))
