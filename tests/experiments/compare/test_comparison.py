"""The figures of a comparison."""

from __future__ import annotations

import json
import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import asdict

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from advise.experiments.compare.comparison import Comparison, Terms, compare
from advise.experiments.compare.sample import Sample, Score, variance
from advise.terms import Direction

TERMS = Terms(level=0.95, power=0.8, paired_from=5, fewest_seeds=3)
SCORES = st.lists(st.floats(0, 1).map(lambda value: round(value, 6)), min_size=2, max_size=8)


def sample(values: Sequence[float], seeds: Sequence[str] | None = None) -> Sample:
    return Sample("BASE", tuple(Score(value, "file", index, None if seeds is None else seeds[index]) for index, value in enumerate(values)))


def compared(base: Sequence[float], new: Sequence[float], direction: Direction = "up") -> Comparison:
    return compare(sample(base), sample(new), direction, TERMS)


def test_the_interval_is_welchs() -> None:
    # NIST's two-sample example has no unequal spreads; this one is by hand: variances 1 and 4 at n = 3 and 4.
    found = compared([1.0, 2.0, 3.0], [2.0, 4.0, 4.0, 6.0])
    error = math.sqrt(1 / 3 + (8 / 3) / 4)
    freedom = error**4 / ((1 / 3) ** 2 / 2 + ((8 / 3) / 4) ** 2 / 3)
    assert found.gain == pytest.approx(2)
    assert found.gain_error == pytest.approx(error)
    assert found.freedom == pytest.approx(freedom)
    assert found.low == pytest.approx(2 - found.critical * error)
    assert found.needed_gain == pytest.approx(found.critical * error)


def test_it_agrees_with_scipy() -> None:
    base, new = [0.912, 0.915, 0.913, 0.91], [0.921, 0.918, 0.925]
    found = compared(base, new)
    theirs = stats.ttest_ind(new, base, equal_var=False).confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high))


@given(SCORES, SCORES)
def test_less_is_better_turns_the_gain_around(base: list[float], new: list[float]) -> None:
    assume(len(set(base)) > 1 or len(set(new)) > 1)
    up, down = compared(base, new), compared(base, new, "down")
    assert down.gain == -up.gain
    assert (down.low, down.high) == pytest.approx((-up.high, -up.low))
    assert down.gain_error == up.gain_error


@given(SCORES, SCORES, st.floats(0.01, 1000), st.floats(-100, 100))
def test_the_verdict_does_not_depend_on_the_unit(base: list[float], new: list[float], scale: float, shift: float) -> None:
    assume(len(set(base)) > 1 and len(set(new)) > 1)
    one = compared(base, new)
    other = compared([scale * value + shift for value in base], [scale * value + shift for value in new])
    assume(one.trial_std > 1e-4)
    assert other.effect == pytest.approx(one.effect, rel=1e-4, abs=1e-6)
    assert other.freedom == pytest.approx(one.freedom, rel=1e-3)


def test_the_gain_counts_in_spreads_between_seeds() -> None:
    found = compared([0.0, 2.0], [3.0, 5.0])
    assert found.trial_std == pytest.approx(math.sqrt(2))
    assert found.effect == pytest.approx(3 / math.sqrt(2))
    assert found.win_rate == pytest.approx(statistics.NormalDist().cdf(1.5))
    assert found.relative == pytest.approx(3.0)
    assert compared([-1.0, 1.0], [3.0, 5.0]).relative is None


def test_runs_of_equal_seeds_are_compared_pair_by_pair_whatever_their_order() -> None:
    base = {"a": 0.90, "b": 0.94, "c": 0.92, "d": 0.96, "e": 0.98}
    new = {"e": 0.985, "d": 0.964, "a": 0.906, "b": 0.945, "c": 0.926}
    found = compare(sample([*base.values()], [*base]), sample([*new.values()], [*new]), "up", TERMS)
    differences = [new[seed] - base[seed] for seed in base]
    assert found.pairs == 5
    assert found.gain_error == pytest.approx(statistics.stdev(differences) / math.sqrt(5))
    assert found.freedom == pytest.approx(4)
    assert found.correlation == pytest.approx(statistics.correlation([*base.values()], [new[seed] for seed in base]))
    assert found.low > 0
    assert compared([*base.values()], [*new.values()]).low < 0


@pytest.mark.parametrize(
    ("base", "new"),
    [("abcd", "abcd"), ("abcde", "abcdf"), ("abcde", "abcdd")],
    ids=["four pairs cost more than they bring", "other seeds", "a seed twice"],
)
def test_otherwise_they_are_not_paired(base: str, new: str) -> None:
    values = [0.9, 0.91, 0.92, 0.93, 0.94]
    found = compare(sample(values[: len(base)], base), sample([value + 0.01 for value in values[: len(new)]], new), "up", TERMS)
    assert found.pairs == 0


def test_differences_that_are_all_equal_do_not_promise_certainty() -> None:
    values = [0.5, 0.25, 0.75, 1.0, 0.125]
    found = compare(sample(values, "abcde"), sample([value + 0.25 for value in values], "abcde"), "up", TERMS)
    assert found.pairs == 0
    assert found.gain_error > 0


@pytest.mark.parametrize(("effect", "runs"), [(1.0, 14), (1.5, 7), (2.0, 4), (3.0, 3)])
def test_the_seeds_asked_for_find_the_gain_in_four_of_five_repeats(effect: float, runs: int) -> None:
    # Two equal spreads of exactly 1; the wanted numbers are those of the noncentral t distribution, rounded up by at most one.
    base = [-math.sqrt(0.5), math.sqrt(0.5)]
    found = compared(base, [value + effect for value in base])
    assert found.seeds_needed is not None
    assert runs <= found.seeds_needed <= runs + 1


def test_the_seeds_asked_for_are_enough_in_simulation() -> None:
    source = random.Random(6)
    base = [-math.sqrt(0.5), math.sqrt(0.5)]
    needed = compared(base, [value + 1.5 for value in base]).seeds_needed
    assert needed is not None
    trials = 1500
    found = 0
    for _ in range(trials):
        one = [source.gauss(0, 1) for _ in range(needed)]
        other = [source.gauss(1.5, 1) for _ in range(needed)]
        found += compared(one, other).low > 0
    assert found / trials > 0.78


def test_no_gain_and_a_gain_far_too_small_ask_for_no_seeds() -> None:
    assert compared([0.9, 0.91], [0.9, 0.91]).seeds_needed is None
    assert compared([0.9, 0.95], [0.9, 0.950001]).seeds_needed is None


ANY = st.lists(st.floats(-1e100, 1e100), min_size=2, max_size=6)


@given(ANY, ANY)
def test_whatever_the_scores_every_figure_is_a_number(base: list[float], new: list[float]) -> None:
    assume(any(len(set(values)) > 1 and variance(values) > 0 for values in (base, new)))
    figures = asdict(compared(base, new))
    json.dumps(figures, allow_nan=False)
    assert figures["low"] <= figures["gain"] <= figures["high"]
    assert 0 <= figures["win_rate"] <= 1


def test_one_side_that_does_not_scatter_leaves_the_freedom_to_the_other() -> None:
    found = compared([0.9, 0.9, 0.9], [0.92, 0.93, 0.94])
    assert found.freedom == pytest.approx(2)
