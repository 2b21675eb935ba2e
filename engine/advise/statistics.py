"""Student's t distribution, for a handful of seeds; the standard library has the normal one alone.

The distribution function is the regularised incomplete beta function, evaluated by its continued fraction with Lentz's method (Press et al.,
Numerical Recipes, 3rd ed., section 6.4; NIST DLMF 8.17.22). Quantiles are found by Newton's method between bounds.
"""

from __future__ import annotations

import math

_TINY = 1e-300
_CONVERGED = 1e-15
_TERMS = 10_000
_STEPS = 200


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


def normal_below(z: float) -> float:
    """The probability that a standard normal value lies below `z`."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


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
