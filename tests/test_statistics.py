"""Distributions and tests, against closed forms, tables, brute force and SciPy, over the range in which they decide."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import special, stats

from advise.statistics import (
    MAD_TO_STD,
    f_above,
    mann_kendall,
    middle_ranks,
    normal_below,
    normal_quantile,
    rank_sum,
    share_bounds,
    t_below,
    t_quantile,
    theil_sen,
    welch_freedom,
)

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


def test_t_agrees_with_scipy() -> None:
    for freedom in (0.7, 1.5, 3.67, 9.2, 41.0, 900.0):
        for t in (-30.0, -2.2, -0.01, 0.0, 0.4, 1.9, 7.5):
            assert t_below(t, freedom) == pytest.approx(float(stats.t.cdf(t, freedom)), rel=1e-9, abs=1e-14)
        for probability in (0.001, 0.2, 0.8, 0.95, 0.9995):
            assert t_quantile(probability, freedom) == pytest.approx(float(stats.t.ppf(probability, freedom)), rel=1e-8)


@pytest.mark.parametrize("above", [1, 2, 3, 4, 5, 8, 12, 20])
@pytest.mark.parametrize("below", [1, 4, 5, 6, 8, 12, 20, 50, 200, 2000])
def test_f_agrees_with_scipy(above: int, below: int) -> None:
    for probability in np.logspace(-12, -0.01, 60):
        ratio = float(special.fdtri(above, below, 1 - probability)) if probability > 1e-9 else float(stats.f.isf(probability, above, below))
        assert f_above(ratio, above, below) == pytest.approx(float(special.fdtrc(above, below, ratio)), rel=1e-10)


@given(st.floats(0, 1e6), st.integers(1, 3000))
def test_f_of_one_and_of_two_degrees_above_has_a_closed_form(ratio: float, below: int) -> None:
    assert f_above(ratio, 1, below) == pytest.approx(2 * t_below(-math.sqrt(ratio), below), rel=1e-9, abs=1e-300)
    assert f_above(ratio, 2, below) == pytest.approx((1 + 2 * ratio / below) ** (-below / 2), rel=1e-9, abs=1e-300)


def test_f_outside_its_range() -> None:
    assert f_above(-1, 3, 5) == f_above(0, 3, 5) == 1
    assert f_above(math.inf, 3, 5) == 0


@given(st.floats(-8, 8))
def test_the_normal_distribution_agrees_with_scipy(z: float) -> None:
    assert normal_below(z) == pytest.approx(float(special.ndtr(z)), rel=1e-12)
    assert normal_quantile(normal_below(z)) == pytest.approx(z, abs=1e-2 if z > 6 else 1e-6)


@given(st.integers(1, 500), st.data(), st.sampled_from([0.9, 0.95, 0.99]))
def test_the_bounds_of_a_share_are_wilsons(total: int, data: st.DataObject, probability: float) -> None:
    count = data.draw(st.integers(0, total))
    interval = stats.binomtest(count, total).proportion_ci(2 * probability - 1, "wilson")
    assert share_bounds(count, total, probability) == pytest.approx((interval.low, interval.high), abs=1e-9)


def test_the_median_absolute_deviation_of_a_normal_distribution() -> None:
    assert MAD_TO_STD * float(stats.norm.ppf(0.75)) == pytest.approx(1, rel=1e-4)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12), st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12))
def test_the_freedom_of_two_means_is_that_of_welchs_test(first: list[float], second: list[float]) -> None:
    errors = [float(np.var(values, ddof=1)) / len(values) for values in (first, second)]
    if min(errors) > 1e-6:
        theirs = stats.ttest_ind(first, second, equal_var=False)
        assert welch_freedom(errors, [len(first), len(second)]) == pytest.approx(float(theirs.df), rel=1e-9)


VALUES = st.integers(0, 6).map(float)


@given(st.lists(VALUES, min_size=1, max_size=30))
def test_middle_ranks_are_those_of_scipy(values: list[float]) -> None:
    assert middle_ranks(np.array(values)).tolist() == stats.rankdata(values).tolist()


@given(st.lists(VALUES, min_size=1, max_size=5), st.lists(VALUES, min_size=1, max_size=6))
def test_the_rank_sum_is_counted_over_every_split_of_the_values(these: list[float], others: list[float]) -> None:
    ranks = stats.rankdata([*these, *others])
    observed = ranks[: len(these)].sum()
    sums = np.array([sum(part) for part in combinations(ranks.tolist(), len(these))])
    found = rank_sum(np.array(these), np.array(others))
    assert found.high == pytest.approx(float(np.mean(sums >= observed - 1e-9)))
    assert found.low == pytest.approx(float(np.mean(sums <= observed + 1e-9)))


@pytest.mark.parametrize(("these", "others"), [(2, 18), (3, 27), (18, 2), (10, 40), (30, 30), (5, 145), (60, 60), (400, 1600)])
@pytest.mark.parametrize("shift", [-0.6, 0.0, 0.3, 0.9])
def test_the_rank_sum_agrees_with_scipy(these: int, others: int, shift: float) -> None:
    generator = np.random.default_rng(these)
    first, second = generator.random(these) + shift, generator.random(others)
    # Exact where SciPy is asked to be; where too many values are counted here, what differs is below a hundredth in the range that decides.
    exact = these + others <= 150 and min(these, others) <= 30
    for side, found in zip(("greater", "less"), rank_sum(first, second), strict=True):
        theirs = stats.mannwhitneyu(first, second, alternative=side, method="exact" if exact else "asymptotic").pvalue
        assert found == pytest.approx(float(theirs), rel=1e-9, abs=1e-300)


def test_ties_narrow_the_normal_approximation_as_in_scipy() -> None:
    generator = np.random.default_rng(1)
    first, second = generator.integers(0, 4, 300).astype(float), generator.integers(0, 5, 500).astype(float)
    theirs = stats.mannwhitneyu(first, second, alternative="greater", method="asymptotic").pvalue
    assert rank_sum(first, second).high == pytest.approx(float(theirs), rel=1e-9)
    assert rank_sum(np.ones(900), np.ones(900)) == rank_sum(np.ones(9), np.ones(9)) == (1, 1)


@pytest.mark.parametrize("count", range(5, 21))
def test_the_score_of_a_trend_decides_as_its_exact_distribution_does(count: int) -> None:
    """At 1 % two-sided: the score is compared with 2.58, and an order without exception counts in any case."""
    generator = np.random.default_rng(count)
    places = np.arange(count)
    judged = {True: 0, False: 0}
    for _ in range(300):
        values = generator.normal(size=count) + generator.uniform(0, 4) * places / count
        kendall = stats.kendalltau(places, values, method="exact")
        if not 0.007 < kendall.pvalue < 0.013:
            judged[bool(kendall.pvalue < 0.01)] += 1
            assert (abs(mann_kendall(values)) > 2.58) == (kendall.pvalue < 0.01) or abs(kendall.statistic) == 1
    assert count < 8 or min(judged.values()) > 10


@given(st.lists(VALUES, min_size=3, max_size=20))
def test_ties_narrow_the_score_of_a_trend_as_in_scipy(values: list[float]) -> None:
    # Kendall's tau against places has the same statistic and variance; SciPy applies no correction for continuity, so it is taken back.
    statistic = sum(math.copysign(1, later - earlier) for earlier, later in combinations(values, 2) if later != earlier)
    assume(abs(statistic) > 1)
    score = mann_kendall(np.array(values)) * statistic / (statistic - math.copysign(1, statistic))
    theirs = stats.kendalltau(range(len(values)), values, method="asymptotic")
    assert 2 * normal_below(-abs(score)) == pytest.approx(float(theirs.pvalue), rel=1e-9)
    assert score * theirs.statistic > 0


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=20))
def test_the_slope_is_that_of_scipy(values: list[float]) -> None:
    assert theil_sen(np.array(values)) == pytest.approx(float(stats.theilslopes(values).slope), abs=1e-9)
