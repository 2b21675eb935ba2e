"""Tail probabilities of the tests that are run on trials."""

from __future__ import annotations

import math

from advise.statistics import normal_below


def f_above(ratio: float, above: float, below: float) -> float:
    """The probability that an F-distributed value lies above `ratio`.

    Exact for 2 degrees of freedom above; otherwise the approximation of Paulson (1942), good to a tenth of the probability from 3 below on.

    Args:
        ratio: Any number; below 0 the probability is 1.
        above: Degrees of freedom of the numerator.
        below: Degrees of freedom of the denominator.
    """
    if ratio <= 0:
        return 1.0
    if above == 2:
        return float((1 + 2 * ratio / below) ** (-below / 2))
    if above == 1:
        from advise.statistics import t_below

        return 2 * t_below(-math.sqrt(ratio), below)
    root = ratio ** (1 / 3)
    z = ((1 - 2 / (9 * below)) * root - (1 - 2 / (9 * above))) / math.sqrt(2 / (9 * below) * root**2 + 2 / (9 * above))
    return normal_below(-z)


def normal_above(z: float) -> float:
    """The probability that a standard normal value lies above `z`."""
    return normal_below(-z)
