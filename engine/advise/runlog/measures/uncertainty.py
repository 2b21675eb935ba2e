"""How sure a measured number is: the noise of single values, told from the curve itself, and the sampling error of a dev set.

Standard errors, with their degrees of freedom: what interval they make at the level of confidence of `kb/measures.yaml` is not decided here.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from advise.runlog.arrays import Floats
from advise.runlog.measures.noise import scatter
from advise.runlog.series.record import Curve

# Second differences of fewer values tell next to nothing.
_FEWEST = 5
# From so many values on the scale is a robust one, which a spike does not enter.
_MANY = 20
# The share of its degrees of freedom that an estimate keeps: of a median absolute deviation of differences, of a mean square of second ones.
_ROBUST, _SQUARES = 0.25, 18 / 35
# The standard deviation of what was rounded to the next step, in steps.
_ROUNDING = 1 / math.sqrt(12)


class Noise(NamedTuple):
    """The standard deviation of single values about their course, and on how many degrees of freedom it was told."""

    deviation: float
    freedom: float


class Error(NamedTuple):
    """A standard error; infinite where nothing tells how large it is."""

    size: float
    freedom: float = math.inf


UNKNOWN = Error(math.inf)


def noise_of(values: Floats, step: float = 0.0) -> Noise | None:
    """The noise of single values, a trend and its curvature left out; None where they are too few to tell.

    Args:
        values: Shape (n,), finite, those that lie apart by as much as the ones that the noise is to be told of.
        step: The distance of the values that can be told apart as they are written.
    """
    count = len(values)
    if count < _FEWEST:
        return None
    floor = _ROUNDING * step
    if count >= _MANY:
        return Noise(max(scatter(values), floor), _ROBUST * count)
    with np.errstate(over="ignore"):
        bends = np.diff(values, 2)
        deviation = math.sqrt(float(np.mean(bends * bends)) / 6)
    return Noise(max(deviation, floor), max(1.0, _SQUARES * (count - 2)))


def late_noise(curve: Curve, level: float, late: float = 0.5) -> Noise | None:
    """The noise of single values once the fast progress is over; None of fewer than five values.

    That of a curve above 0 is a share of its level, as noise of losses is, so that no loss is thought to lie below 0 for the height it fell from.

    Args:
        curve: A curve, finite.
        level: The level at which the noise is asked for.
        late: Which share of the values, from the end, is late.
    """
    values = curve.values[-max(_FEWEST, round(late * len(curve))) :]
    if not len(values) or np.min(values) <= 0 or level <= 0:
        return noise_of(values, curve.resolution)
    found = noise_of(np.log(values), curve.resolution / level)
    return None if found is None else Noise(found.deviation * level, found.freedom)


def mean_error(noise: Noise | None, count: int) -> Error | None:
    """The standard error of the mean of values; None where their noise is not known.

    Args:
        noise: That of single values.
        count: Of how many the mean is taken.
    """
    return None if noise is None else Error(noise.deviation / math.sqrt(count), noise.freedom)


def difference_error(noise: Noise, first: int, second: int) -> Error:
    """The standard error of the difference of two means.

    Args:
        noise: That of single values.
        first: Of how many the one mean is taken.
        second: Of how many the other.
    """
    return Error(noise.deviation * math.sqrt(1 / first + 1 / second), noise.freedom)


def sampling_error(first: float, second: float, size: float) -> float:
    """The sampling error of the difference of two shares on one dev set, as if each had drawn its own: rather too large than too small.

    Args:
        first: A share, or a percentage.
        second: The other.
        size: How many samples the dev set has.
    """
    unit = 100.0 if max(first, second) > 1 else 1.0
    spreads = (share / unit * (1 - share / unit) for share in (first, second))
    return unit * math.sqrt(max(0.0, sum(spreads)) / size)


def combined(noise: Error, sampling: float) -> Error:
    """Two independent errors as one; of the sampling the size is known, so that the degrees of freedom grow with its part (Satterthwaite 1946).

    Args:
        noise: The one, told from few values.
        sampling: The other.
    """
    square = noise.size**2
    whole = square + sampling**2
    return Error(math.sqrt(whole), noise.freedom * (whole / square) ** 2 if square > 0 else math.inf)


def share_error(share: float, count: int) -> Error:
    """The standard error of a share that was counted; that none or all were is an exact sign, and has none.

    Args:
        share: In [0, 1].
        count: Of how many.
    """
    return Error(math.sqrt(share * (1 - share) / count))
