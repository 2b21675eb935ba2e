"""Comparing two configurations over seeds: how large the gain is, and how well it is known.

The test is Welch's (Biometrika 34, 1947), with degrees of freedom after Satterthwaite: it holds its level at 2 to 10 seeds a side, also where the two
sides scatter differently; a percentile bootstrap does not. It asks one question, "is the new one better?", so it is one-sided: the interval of
confidence 2·level - 1 leaves 1 - level below it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from advise.experiments.compare.sample import Sample, mean, variance
from advise.statistics import normal_below, normal_quantile, t_quantile, welch_freedom
from advise.terms import Direction

_MOST_SEEDS = 1_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What a comparison is held to.

    Attributes:
        level: Confidence that a gain called one is one, as a share.
        power: Share of gains of the observed size that a repeat shall find.
        paired_from: From how many shared seeds on runs are compared pair by pair.
        fewest_seeds: A repeat is never planned with fewer on a side.
    """

    level: float
    power: float
    paired_from: int
    fewest_seeds: int


@dataclass(frozen=True, slots=True)
class Side:
    """One configuration over its seeds; everything in the unit of the metric."""

    runs: int
    mean: float
    std: float
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The gain of a new configuration over a baseline. Everything but shares and counts is in the unit of the metric.

    Attributes:
        direction: Whether more is better.
        gain: Difference of the means, positive where the new one is better.
        gain_error: Its standard error over the seeds.
        freedom: Degrees of freedom behind that error.
        critical: How many standard errors a gain must reach.
        needed_gain: The smallest gain that these seeds establish.
        low: Lower end of the interval: with confidence `level` the gain is above it.
        high: Upper end.
        level: See `Terms`.
        trial_std: Trial variance: the spread between seeds within a configuration, pooled, as a standard deviation.
        effect: The gain in units of that spread.
        win_rate: How often the new one wins where both are trained once more, were the scores normal.
        relative: The gain as a share of the baseline's mean; None where that is 0, or next to it.
        pairs: How many pairs of equal seeds were compared; 0 where runs were not paired.
        correlation: Of the paired scores; None where there are no pairs or a side does not vary.
        seeds_needed: Runs on each side with which a gain of this size would be found; None where there is no gain, or it would take too many.
    """

    base: Side
    new: Side
    direction: Direction
    gain: float
    gain_error: float
    freedom: float
    critical: float
    needed_gain: float
    low: float
    high: float
    level: float
    trial_std: float
    effect: float
    win_rate: float
    relative: float | None
    pairs: int
    correlation: float | None
    seeds_needed: int | None


def compare(base: Sample, new: Sample, direction: Direction, terms: Terms) -> Comparison:
    """Compare two configurations.

    Args:
        base: The baseline, at least two finite scores.
        new: The candidate, at least two finite scores; the scores of one side at least differ.
        direction: Whether more is better.
        terms: What the comparison is held to.
    """
    pairs = _pairs(base, new, terms.paired_from)
    # Of pairs the values of both sides stand in the same order.
    before = _side([pair[0] for pair in pairs] or base.values)
    after = _side([pair[1] for pair in pairs] or new.values)
    sign = 1.0 if direction == "up" else -1.0
    gain = sign * (after.mean - before.mean)
    spread = _paired(pairs) if pairs else _Spread(before.std**2, after.std**2, before.runs, after.runs)
    critical = t_quantile(terms.level, spread.freedom)
    trial_std = math.sqrt(((before.runs - 1) * before.std**2 + (after.runs - 1) * after.std**2) / (before.runs + after.runs - 2))
    effect = gain / trial_std
    return Comparison(
        base=before,
        new=after,
        direction=direction,
        gain=gain,
        gain_error=spread.error,
        freedom=spread.freedom,
        critical=critical,
        needed_gain=critical * spread.error,
        low=gain - critical * spread.error,
        high=gain + critical * spread.error,
        level=terms.level,
        trial_std=trial_std,
        effect=effect,
        win_rate=normal_below(effect / math.sqrt(2)),
        relative=_share(gain, before.mean),
        pairs=len(pairs),
        correlation=_correlation(pairs),
        seeds_needed=_seeds_needed(gain, spread, terms),
    )


@dataclass(frozen=True, slots=True)
class _Spread:
    """How the difference of two means scatters; a paired comparison has one variance, that of the differences, and `runs_base` pairs.

    Attributes:
        base: Variance of a single baseline score, or of a single difference.
        new: Variance of a single new score; 0 for pairs.
        runs_base: How many scores or pairs.
        runs_new: How many scores; 0 for pairs.
    """

    base: float
    new: float
    runs_base: int
    runs_new: int

    @property
    def error(self) -> float:
        return math.sqrt(sum(self._parts))

    @property
    def freedom(self) -> float:
        """After Satterthwaite; of pairs, their number less one."""
        return welch_freedom(self._parts, (self.runs_base, self.runs_new))

    @property
    def _parts(self) -> tuple[float, float]:
        return (self.base / self.runs_base, self.new / self.runs_new if self.runs_new else 0.0)

    def with_runs(self, runs: int) -> _Spread:
        """The same scatter, with as many runs on each side."""
        return _Spread(self.base, self.new, runs, runs)


def _side(values: Sequence[float]) -> Side:
    return Side(len(values), mean(values), math.sqrt(variance(values)), tuple(values))


def _share(gain: float, mean_before: float) -> float | None:
    share = gain / abs(mean_before) if mean_before else math.inf
    return share if math.isfinite(share) else None


def _pairs(base: Sample, new: Sample, least: int) -> tuple[tuple[float, float], ...]:
    before, after = base.seeds, new.seeds
    if before is None or after is None or before.keys() != after.keys() or len(before) < least:
        return ()
    pairs = tuple((before[seed], after[seed]) for seed in before)
    # Differences that are all equal would promise certainty; the scores still vary.
    return pairs if variance([second - first for first, second in pairs]) > 0 else ()


def _paired(pairs: tuple[tuple[float, float], ...]) -> _Spread:
    return _Spread(variance([second - first for first, second in pairs]), 0.0, len(pairs), 0)


def _correlation(pairs: tuple[tuple[float, float], ...]) -> float | None:
    if not pairs:
        return None
    first, second = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    scale = math.sqrt(variance(first) * variance(second))
    if scale == 0:
        return None
    a, b = mean(first), mean(second)
    return math.fsum((x - a) * (y - b) for x, y in pairs) / (len(pairs) - 1) / scale


def _seeds_needed(gain: float, spread: _Spread, terms: Terms) -> int | None:
    """The fewest runs a side whose critical gain lies so far below this one that the wanted share of repeats clears it."""
    if gain <= 0:
        return None
    # What would do if the spread were known exactly is too few for a spread that is estimated, so the search starts there.
    reach = normal_quantile(terms.level) + normal_quantile(terms.power)
    known = spread.with_runs(1).error * reach / gain
    if known * known > _MOST_SEEDS:
        return None
    for runs in range(max(terms.fewest_seeds, math.ceil(known * known)), _MOST_SEEDS + 1):
        repeat = spread.with_runs(runs)
        reach = t_quantile(terms.level, repeat.freedom) + t_quantile(terms.power, repeat.freedom)
        if gain >= reach * repeat.error:
            return runs
    return None
