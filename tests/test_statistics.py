"""Student's t, against closed forms, tables and, where it is at hand, SciPy."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advise.statistics import normal_below, t_below, t_quantile

# One-sided 95 % and 97.5 % points as every table of the t distribution prints them.
TABLE = {
    0.95: {1: 6.314, 2: 2.920, 3: 2.353, 4: 2.132, 5: 2.015, 8: 1.860, 10: 1.812, 18: 1.734, 30: 1.697, 120: 1.658},
    0.975: {1: 12.706, 2: 4.303, 4: 2.776, 8: 2.306, 18: 2.101, 60: 2.000},
}


@pytest.mark.parametrize(("probability", "freedom", "point"), [(p, df, point) for p, row in TABLE.items() for df, point in row.items()])
def test_quantiles_are_those_of_the_tables(probability: float, freedom: int, point: float) -> None:
    assert t_quantile(probability, freedom) == pytest.approx(point, abs=6e-4)


@given(st.floats(-1e6, 1e6))
def test_one_degree_of_freedom_is_cauchy_and_two_have_a_closed_form(t: float) -> None:
    assert t_below(t, 1) == pytest.approx(0.5 + math.atan(t) / math.pi, abs=1e-12)
    assert t_below(t, 2) == pytest.approx(0.5 + t / (2 * math.sqrt(2 + t * t)), abs=1e-12)


@given(st.floats(0.001, 0.999), st.floats(0.5, 1e4))
def test_the_quantile_undoes_the_distribution(probability: float, freedom: float) -> None:
    assert t_below(t_quantile(probability, freedom), freedom) == pytest.approx(probability, abs=1e-9)


@given(st.floats(-50, 50), st.floats(0.5, 1e5))
def test_the_distribution_is_symmetric_and_in_bounds(t: float, freedom: float) -> None:
    below = t_below(t, freedom)
    assert 0 <= below <= 1
    assert below + t_below(-t, freedom) == pytest.approx(1, abs=1e-12)


def test_many_degrees_of_freedom_are_normal() -> None:
    assert t_below(1.645, 1e7) == pytest.approx(normal_below(1.645), abs=1e-6)
    assert t_below(math.inf, 3) == 1
    assert t_below(-math.inf, 3) == 0


@pytest.mark.parametrize(("probability", "freedom"), [(0, 3), (1, 3), (math.nan, 3), (0.5, 0), (0.5, math.nan)])
def test_what_is_out_of_range_is_refused(probability: float, freedom: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        t_quantile(probability, freedom)


def test_it_agrees_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    for freedom in (0.7, 1.5, 3.67, 9.2, 41.0, 900.0):
        for t in (-30.0, -2.2, -0.01, 0.0, 0.4, 1.9, 7.5):
            assert t_below(t, freedom) == pytest.approx(float(stats.t.cdf(t, freedom)), rel=1e-9, abs=1e-14)
        for probability in (0.001, 0.2, 0.8, 0.95, 0.9995):
            assert t_quantile(probability, freedom) == pytest.approx(float(stats.t.ppf(probability, freedom)), rel=1e-8)
