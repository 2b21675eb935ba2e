"""Every distribution and every test that is used anywhere, once; SciPy is their oracle in the tests.

Student's t and Fisher's F rest on the regularised incomplete beta function, evaluated by its continued fraction with Lentz's method (Press et al.,
Numerical Recipes, 3rd ed., section 6.4; NIST DLMF 8.17.22). Quantiles of t are found by Newton's method between bounds. SciPy itself would take
twice the time of a whole plan to import.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAD_TO_STD = 1.4826
"""The standard deviation of a normal distribution over its median absolute deviation."""
LARGEST, SMALLEST = 1e150, 1e-150
"""Magnitudes between which squares and products are floats still; training in any precision keeps far inside."""
_TINY = 1e-300
_CONVERGED = 1e-15
_TERMS = 10_000
_STEPS = 200
# Additions that the exact distribution of a rank sum may take: 20 ms. Of 60 values it is told whatever their split, of 150 where five stand apart.
_EXACT = 20_000_000


class Tails(NamedTuple):
    """How probable it is by chance alone to lie as high as was observed, or higher, and as low, or lower; both count what was observed."""

    high: float
    low: float


def t_below(t: float, freedom: float) -> float:
    """The probability that a t-distributed value lies below `t`.

    Args:
        t: Any number; infinities are allowed.
        freedom: Degrees of freedom, above 0; need not be whole.
    """
    if math.isinf(t):
        return 1.0 if t > 0 else 0.0
    # Both arguments are written so that neither loses its digits where the other is close to 1.
    tail = 0.5 * _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t), t * t / (freedom + t * t))
    return 1.0 - tail if t > 0 else tail


def t_quantile(probability: float, freedom: float) -> float:
    """The value that a t-distributed one lies below with this probability.

    Args:
        probability: In (0, 1).
        freedom: Degrees of freedom, above 0; need not be whole.

    Raises:
        ValueError: The probability or the degrees of freedom are out of range.
    """
    if not 0 < probability < 1:
        raise ValueError(f"a probability must be in (0, 1), got {probability}")
    if not freedom > 0:
        raise ValueError(f"degrees of freedom must be above 0, got {freedom}")
    if probability < 0.5:
        return -t_quantile(1 - probability, freedom)
    low, high = 0.0, 1.0
    while t_below(high, freedom) < probability:
        low, high = high, 2 * high
    t = (low + high) / 2
    for _ in range(_STEPS):
        excess = t_below(t, freedom) - probability
        low, high = (t, high) if excess < 0 else (low, t)
        following = t - excess / _density(t, freedom)
        # Newton's step where it stays between the bounds, else half of what is left.
        following = following if low < following < high else (low + high) / 2
        if abs(following - t) <= _CONVERGED * max(1.0, t):
            break
        t = following
    return t


def f_above(ratio: float, above: float, below: float) -> float:
    """The probability that an F-distributed value lies above `ratio`.

    Args:
        ratio: Any number; below 0 the probability is 1.
        above: Degrees of freedom of the numerator, above 0.
        below: Degrees of freedom of the denominator, above 0.
    """
    if ratio <= 0:
        return 1.0
    if math.isinf(ratio):
        return 0.0
    whole = below + above * ratio
    return _incomplete_beta(below / 2, above / 2, below / whole, above * ratio / whole)


def normal_below(z: float) -> float:
    """The probability that a standard normal value lies below `z`."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def normal_quantile(probability: float) -> float:
    """The value that a standard normal one lies below with this probability, in (0, 1)."""
    return NormalDist().inv_cdf(probability)


def share_bounds(count: int, total: int, probability: float = 0.95) -> tuple[float, float]:
    """Wilson's bounds of a share, each of which it lies beyond with one minus this probability.

    Args:
        count: How many of them.
        total: How many in all, at least 1.
        probability: Of each side alone, in (0.5, 1).
    """
    z = normal_quantile(probability)
    share, spread = count / total, z * z / total
    half = z * math.sqrt(share * (1 - share) / total + spread / (4 * total))
    middle = share + spread / 2
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def welch_freedom(errors: Sequence[float], counts: Sequence[int]) -> float:
    """Degrees of freedom of a difference of means whose samples scatter differently (Welch 1947, Satterthwaite 1946).

    Args:
        errors: The squared standard error of each mean; one that is 0 has no say, and one at least is not.
        counts: The number of values behind each, above 1 where its error is not 0.
    """
    whole = sum(errors)
    return 1 / sum((error / whole) ** 2 / (count - 1) for error, count in zip(errors, counts, strict=True) if error)


def middle_ranks(values: Floats) -> Floats:
    """The rank of each value, from 1; equal ones share their middle rank. Shape (n,) as that of the values, which are finite."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[inverse], dtype=np.float64)


def rank_sum(these: Floats, others: Floats) -> Tails:
    """Wilcoxon's rank-sum test, one-sided each way: whether `these` lie higher, or lower, than `others` than chance would put them.

    Exact, ties included, where that is fast; of many values the normal approximation with its correction for continuity, which is then good.

    Args:
        these: Shape (n,), n > 0, finite.
        others: Shape (m,), m > 0, finite.
    """
    n, m = len(these), len(others)
    ranks = middle_ranks(np.concatenate([these, others]))
    if min(n, m) * (n + m) ** 2 * (n + m + 1) > _EXACT:
        return _normal_tails(ranks, n)
    if n <= m:
        return _rank_sum_tails(ranks, float(ranks[:n].sum()), n)
    # The sum of the others is what is left of the whole, so that they are low where these are high.
    tails = _rank_sum_tails(ranks, float(ranks[n:].sum()), m)
    return Tails(tails.low, tails.high)


def drawn_above(count: int, drawn: int, marked: int, total: int) -> float:
    """The probability that of so many drawn at least `count` are marked, by chance alone (Fisher's exact test, one-sided).

    Args:
        count: Of those drawn, how many are marked.
        drawn: How many are drawn, without putting back.
        marked: How many of all are marked.
        total: How many there are.
    """
    most = min(drawn, marked)
    whole = _log_comb(total, drawn)
    logs = [_log_comb(marked, k) + _log_comb(total - marked, drawn - k) - whole for k in range(max(count, drawn + marked - total, 0), most + 1)]
    return min(1.0, math.fsum(map(math.exp, logs)))


def _log_comb(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def mann_kendall(values: Floats) -> float:
    """The normal score of a trend (Mann 1945, Kendall 1975), ties counted: above 0 where later values lie higher; 0 where none differ.

    Args:
        values: Shape (n,), in their order, finite.
    """
    count = len(values)
    first, second = np.triu_indices(count, 1)
    statistic = float(np.sign(values[second] - values[first]).sum())
    ties = np.unique(values, return_counts=True)[1]
    variance = (count * (count - 1) * (2 * count + 5) - float(np.sum(ties * (ties - 1) * (2 * ties + 5)))) / 18
    return (statistic - math.copysign(1, statistic)) / math.sqrt(variance) if variance > 0 and statistic else 0.0


def theil_sen(values: Floats) -> float:
    """The median of the slopes between any two values, by their places (Sen 1968).

    Args:
        values: Shape (n,), n > 1, in their order, finite.
    """
    first, second = np.triu_indices(len(values), 1)
    return float(np.median((values[second] - values[first]) / (second - first)))


def _rank_sum_tails(ranks: Floats, observed: float, size: int) -> Tails:
    # Twice a middle rank is whole. `ways` counts, by size and doubled sum, the parts that can be drawn from the ranks seen so far.
    doubled, target = np.rint(2 * ranks).astype(np.int64), round(2 * observed)
    ways = np.zeros((size + 1, int(np.sort(doubled)[-size:].sum()) + 1))
    ways[0, 0] = 1
    for rank in doubled:
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank].copy()
    drawn = ways[size] / math.comb(len(ranks), size)
    return Tails(min(1.0, float(drawn[target:].sum())), min(1.0, float(drawn[: target + 1].sum())))


def _normal_tails(ranks: Floats, n: int) -> Tails:
    total, m = len(ranks), len(ranks) - n
    excess = float(ranks[:n].sum()) - n * (total + 1) / 2
    counts = np.unique(ranks, return_counts=True)[1]
    variance = n * m / 12 * (total + 1 - float(np.sum(counts**3.0 - counts)) / (total * (total - 1)))
    if variance <= 0:
        return Tails(1.0, 1.0)
    # Rank sums go by ones, and each tail counts what was observed.
    return Tails(normal_below((0.5 - excess) / math.sqrt(variance)), normal_below((0.5 + excess) / math.sqrt(variance)))


def _density(t: float, freedom: float) -> float:
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    return max(_TINY, scale * math.exp(-(freedom + 1) / 2 * math.log1p(t * t / freedom)))


def _incomplete_beta(a: float, b: float, x: float, rest: float) -> float:
    """I_x(a, b), with `rest` = 1 - x."""
    if x <= 0:
        return 0.0
    if rest <= 0:
        return 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(rest))
    # The fraction converges fast on the near side of the mean; the other side is its mirror image.
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1.0 - front * _fraction(b, a, rest) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1.0 / _away_from_zero(1.0 - (a + b) * x / (a + 1))
    value = d
    for term in range(1, _TERMS):
        even = term * (b - term) * x / ((a + 2 * term - 1) * (a + 2 * term))
        odd = -(a + term) * (a + b + term) * x / ((a + 2 * term) * (a + 2 * term + 1))
        for numerator in (even, odd):
            d = 1.0 / _away_from_zero(1.0 + numerator * d)
            c = _away_from_zero(1.0 + numerator / c)
            value *= c * d
        if abs(c * d - 1.0) < _CONVERGED:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
