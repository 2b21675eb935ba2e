"""How much of a curve is noise: robust scales that rounding and trends do not fool."""

from __future__ import annotations

import math
from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from advise.runlog.arrays import Floats, Integers
from advise.runlog.measures.reading import Readings, over
from advise.runlog.series.record import Curve
from advise.statistics import MAD_TO_STD

_FEWEST = 5
_MANY = 30_000
_SAMPLE = 3_000
_ENOUGH = 100
# The share of a normal distribution that lies one standard deviation below its middle, and a hundredth with its distance.
_ONE_BELOW = 0.1587
_FAR_BELOW = 0.01
_FAR = 2.326
# Half a dozen measures ask for the noise of the same curve, and for a million values that takes 10 ms.
_SCATTERS: WeakKeyDictionary[Curve, float] = WeakKeyDictionary()


def finite(curve: Curve) -> Curve:
    """The curve without what is not finite."""
    kept = np.isfinite(curve.values)
    return curve if kept.all() else part(curve, np.flatnonzero(kept))


def part(curve: Curve, places: slice | Integers) -> Curve:
    """Some values of a curve."""
    return replace(curve, steps=curve.steps[places], values=curve.values[places], lines=curve.lines[places])


def median(values: Floats) -> float:
    """The median, as numpy tells it; of many values in a fifth of the time, by looking for it only where a sample says that it is.

    Args:
        values: Shape (n,), n > 0.
    """
    count = len(values)
    if count < _MANY or np.isnan(np.max(values)):
        return float(np.median(values))
    sample = np.sort(values[:: count // _SAMPLE])
    # Twice the root of the sample's size is four standard errors of the rank of the middle.
    middle, margin = len(sample) // 2, 2 * math.isqrt(len(sample))
    low, high = sample[middle - margin], sample[middle + margin]
    below, near = int(np.count_nonzero(values < low)), values[(values >= low) & (values <= high)]
    first, last = (count - 1) // 2 - below, count // 2 - below
    if first < 0 or last >= len(near):
        return float(np.median(values))
    return float(np.mean(np.partition(near, (first, last))[first : last + 1]))


def scatter(values: Floats) -> float:
    """The standard deviation of the noise, from the differences of neighbours: a trend hardly enters, and no spike does.

    Where more than half of the differences are zero, as in rounded logs, the scale is that of the others times their share.

    Args:
        values: Shape (n,), finite.
    """
    if len(values) < 3:
        return 0.0
    differences = np.diff(values)
    away = np.abs(differences - median(differences))
    middle = median(away)
    if middle > 0:
        return MAD_TO_STD * middle / math.sqrt(2)
    return float(np.mean(away)) / math.sqrt(2)


def scatter_of(curve: Curve) -> float:
    """The scatter of all values of a curve, told once.

    Args:
        curve: A curve, finite.
    """
    if curve not in _SCATTERS:
        _SCATTERS[curve] = scatter(curve.values)
    return _SCATTERS[curve]


def medians_before(values: Floats, size: int) -> Floats:
    """For each value the median of the block before its own; in the first block that of its own. Blocks keep this fast for a million values.

    Args:
        values: Shape (n,), finite.
        size: How many values make a block.
    """
    count = max(1, len(values) // size)
    # Sorting short rows takes a fifth of the time of `np.median` along an axis.
    rows = np.sort(values[: count * size].reshape(count, -1), axis=1)
    width = rows.shape[1]
    medians = np.mean(rows[:, (width - 1) // 2 : width // 2 + 1], axis=1)
    return np.repeat(np.concatenate([medians[:1], medians]), size)[: len(values)]


def scales_below(values: Floats, size: int, window: int) -> Floats:
    """The standard deviation of the noise around each value, as it shows below the level: spikes go up, and do not enter.

    Of a heavy tail the hundredth value counts, where it lies further off than that of a normal distribution.

    Args:
        values: Shape (n,), finite.
        size: How many values make a level.
        window: Over how many values the noise is told.
    """
    count = max(1, len(values) // size)
    centres = (np.arange(count) + 0.5) * size
    level = np.interp(np.arange(len(values)), centres, np.median(values[: count * size].reshape(count, -1), axis=1))
    scales = []
    for away in np.array_split(level - values, max(1, len(values) // window)):
        usual, far = len(away) - 1 - round(_ONE_BELOW * len(away)), len(away) - 1 - round(_FAR_BELOW * len(away))
        ordered = np.partition(away, (usual, far))
        scales.append(np.full(len(away), max(0.0, ordered[usual], ordered[far] / _FAR)))
    return np.concatenate(scales)


def resolution(values: Floats) -> float:
    """The smallest difference between two values that differ; 0 where none do."""
    steps = np.diff(np.unique(values))
    return float(steps.min()) if len(steps) else 0.0


def samples_behind(curve: Curve, *, quantity: str, stated: int | None = None, fewest: int, most: int, chance: float) -> Readings:
    """On how many samples a share was computed: the smallest number of which every value is a whole count.

    Values are in doubt by half of their last decimal, so with many samples a number would fit by chance; one is told only where it would not.
    All counts may by chance have a common divisor: what is told is a divisor of the true number, which errs to the side of more noise.

    Args:
        curve: The dev metric.
        quantity: The kind of metric that is a share, as `kb/roles.yaml` names it.
        stated: The number as somebody states it; then nothing is told.
        fewest: How many different values it takes.
        most: The largest number that is looked for.
        chance: The expected count of wrong numbers up to the one told.
    """
    whole = finite(curve)
    if stated is not None or curve.quantity != quantity or not len(whole):
        return {}
    shares = np.unique(whole.values / (100.0 if np.max(whole.values) > 1 else 1.0))
    if len(shares) < fewest or shares[0] < 0:
        return {}
    shares = shares[:: max(1, len(shares) // _ENOUGH)]
    counts = np.arange(2, most + 1)
    doubt = _doubt(shares) * counts
    away = np.abs(shares[:, None] * counts - np.round(shares[:, None] * counts))
    fits = np.all(away <= doubt * (1 + 1e-6), axis=0)
    by_chance = np.cumsum(np.minimum(1.0, 2 * doubt) ** len(shares))
    place = int(np.argmax(fits))
    return {"count": over(whole, int(counts[place]))} if fits[place] and by_chance[place] <= chance else {}


def _doubt(shares: Floats) -> float:
    """How far shares may be from what they were before they were written down."""
    exact = 1e-7
    return next((0.5 * 10.0**-digits for digits in range(1, 7) if np.allclose(shares, np.round(shares, digits), rtol=0, atol=exact)), exact)


def neighbours(curve: Curve, *, late: float) -> Readings:
    """How far neighbouring evaluations lie apart once the fast progress is over.

    Args:
        curve: The evaluations.
        late: Which share of them, from the end.
    """
    whole = finite(curve)
    if len(whole) < _FEWEST:
        return {}
    start = len(whole) - max(_FEWEST, round(late * len(whole)))
    values = whole.values[start:]
    return {"noise": over(whole, max(scatter(values) * np.sqrt(2), resolution(values)), start)}


def relative_noise(curve: Curve, *, late: float) -> Readings:
    """The noise of single steps, against the level.

    Args:
        curve: The loss.
        late: Which share of the values, from the end.
    """
    whole = finite(curve)
    start = len(whole) - round(late * len(whole))
    values = whole.values[start:]
    level = abs(median(values)) if len(values) else 0.0
    return {"share": over(whole, scatter(values) / level, start)} if len(values) >= _FEWEST and level > 0 else {}
